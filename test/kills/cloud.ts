// The simulator as a process of its own, in which others live, too: another Director, and an
// operator who uses the account by hand. Nothing of theirs may change.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSimulator, type Simulator } from '../../simulator/simulator.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import type { SettingValues } from '../../simulator/world/settings/parse-setting.js';
import { unmeasured } from '../support/coverage.js';
import { startZone, type CpiZone } from '../support/cpi-zone.js';

const program = fileURLToPath(
  new URL('../../dist/bundle/cloudstack-simulator.js', import.meta.url),
);

export interface CloudOptions {
  readonly seed: number;
  /** Where its files go. */
  readonly folder: string;
  /**
   * `on-poll`, where jobs of the dead go on with the next move of time, or `scaled:N`, by
   * themselves.
   */
  readonly clock: string;
  readonly mayExpunge: boolean;
  /** Where images are uploaded to; the cloud itself unless given. */
  readonly uploadUrl?: string;
  readonly settings?: SettingValues;
  /** Starts the program, with pipes from its stdout and stderr. */
  readonly start?: (args: readonly string[]) => ChildProcess;
}

export interface Cloud extends AsyncDisposable {
  readonly origin: string;
  /** Where it is controlled: `…/_sim`. */
  readonly control: string;
  readonly user: { readonly apiKey: string; readonly secretKey: string };
  /** Moves its time. */
  readonly advance: (ms: number) => Promise<void>;
  /** What must be true of every world and is not. */
  readonly violations: () => Promise<readonly string[]>;
  /** Its world, to be looked into. */
  readonly look: () => Promise<Simulator>;
}

const otherDirector = {
  properties: { director_uuid: 'ffffffff-0000-4000-8000-000000000001' },
};

/** Starts a cloud in which others have things. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { folder, clock, start = startProgram } = options;
  const world = join(folder, 'world.json');
  writeFileSync(world, JSON.stringify(await worldOfOthers(options)));
  const ready = join(folder, 'ready.json');
  const args = ['--port', '0', '--load', world, '--clock', clock, '--ready-file', ready];
  const child = start(args);
  let output = '';
  const greeted = new Promise<void>((resolve) => {
    const hear = (text: Buffer): void => void (output += text.toString());
    child.stderr?.on('data', hear);
    child.stdout?.on('data', hear).once('data', resolve);
  });
  const closed = once(child, 'close');
  // It greets when the file is there.
  await Promise.race([greeted, closed]);
  if (child.exitCode !== null) throw new Error(`the simulator ended: ${output}`);
  const { endpoint, control, user } = JSON.parse(readFileSync(ready, 'utf8')) as Ready;
  return {
    origin: new URL(endpoint).origin,
    control,
    user,
    advance: async (advanceMs) => {
      await json(`${control}/clock`, { advanceMs });
    },
    violations: async () =>
      ((await json(`${control}/invariants`)) as { violations: string[] }).violations,
    look: async () => {
      const simulator = createSimulator();
      simulator.load(await json(`${control}/snapshot`));
      return simulator;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await closed;
      if (/Error|^\s+at /m.test(output)) throw new Error(`faults of the simulator:\n${output}`);
    },
  };
}

function startProgram(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: unmeasured,
  });
}

interface Ready {
  readonly endpoint: string;
  readonly control: string;
  readonly user: Cloud['user'];
}

async function json(url: string, body?: object): Promise<unknown> {
  const response = await fetch(
    url,
    body === undefined
      ? {}
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
  );
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

async function worldOfOthers(options: CloudOptions): Promise<unknown> {
  const { seed, mayExpunge, uploadUrl } = options;
  const settings = {
    'allow.user.expunge.recover.vm': mayExpunge,
    'kvm.snapshot.enabled': true,
    ...(uploadUrl !== undefined && { 'ssvm.uploadUrl': uploadUrl }),
    ...options.settings,
  };
  await using zone = await startZone({ seed, world: { ...advancedKvm, settings } }, 'direct');
  await thingsOfAnotherDirector(zone);
  thingsOfAnOperator(zone);
  zone.simulator.kernel.advanceBy(settledAfterMs);
  return zone.simulator.save();
}

const settledAfterMs = 3_600_000;

async function thingsOfAnotherDirector(zone: CpiZone): Promise<void> {
  const agentId = 'e0000000-0000-4000-8000-000000000009';
  const networks = { a: manualNetwork('10.203.6.90') };
  const properties = { ephemeral_disk_offering: 'ephemeral', disk: 1024, affinity_group: 'other' };
  const vm = vmArguments({ agentId, networks, properties });
  const [cid] = (await zone.result('create_vm', vm, otherDirector)) as [string];
  await zone.result('set_vm_metadata', [cid, { director: 'other', name: 'db/0' }], otherDirector);
  const size = [1024, { disk_offering: 'shared.custom' }, null];
  const disk = await zone.result('create_disk', size, otherDirector);
  await zone.result('attach_disk', [cid, disk], otherDirector);
  await zone.result('snapshot_disk', [disk, { director: 'other' }], otherDirector);
}

/** Things without any mark, some of them by names like ours. */
function thingsOfAnOperator({ user, simulator: { world } }: CpiZone): void {
  const [zone] = world.zones.all();
  const network = world.networks.all().find(({ name }) => name === 'NET_CS');
  const offering = (name: string): string =>
    world.diskOfferings.all().find((one) => one.name === name)?.id ?? '';
  const zoneid = zone?.id ?? '';
  user.done('deployVirtualMachine', {
    zoneid,
    name: 'vm-of-operator',
    serviceofferingid:
      world.serviceOfferings.all().find(({ name }) => name === 'm1.small')?.id ?? '',
    templateid: world.templates.all()[0]?.id ?? '',
    networkids: network?.id ?? '',
  });
  user.done('createVolume', {
    zoneid,
    name: 'disk-of-operator',
    diskofferingid: offering('shared.custom'),
    size: 2,
  });
  user.done('associateIpAddress', { networkid: network?.id ?? '' });
  user.call('createSSHKeyPair', { name: 'operator' });
}
