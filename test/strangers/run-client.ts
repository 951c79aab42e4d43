// Runs a client's flow against a simulator of its own, and looks afterwards at what the simulator
// saw and holds: a flow that reached nobody, or left something behind, has not worked.
import { execFile } from 'node:child_process';
import { readParameters } from '../../simulator/api/request-parameters.js';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { listen } from '../../simulator/doors/listen.js';
import { keysOf } from '../support/simulator-client.js';
import { assertSound } from '../support/sound-world.js';
import { flowPath, type Client } from './clients.js';

export type Outcome =
  | { readonly kind: 'not installed' }
  | { readonly kind: 'worked'; readonly version: string; readonly commands: readonly string[] }
  | { readonly kind: 'failed'; readonly version: string; readonly reason: string };

/** A flow that takes longer has got stuck. */
const FLOW_TIMEOUT_MS = 180_000;

export async function runClient(client: Client): Promise<Outcome> {
  const installed = await probe(client);
  if (installed === undefined) return { kind: 'not installed' };
  const { version, program } = installed;
  const unsimulated: string[] = [];
  const simulator = createSimulator({
    seed: 1,
    clock: 'on-poll',
    onUnsimulatedCommand: (name) => unsimulated.push(name),
    ...(client.world === undefined ? {} : { world: client.world }),
  });
  const commands = noteCommands(simulator);
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  try {
    await run(client, program, origin, simulator);
    if (unsimulated.length > 0) throw new Error(`not simulated: ${unsimulated.join(', ')}`);
    assertNothingLeft(simulator, commands);
    return { kind: 'worked', version, commands: [...commands].sort() };
  } catch (error) {
    const missing = unsimulated.map((name) => `\nnot simulated: ${name}`).join('');
    return { kind: 'failed', version, reason: `${String(error)}${missing}` };
  } finally {
    await close();
  }
}

interface Installed {
  readonly version: string;
  /** The program of the probe that succeeded. */
  readonly program: string;
}

/** The first of the probes that tells a version. */
export async function probe({ probes }: Pick<Client, 'probes'>): Promise<Installed | undefined> {
  for (const [program = '', ...args] of probes) {
    const said = await output(program, args, {}).catch(() => '');
    const [version] = /\d+(?:\.\d+)+/.exec(said) ?? [];
    if (version !== undefined) return { version, program };
  }
  return undefined;
}

async function run(
  { command, environment }: Client,
  probed: string,
  origin: string,
  simulator: Simulator,
): Promise<void> {
  const [program = '', ...args] = command;
  const { apiKey, secretKey } = keysOf(simulator.userWithRole('User'));
  await output(program === 'PROBE' ? probed : program, args, {
    ...environment,
    CLOUDSTACK_ENDPOINT: `${origin}/client/api`,
    CLOUDSTACK_KEY: apiKey,
    CLOUDSTACK_SECRET: secretKey,
    NO_PROXY: '127.0.0.1',
  });
}

/** What a program writes to stdout; throws with all that it wrote unless it ends with 0. */
export async function output(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd = flowPath(''),
): Promise<string> {
  const options = {
    env: { ...process.env, ...environment },
    cwd,
    timeout: FLOW_TIMEOUT_MS,
  };
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
    });
    // Some other program of the same name may wait for input.
    child.stdin?.end();
  });
}

/** The names of the commands that the simulator is asked for from now on. */
function noteCommands(simulator: Simulator): ReadonlySet<string> {
  const commands = new Set<string>();
  const dispatch = simulator.dispatch.bind(simulator);
  simulator.dispatch = (request) => {
    commands.add(readParameters(request).get('command') ?? '(none)');
    return dispatch(request);
  };
  return commands;
}

/** More than `expunge.delay` and `expunge.interval`, which both are a day. */
const EXPUNGED_MS = 3 * 24 * 60 * 60 * 1_000;

/** Throws unless the world is sound, and nothing of the flow is left once VMs are expunged. */
function assertNothingLeft(simulator: Simulator, commands: ReadonlySet<string>): void {
  for (const command of ['deployVirtualMachine', 'destroyVirtualMachine']) {
    if (!commands.has(command)) throw new Error(`${command} was never called`);
  }
  simulator.kernel.advanceBy(EXPUNGED_MS);
  assertSound(simulator);
  const { vms, volumes, affinityGroups, sshKeyPairs } = simulator.world;
  const left = [vms, volumes, affinityGroups, sshKeyPairs]
    .flatMap((table): readonly { name: string; removedMs: number | null }[] => table.all())
    .filter(({ removedMs }) => removedMs === null);
  if (left.length > 0) throw new Error(`left behind: ${left.map(({ name }) => name).join(', ')}`);
}
