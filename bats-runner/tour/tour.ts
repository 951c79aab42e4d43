import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudClient } from '../cloud/client.js';
import { cloudOperator } from '../cloud/operator.js';
import { readCloud } from '../cloud/cloud-view.js';
import { installCpi, nodeCommand, type CpiProgram } from '../director/cpi-process.js';
import { stemcellImage } from '../stemcell/stemcell-image.js';
import type { PackagePaths } from '../target/programs.js';
import { startRegistry, type RunningRegistry } from '../target/registry.js';
import { startSimulator, type RunningSimulator } from '../target/simulator.js';
import type { Paint } from '../paint.js';
import { CallerSession } from './caller-session.js';
import { failureText } from './failure.js';
import { lifecycle } from './lifecycle.js';
import { runPhases, type ProgressOutput } from './progress.js';
import { addresses, callTable } from './summary.js';

export interface TourOptions {
  readonly paths: PackagePaths;
  readonly nodePath: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Undefined: 8080 if it is free, otherwise any. */
  readonly port: number | undefined;
  /** End after the lifecycle instead of staying up until `signal` is aborted. */
  readonly once: boolean;
  readonly progress: ProgressOutput;
  /** Takes the result. */
  readonly writeResult: (text: string) => void;
  readonly resultPaint: Paint;
  readonly clock: {
    readonly nowMs: () => number;
    readonly nowIso: () => string;
    readonly pause: (ms: number) => Promise<unknown>;
  };
  readonly newId: () => string;
  readonly signal: AbortSignal;
}

const usualPort = 8080;
/** World time against host time: fast enough to watch, slow enough to see states pass. */
const timeFactor = 20;
const mbusPassword = 'mbus-password-of-the-tour';
const registryCredentials = {
  username: 'registry',
  password: 'registry-password-of-the-tour',
};
const operatorPauseMs = 50;
/** By default CloudStack takes no snapshots of disks of running VMs on KVM. */
const settings = { 'kvm.snapshot.enabled': true };

/**
 * Boots a simulator, leads a Director's VM and a deployment through their lives by the CPI
 * executable, and tells what happened. Answers whether all went well.
 */
export async function runTour(options: TourOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-tour-'));
  const booted: { stop: () => Promise<void> }[] = [];
  try {
    const simulator = await boot(options, folder);
    booted.push(simulator);
    const registry = await bootRegistry(options, folder);
    booted.push(registry);
    const isGood = await live(options, { simulator, registry }, folder);
    if (!options.once) await stayUp(options, { simulator, registry });
    return isGood;
  } finally {
    for (const program of booted) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function boot(options: TourOptions, folder: string): Promise<RunningSimulator> {
  const { paths, nodePath, environment, clock, progress } = options;
  const port = options.port ?? ((await isFree(usualPort)) ? usualPort : 0);
  const simulator = await startSimulator({
    program: paths.simulator,
    nodePath,
    folder,
    port,
    clock: `scaled:${timeFactor}`,
    settings,
    environment,
    pause: clock.pause,
  });
  progress.stream.write(
    `CloudStack simulator at ${simulator.endpoint}\n` +
      `Its time runs ${timeFactor} times as fast as real time.\n` +
      `The CPI runs as an ordinary user, who may not expunge VMs.\n` +
      `Disks of running VMs may have snapshots (setting kvm.snapshot.enabled).\n`,
  );
  return simulator;
}

async function bootRegistry(
  { paths, nodePath, environment, clock, progress }: TourOptions,
  folder: string,
): Promise<RunningRegistry> {
  const registry = await startRegistry({
    program: paths.registry,
    nodePath,
    folder,
    environment,
    pause: clock.pause,
    credentials: registryCredentials,
  });
  progress.stream.write(`Registry of agents of API version 1 at ${registry.endpoint}\n`);
  return registry;
}

/** What the tour runs beside the CPI. */
interface Programs {
  readonly simulator: RunningSimulator;
  readonly registry: RunningRegistry;
}

async function live(options: TourOptions, programs: Programs, folder: string): Promise<boolean> {
  const { progress, writeResult, resultPaint, signal } = options;
  const { simulator } = programs;
  const { session, phases } = await prepare(options, programs, folder);
  const failure = await runPhases(phases, progress).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (failure !== undefined && signal.aborted) {
    progress.stream.write('\ninterrupted\n');
    return false;
  }
  if (failure !== undefined) {
    const keys = [simulator.user, simulator.admin].flatMap((account) => Object.values(account));
    const secrets = [...keys, mbusPassword, registryCredentials.password];
    const text = failureText(failure.error, secrets, `${simulator.control}/events`);
    progress.stream.write(`\n${progress.paint.bad('failed')}  ${text}\n`);
  }
  writeResult(`\n${callTable(session.calls, resultPaint)}\n\n`);
  if (failure !== undefined) return false;
  writeResult(
    "A Director's VM was created, recreated and deleted; meanwhile a deployment was\n" +
      'made, resized, repaired and deleted. Nothing is left over.\n',
  );
  return true;
}

async function prepare(
  options: TourOptions,
  programs: Programs,
  folder: string,
): Promise<{ session: CallerSession; phases: ReturnType<typeof lifecycle> }> {
  const { clock, newId } = options;
  const { endpoint, user, admin, control } = programs.simulator;
  const imagePath = join(folder, 'image');
  writeFileSync(imagePath, await stemcellImage());
  const session = new CallerSession({
    cpis: {
      'bosh-cli': install(options, programs, join(folder, 'installation'), mbus.https),
      'bosh-director': install(options, programs, join(folder, 'director'), mbus.nats),
    },
    directorUuid: newId(),
    countRequests: programs.simulator.requests,
  });
  const client = new CloudClient({ endpoint, ...user });
  const read = (): ReturnType<typeof readCloud> => readCloud(client);
  const phases = lifecycle({
    session,
    imagePath,
    startedAt: clock.nowIso(),
    newId,
    readCloud: read,
    control,
    before: await read(),
    operator: cloudOperator({
      client: new CloudClient({ endpoint, ...admin }),
      pause: () => clock.pause(operatorPauseMs),
    }),
  });
  return { session, phases };
}

/** How agents are reached: by the CLI, and by a Director. */
const mbus = {
  https: `https://mbus:${mbusPassword}@0.0.0.0:6868`,
  nats: `nats://nats:${mbusPassword}@10.203.6.10:4222`,
};

function install(
  { paths, nodePath, environment, clock, signal }: TourOptions,
  { simulator: { endpoint, user }, registry }: Programs,
  folder: string,
  mbusUrl: string,
): CpiProgram {
  mkdirSync(folder);
  const executable = installCpi({
    folder,
    command: nodeCommand(nodePath, paths.cpi),
    configuration: {
      cloudstack: {
        endpoint,
        api_key: user.apiKey,
        secret_access_key: user.secretKey,
        default_zone: 'zone1',
      },
      agent: { mbus: mbusUrl, ntp: ['0.pool.ntp.org'] },
      registry: registry.section,
    },
  });
  return { executable, cwd: folder, environment, nowMs: clock.nowMs, signal };
}

/** Until somebody ends us, or one of the programs. */
async function stayUp(
  { signal, writeResult }: TourOptions,
  { simulator, registry }: Programs,
): Promise<void> {
  if (signal.aborted) return;
  const interrupted = new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
  writeResult(
    `\n${addresses(simulator, registry)}\n\nThe simulator and the registry stay up until Ctrl-C.\n`,
  );
  await Promise.race([interrupted, simulator.ended, registry.ended]);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
