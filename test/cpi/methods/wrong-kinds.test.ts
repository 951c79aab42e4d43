// Proves that an id of another kind of thing, a name of nothing, and texts that are no ids, given as
// any CID of any method, are told as what they are, that nothing changes by them, and that the thing
// whose id it is stays; against a simulated zone that has one of each.
import { deepStrictEqual, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { possessionsOf } from '../../crash/possessions.js';
import { subnet } from './network-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

type Kind = 'vm' | 'disk' | 'snapshot' | 'stemcell' | 'network';

interface Use {
  readonly kind: Kind;
  readonly args: (cid: string, live: Readonly<Record<Kind, string>>) => readonly unknown[];
  /** A BOSH type of error, or the result of what counts as done. */
  readonly answer: string | null | false;
}

const other = { agentId: 'b0000000-0000-4000-8000-000000000002' };

const uses: Readonly<Record<string, Use>> = {
  has_vm: { kind: 'vm', args: (cid) => [cid], answer: false },
  delete_vm: { kind: 'vm', args: (cid) => [cid], answer: null },
  reboot_vm: { kind: 'vm', args: (cid) => [cid], answer: 'VMNotFound' },
  set_vm_metadata: { kind: 'vm', args: (cid) => [cid, { a: 'b' }], answer: 'VMNotFound' },
  get_disks: { kind: 'vm', args: (cid) => [cid], answer: 'VMNotFound' },
  create_disk: {
    kind: 'vm',
    args: (cid) => [1024, { disk_offering: 'shared.custom' }, cid],
    answer: 'VMNotFound',
  },
  attach_disk: { kind: 'vm', args: (cid, { disk }) => [cid, disk], answer: 'VMNotFound' },
  'attach_disk of': { kind: 'disk', args: (cid, { vm }) => [vm, cid], answer: 'DiskNotFound' },
  'detach_disk of': { kind: 'disk', args: (cid, { vm }) => [vm, cid], answer: 'DiskNotFound' },
  has_disk: { kind: 'disk', args: (cid) => [cid], answer: false },
  delete_disk: { kind: 'disk', args: (cid) => [cid], answer: null },
  resize_disk: { kind: 'disk', args: (cid) => [cid, 2048], answer: 'DiskNotFound' },
  update_disk: { kind: 'disk', args: (cid) => [cid, 2048, {}], answer: 'DiskNotFound' },
  set_disk_metadata: { kind: 'disk', args: (cid) => [cid, { a: 'b' }], answer: 'DiskNotFound' },
  snapshot_disk: { kind: 'disk', args: (cid) => [cid, {}], answer: 'DiskNotFound' },
  delete_snapshot: { kind: 'snapshot', args: (cid) => [cid], answer: null },
  delete_stemcell: { kind: 'stemcell', args: (cid) => [cid], answer: null },
  delete_network: { kind: 'network', args: (cid) => [cid], answer: null },
  create_vm: {
    kind: 'stemcell',
    args: (cid) =>
      vmArguments({
        ...other,
        stemcell: cid,
        networks: { private: manualNetwork('10.203.6.41') },
      }),
    answer: 'CloudError',
  },
};

const world = {
  ...advancedKvm,
  settings: { 'kvm.snapshot.enabled': true },
  templates: [...advancedKvm.templates!, { name: 'own', zone: 'zone1', account: 'bosh' }],
};

/** What is no id of anything that there is. */
const strangers = ['b0000000-0000-4000-8000-00000000000f', 'vm', '0', '%', "x' OR 1=1", 'ünïcode'];

/** The name of a thing, as earlier CPIs took for its CID. */
function nameOf({ simulator }: CpiZone, id: string): string {
  const { networks, snapshots, templates, vms, volumes } = simulator.world;
  const found = [networks, snapshots, templates, vms, volumes].flatMap(
    (table) => table.get(id)?.name ?? [],
  );
  return found[0] ?? '';
}

async function oneOfEach(zone: CpiZone): Promise<Record<Kind, string>> {
  const text = async (method: string, args: readonly unknown[]): Promise<string> => {
    const result = await zone.result(method, args);
    return Array.isArray(result) ? String(result[0]) : String(result);
  };
  const vm = await text('create_vm', vmArguments());
  const disk = await text('create_disk', [1024, { disk_offering: 'shared.custom' }, vm]);
  await zone.result('attach_disk', [vm, disk]);
  return {
    vm,
    disk,
    snapshot: await text('snapshot_disk', [disk, {}]),
    network: await text('create_network', subnet()),
    stemcell: zone.simulator.world.templates.all().find(({ name }) => name === 'own')!.id,
  };
}

test('ids of the wrong kind and of nothing: each method tells, and nothing changes', async () => {
  await using zone = await startZone({ world }, 'direct');
  const live = await oneOfEach(zone);
  const before = possessionsOf(zone.simulator);
  for (const [name, { kind, args, answer }] of Object.entries(uses)) {
    const method = name.split(' ')[0]!;
    const kinds = (Object.keys(live) as Kind[]).filter((one) => one !== kind);
    const ids = kinds.map((one) => live[one]);
    const names = kinds.map((one) => nameOf(zone, live[one]));
    for (const cid of [...ids, ...names, `${live[kinds[0]!]} light`, ...strangers]) {
      const response = JSON.parse(await zone.call(method, args(cid, live))) as {
        result: unknown;
        error: { type: string; message: string; ok_to_retry: boolean } | null;
      };
      const told = `${name} of ${cid}: ${JSON.stringify(response)}`;
      if (typeof answer === 'string') {
        strictEqual(response.error?.type, `Bosh::Clouds::${answer}`, told);
        strictEqual(response.error.ok_to_retry, false, told);
        ok(response.error.message.includes(cid.replace(/ light$/, '')), told);
      } else {
        strictEqual(response.error, null, told);
        strictEqual(response.result, answer, told);
      }
      deepStrictEqual(possessionsOf(zone.simulator), before, told);
    }
  }
});

test('what is no disk is none that a new VM would wait for or carry, and the log names each', async () => {
  await using zone = await startZone({ world }, 'direct');
  const { disk, ...others } = await oneOfEach(zone);
  const before = possessionsOf(zone.simulator);
  const disks = [...Object.values(others), ...strangers];
  const networks = { private: manualNetwork('10.203.6.41') };
  const args = vmArguments({ ...other, networks, disks });
  const [vm] = (await zone.result('create_vm', args)) as [string];
  for (const cid of disks) {
    ok(zone.diagnostics.includes(`warning: disk ${cid} of the VM does not exist`), cid);
  }
  ok(!zone.diagnostics.some((line) => line.includes(`disk ${disk}`)));
  const { volumes } = zone.simulator.world;
  deepStrictEqual(
    volumes.where('vmId', vm).map(({ type }) => type),
    ['ROOT'],
  );
  await zone.result('delete_vm', [vm]);
  zone.simulator.kernel.advanceBy(3 * 24 * 3_600_000);
  deepStrictEqual(possessionsOf(zone.simulator), before);
});

test('the root disk of a VM is no disk of a Director, and stays as it is', async () => {
  await using zone = await startZone({ world }, 'direct');
  const { vm } = await oneOfEach(zone);
  const { volumes } = zone.simulator.world;
  const { id: root } = volumes.all().find(({ vmId, type }) => vmId === vm && type === 'ROOT')!;
  zone.user.done('stopVirtualMachine', { id: vm });
  const before = possessionsOf(zone.simulator);
  for (const [method, ...args] of [
    ['attach_disk', vm, root],
    ['detach_disk', vm, root],
    ['resize_disk', root, 20_480],
    ['update_disk', root, 20_480, {}],
    ['set_disk_metadata', root, { a: 'b' }],
    ['snapshot_disk', root, {}],
  ] as const) {
    const { type, message } = await zone.error(method, args);
    strictEqual(type, 'Bosh::Clouds::DiskNotFound', `${method}: ${message}`);
    ok(message.includes(`the root disk of VM`), message);
    deepStrictEqual(possessionsOf(zone.simulator), before, method);
  }
  strictEqual((await zone.error('delete_disk', [root])).type, 'Bosh::Clouds::CloudError');
  deepStrictEqual(possessionsOf(zone.simulator), before);
});
