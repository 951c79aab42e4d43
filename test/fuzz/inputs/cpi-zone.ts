// A zone for calls of the CPI with any input and any configuration, in virtual time, from which
// nothing leads out of this process.
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { answerInfo } from '../../../cpi/methods/call/answer-info.js';
import type { CallSurroundings } from '../../../cpi/methods/call/open-call.js';
import { runCall } from '../../../cpi/methods/call/run-call.js';
import { boshErrorTypes } from '../../../cpi/protocol/bosh-error.js';
import { Redactor } from '../../../cpi/protocol/redactor.js';
import { inProcess } from '../../../simulator/doors/in-process.js';
import { createSimulator, type Simulator } from '../../../simulator/simulator.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { differences, leadsNowhere, possessionsOf } from '../../crash/possessions.js';
import { subnet, type CreatedNetwork } from '../../cpi/methods/network-requests.js';
import { runTogether, type Lane } from '../../proof/virtual-time.js';
import { expungedAfterMs } from '../../support/expunged-after.js';
import { canariesIn } from '../../support/canaries.js';
import { startZone } from '../../support/cpi-zone.js';
import {
  attachedDisk,
  create,
  createDisk,
  warmNetwork,
  otherAgent,
} from '../../crash/made-before.js';
import { manualNetwork } from '../../cpi/methods/vm-requests.js';
import type { There } from './cpi-requests.js';
import { wrongInText, type Outcome } from './subject.js';

export interface FuzzedCpi {
  readonly there: There;
  /** The keys of its account. */
  readonly keys: { readonly apiKey: string; readonly secretKey: string };
  /** Answers a request; then the zone is as it was. */
  readonly call: (input: string, configuration: string) => Promise<Outcome>;
  readonly close: () => void;
}

/** `image` is the path of a stemcell's image. */
export async function openFuzzedCpi(image: string, keys: FuzzedCpi['keys']): Promise<FuzzedCpi> {
  const { saved, ...things } = await populated(keys);
  let worldTimeMs = (): number => 0;
  const simulator = createSimulator({
    ...{ seed: 1, clock: 'on-poll', fetchImage: unreachable },
    // Signatures expire by the time of calls, which is that of the world.
    hostNowMs: () => worldTimeMs(),
  });
  worldTimeMs = () => simulator.kernel.nowMs;
  simulator.load(saved);
  const rewind = simulator.bookmark();
  simulator.kernel.advanceBy(expungedAfterMs);
  const settled = possessionsOf(simulator);
  rewind();
  const startSeq = simulator.kernel.log.lastSeq;
  return {
    there: { ...things, image },
    keys,
    call: async (input, configuration) => {
      const told: string[] = [];
      const [answer = ''] = await runTogether(worldTimeOf(simulator), [
        (lane) => answerOf(simulator, lane, input, configuration, told),
      ]);
      const outcome = judged(answer, told);
      if (simulator.kernel.log.lastSeq === startSeq) return outcome;
      const wrong = outcome.wrong ?? left(simulator, settled, outcome, answer);
      rewind();
      return { ...outcome, wrong };
    },
    close: () => {
      simulator.close();
    },
  };
}

async function populated(
  keys: FuzzedCpi['keys'],
): Promise<Omit<There, 'image'> & { readonly saved: unknown }> {
  const accounts = advancedKvm.accounts.map((account) =>
    account.role === 'User' ? { ...account, ...keys } : account,
  );
  const settings = { 'kvm.snapshot.enabled': true, 'allow.user.expunge.recover.vm': true };
  const world = { ...advancedKvm, accounts, settings };
  await using zone = await startZone({ world }, 'direct');
  await warmNetwork(zone);
  const [vm, disk] = await attachedDisk(zone);
  const free = await createDisk(zone);
  const [other] = await create(zone, {
    agentId: otherAgent,
    networks: { a: manualNetwork('10.203.6.51') },
  });
  await zone.result('attach_disk', [other, free]);
  await zone.result('detach_disk', [other, free]);
  const snapshot = (await zone.result('snapshot_disk', [disk, { director: 'd' }])) as string;
  const [network] = (await zone.result('create_network', subnet())) as CreatedNetwork;
  const light = { name: 'jammy', light_template: 'ubuntu-jammy' };
  const stemcell = (await zone.result('create_stemcell', ['/none', light])) as string;
  zone.simulator.kernel.advanceUntilIdle();
  return { vm, disk, free, snapshot, network, stemcell, saved: zone.simulator.save() };
}

/** What is to be downloaded never comes. */
function unreachable(): Promise<never> {
  return new Promise<never>(() => undefined);
}

function worldTimeOf({ kernel }: Simulator): { nowMs: number; advanceBy(ms: number): void } {
  return {
    get nowMs() {
      return kernel.nowMs;
    },
    advanceBy: (ms) => {
      kernel.advanceBy(ms);
    },
  };
}

/** As the program does it: `info` is answered by itself. */
async function answerOf(
  simulator: Simulator,
  lane: Lane,
  input: string,
  configuration: string,
  told: string[],
): Promise<string> {
  const redactor = new Redactor();
  const surroundings: CallSurroundings = {
    readConfiguration: () => configuration,
    createTransport: () => transportTo(simulator),
    openImageServer: () => Promise.reject(addressInUse()),
    clock: lane,
    random: () => 0,
    newId: () => '00000000-0000-4000-8000-000000000001',
    networkInterfaces: () => [{ ip: '192.0.2.1', mac: '00:11:22:33:44:55' }],
    signal: new AbortController().signal,
  };
  const writeDiagnostic = (line: string): void => void told.push(redactor.redact(line));
  const early = await answerInfo(input);
  return early ?? (await runCall({ ...surroundings, input, writeDiagnostic, redactor }));
}

function transportTo(simulator: Simulator): Transport {
  const answer = inProcess(simulator);
  return {
    close: () => undefined,
    send: async ({ method, url, headers = {}, body = '' }) => {
      const { pathname, host } = new URL(url);
      if (typeof body !== 'string' || pathname !== '/client/api') {
        throw new TransportError('refused', 'no', `${host} refused the connection`);
      }
      return Promise.resolve(answer({ method, url, headers, body }));
    },
  };
}

function addressInUse(): Error {
  return Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
}

/** What is wrong with an answer, whatever was asked. */
export function judged(answer: string, told: readonly string[]): Outcome {
  if (/[\n\r]/.test(answer)) return { kind: 'no line', wrong: `not one line: ${answer}` };
  const canaries = canariesIn([answer, ...told].join('\n'));
  if (canaries.length > 0) return { kind: 'secret', wrong: `it tells ${canaries.join()}` };
  let response: Partial<{ result: unknown; error: Failure | null; log: unknown }>;
  try {
    response = JSON.parse(answer) as typeof response;
  } catch {
    return { kind: 'no JSON', wrong: `no JSON: ${answer.slice(0, 300)}` };
  }
  const { error, log } = response;
  if (Object.keys(response).sort().join() !== 'error,log,result' || typeof log !== 'string') {
    return { kind: 'no response', wrong: `no response: ${answer.slice(0, 300)}` };
  }
  if (error === null) return { kind: 'success' };
  return { kind: String(error?.type), wrong: wrongInError(error, response.result, log) };
}

interface Failure {
  readonly type: unknown;
  readonly message: unknown;
  readonly ok_to_retry: unknown;
}

const types: ReadonlySet<string> = new Set(boshErrorTypes.map((type) => `Bosh::Clouds::${type}`));

function wrongInError(
  error: Failure | undefined,
  result: unknown,
  log: string,
): string | undefined {
  if (error === undefined || result !== null) return 'neither a result nor an error alone';
  const { type, message, ok_to_retry: again } = error;
  if (!types.has(String(type))) return `an unknown type: ${String(type)}`;
  if (typeof message !== 'string' || typeof again !== 'boolean') return 'a malformed error';
  if (message.includes('fault of the CPI')) return `a fault: ${message.slice(0, 400)}\n${log}`;
  return wrongInText(message);
}

/** A call that fails leaves nothing, unless it says so. */
function left(
  simulator: Simulator,
  settled: readonly string[],
  { kind }: Outcome,
  answer: string,
): string | undefined {
  if (kind === 'success' || answer.includes('could be undone')) return undefined;
  simulator.kernel.advanceBy(expungedAfterMs);
  const found = [
    ...differences(settled, possessionsOf(simulator)),
    ...leadsNowhere(simulator),
  ].filter((line) => mayNotStay(line, answer));
  if (found.length === 0) return undefined;
  return `a call that fails changes something: ${found.join('; ')}\n${answer.slice(0, 400)}`;
}

/** A call of these may fail half-way through what was asked of it. */
function mayNotStay(line: string, answer: string): boolean {
  const isHalfDone = /(?:delete_|detach_|set_\w+_metadata|reboot_vm)/.test(answer);
  return !isHalfDone || !line.startsWith('gone:');
}
