import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudClient } from '../cloud/client.js';
import { cloudOperator } from '../cloud/operator.js';
import { readCloud } from '../cloud/cloud-view.js';
import { installCpi, nodeCommand, type CpiProgram } from '../director/cpi-process.js';
import { stemcellImage } from '../stemcell/stemcell-image.js';
import type { JsonObject } from '../json.js';
import type { Paint } from '../paint.js';
import { bootPrograms, passwords, type BootOptions, type Programs } from './boot.js';
import { CallerSession } from './caller-session.js';
import { failureText } from './failure.js';
import { lifecycle } from './lifecycle.js';
import { runPhases } from './progress.js';
import { addresses, callTable } from './summary.js';

export interface TourOptions extends BootOptions {
  /** End after the lifecycle instead of staying up until `signal` is aborted. */
  readonly once: boolean;
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

const mbusPassword = 'mbus-password-of-the-tour';
const operatorPauseMs = 50;

/**
 * Boots a simulator and the servers of the CPI, leads a Director's VM and a deployment through their
 * lives by the CPI executable, and tells what happened. Answers whether all went well.
 */
export async function runTour(options: TourOptions): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-tour-'));
  const booted: { stop: () => Promise<void> }[] = [];
  try {
    const programs = await bootPrograms(options, folder, (program) => booted.push(program));
    const isGood = await live(options, programs, folder);
    if (!options.once) await stayUp(options, programs);
    return isGood;
  } finally {
    for (const program of booted) await program.stop();
    rmSync(folder, { recursive: true, force: true });
  }
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
    const secrets = [...keys, mbusPassword, ...passwords];
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
      'bosh-cli': install(options, programs, join(folder, 'installation'), {
        agent: { mbus: mbus.https, ntp },
      }),
      'bosh-director': install(options, programs, join(folder, 'director'), {
        agent: { mbus: mbus.nats, ntp },
        ...programs.stemcellServer.sections,
      }),
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
    stemcellServer: programs.stemcellServer,
    pause: clock.pause,
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
const ntp = ['0.pool.ntp.org'];

function install(
  { paths, nodePath, environment, clock, signal }: TourOptions,
  { simulator: { endpoint, user }, registry }: Programs,
  folder: string,
  more: JsonObject,
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
      registry: registry.section,
      ...more,
    },
  });
  return { executable, cwd: folder, environment, nowMs: clock.nowMs, signal };
}

/** Until somebody ends us, or one of the programs. */
async function stayUp(
  { signal, writeResult }: TourOptions,
  { simulator, registry, stemcellServer }: Programs,
): Promise<void> {
  if (signal.aborted) return;
  const interrupted = new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
  writeResult(
    `\n${addresses(simulator, registry, stemcellServer)}\n\n` +
      'The simulator, the registry and the stemcell server stay up until Ctrl-C.\n',
  );
  await Promise.race([interrupted, simulator.ended, registry.ended, stemcellServer.ended]);
}
