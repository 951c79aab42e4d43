import { createServer } from 'node:net';
import type { PackagePaths } from '../target/programs.js';
import { startRegistry, type RunningRegistry } from '../target/registry.js';
import { startSimulator, type RunningSimulator } from '../target/simulator.js';
import { startStemcellServer, type RunningStemcellServer } from '../target/stemcell-server.js';
import type { ProgressOutput } from './progress.js';

export interface BootOptions {
  readonly paths: PackagePaths;
  readonly nodePath: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Of the simulator. Undefined: 8080 if it is free, otherwise any. */
  readonly port: number | undefined;
  readonly progress: ProgressOutput;
  readonly clock: { readonly pause: (ms: number) => Promise<unknown> };
}

/** What the tour runs beside the CPI. */
export interface Programs {
  readonly simulator: RunningSimulator;
  readonly registry: RunningRegistry;
  readonly stemcellServer: RunningStemcellServer;
}

const usualPort = 8080;
/** World time against host time: fast enough to watch, slow enough to see states pass. */
const timeFactor = 20;
const settings = {
  // By default CloudStack takes no snapshots of disks of running VMs on KVM.
  'kvm.snapshot.enabled': true,
  // By default its secondary storage downloads nothing from the machine that it runs on.
  'ssvm.allowLoopback': true,
};
const credentials = {
  registry: { username: 'registry', password: 'registry-password-of-the-tour' },
  stemcellServer: { username: 'stemcells', password: 'stemcells-password-of-the-tour' },
};

/** The passwords of the programs, which no output may show. */
export const passwords = Object.values(credentials).map(({ password }) => password);

/** Starts the programs one after another, hands each to `onBoot` at once, and tells where it is. */
export async function bootPrograms(
  options: BootOptions,
  folder: string,
  onBoot: (program: { stop: () => Promise<void> }) => void,
): Promise<Programs> {
  const { paths, nodePath, environment, clock, progress } = options;
  const common = { nodePath, folder, environment, pause: clock.pause };
  const simulator = await startSimulator({
    ...common,
    program: paths.simulator,
    port: options.port ?? ((await isFree(usualPort)) ? usualPort : 0),
    clock: `scaled:${timeFactor}`,
    settings,
  });
  onBoot(simulator);
  progress.stream.write(
    `CloudStack simulator at ${simulator.endpoint}\n` +
      `Its time runs ${timeFactor} times as fast as real time.\n` +
      `The CPI runs as an ordinary user, who may not expunge VMs.\n` +
      `Disks of running VMs may have snapshots (setting kvm.snapshot.enabled).\n` +
      `Images may be downloaded from this machine (setting ssvm.allowLoopback).\n`,
  );
  const registry = await startRegistry({
    ...common,
    program: paths.registry,
    credentials: credentials.registry,
  });
  onBoot(registry);
  progress.stream.write(`Registry of agents of API version 1 at ${registry.endpoint}\n`);
  const stemcellServer = await startStemcellServer({
    ...common,
    program: paths.stemcellServer,
    credentials: credentials.stemcellServer,
  });
  onBoot(stemcellServer);
  progress.stream.write(`Stemcell server of the Director at ${stemcellServer.endpoint}\n`);
  return { simulator, registry, stemcellServer };
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
