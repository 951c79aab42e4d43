// The API with commands that a test declares itself, where a real command would hide the point: a
// small world, manual time, a client for a root admin and for an ordinary user.
import { Api } from '../../simulator/api/api.js';
import { JOB_EXPIRY_TASK, JOB_STEP_TASK } from '../../simulator/api/job-tasks.js';
import type { AnyCommand } from '../../simulator/declare/command.js';
import { parseClockMode } from '../../simulator/kernel/clock.js';
import { Kernel } from '../../simulator/kernel/kernel.js';
import { queryAsyncJobResult } from '../../simulator/commands/job/query-async-job-result.js';
import { buildWorld } from '../../simulator/world/description/build-world.js';
import { parseWorldDescription } from '../../simulator/world/description/parse-world-description.js';
import type { UserRow } from '../../simulator/world/entities.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import type { World } from '../../simulator/world/world.js';
import { TestClient, keysOf, type Reachable } from './simulator-client.js';

/** The host's time in these tests: by it the expiry of a signature is judged. */
export const HOST_NOW_MS = Date.parse('2026-05-01T10:00:00Z');

export const smallWorld: WorldDescriptionInput = {
  accounts: [
    { name: 'admin', role: 'Admin', apiKey: 'admin-key', secretKey: 'admin-secret' },
    { name: 'bosh', role: 'User', apiKey: 'bosh-key', secretKey: 'bosh-secret' },
    { name: 'other', role: 'User', apiKey: 'other-key', secretKey: 'other-secret' },
  ],
  zones: [
    {
      name: 'zone1',
      pods: [{ name: 'pod1', clusters: [{ name: 'cluster1', hosts: [{ name: 'host1' }] }] }],
    },
  ],
  diskOfferings: [{ name: 'small', sizeGib: 1 }],
};

export interface SmallApi extends Reachable {
  readonly world: World;
  readonly faults: unknown[];
  readonly clientOf: (account: string) => TestClient;
}

export interface SmallApiOptions {
  readonly loose?: boolean;
  readonly clock?: string;
  readonly world?: WorldDescriptionInput;
}

export function smallApi(commands: readonly AnyCommand[], options: SmallApiOptions = {}): SmallApi {
  const description = parseWorldDescription(options.world ?? smallWorld, 'The small world');
  const kernel = new Kernel({
    seed: 1,
    startMs: Date.parse(description.startTime),
    mode: parseClockMode(options.clock ?? 'manual')!,
    hostNowMs: () => HOST_NOW_MS,
  });
  const world = buildWorld(kernel, description);
  const faults: unknown[] = [];
  const api = new Api({
    world,
    commands: [...commands, queryAsyncJobResult],
    origin: () => 'http://cloudstack.test',
    loose: options.loose ?? false,
    onFault: (error) => faults.push(error),
  });
  kernel.onTask(({ kind, args }) => {
    const jobId = args['jobId'] as string;
    if (kind === JOB_STEP_TASK) api.jobs.runStep(jobId);
    if (kind === JOB_EXPIRY_TASK) api.jobs.expire(jobId);
  });
  const reachable = {
    kernel,
    hostNowMs: HOST_NOW_MS,
    dispatch: (request: Parameters<Api['dispatch']>[0]) => api.dispatch(request),
  };
  return {
    ...reachable,
    world,
    faults,
    clientOf: (name) => new TestClient(reachable, keysOf(userOf(world, name))),
  };
}

function userOf(world: World, accountName: string): UserRow {
  const account = world.accounts.all().find((row) => row.name === accountName)!;
  return world.users.all().find((row) => row.accountId === account.id)!;
}
