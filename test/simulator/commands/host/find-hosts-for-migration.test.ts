// To which hosts a running VM might move: which of them have room for it, and for which its volumes
// would have to move as well.
import { expect, test } from '@playwright/test';
import { createInfrastructureWorld } from '../../../support/infrastructure-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

const COMMAND = 'findHostsForMigration';

function vmOnHost1(): ReturnType<typeof createInfrastructureWorld> & {
  readonly admin: TestClient;
  readonly vmId: string;
} {
  const infrastructure = createInfrastructureWorld();
  const { clientOf, world } = infrastructure;
  const admin = clientOf('admin');
  admin.done('deployVirtualMachine', {
    zoneid: world.zones.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    networkids: world.networks.all()[1]!.id,
    hostid: world.hosts.all()[0]!.id,
  });
  return { ...infrastructure, admin, vmId: world.vms.all()[0]!.id };
}

/** The name of each host, whether it suits, and whether the volumes move. */
function found(client: TestClient, values: Values): (readonly [string, boolean, boolean])[] {
  const rows = (client.call(COMMAND, values)['host'] ?? []) as Reply[];
  return rows.map((row) => [
    row['name'] as string,
    row['suitableformigration'] as boolean,
    row['requiresStorageMotion'] as boolean,
  ]);
}

test('the other hosts of its zone and hypervisor, with what a host shows', () => {
  const { admin, world, vmId: virtualmachineid } = vmOnHost1();
  const [volume] = world.volumes.where('vmId', virtualmachineid);
  const everywhere = world.storagePools.all().find(({ name }) => name === 'everywhere')!;
  world.volumes.change(volume!, { poolId: everywhere.id });
  const { count, host } = admin.call(COMMAND, { virtualmachineid });
  expect(count).toBe(2);
  expect(host[0]).toMatchObject({
    id: world.hosts.all()[1]!.id,
    name: 'host2',
    resourcestate: 'Enabled',
    clustername: 'cluster1',
    suitableformigration: true,
    requiresStorageMotion: false,
  });
  world.hosts.change(world.hosts.all()[1]!, { full: true });
  expect(found(admin, { virtualmachineid })).toEqual([
    ['host2', false, false],
    ['host3', true, false],
  ]);
});

test('where a host does not reach the volumes, they move, if there is a pool for them', () => {
  const { admin, world, vmId: virtualmachineid } = vmOnHost1();
  const [volume] = world.volumes.where('vmId', virtualmachineid);
  const poolNamed = (name: string): { readonly id: string } =>
    world.storagePools.all().find((pool) => pool.name === name)!;
  world.volumes.change(volume!, { poolId: poolNamed('primary1').id });
  expect(found(admin, { virtualmachineid })).toEqual([
    ['host2', true, false],
    ['host3', true, true],
  ]);
  const everywhere = world.storagePools.require(poolNamed('everywhere').id);
  world.storagePools.move(everywhere, 'NoHostsUp');
  expect(found(admin, { virtualmachineid })).toEqual([
    ['host2', true, false],
    ['host3', false, false],
  ]);
});

test('a word of the name, the state or the kind selects', () => {
  const { admin, vmId: virtualmachineid } = vmOnHost1();
  const names = (values: Values): string[] =>
    found(admin, { virtualmachineid, ...values }).map(([name]) => name);
  expect(names({ keyword: 'HOST3' })).toEqual(['host3']);
  expect(names({ keyword: 'routing' })).toEqual(['host2', 'host3']);
  expect(names({ keyword: 'down' })).toEqual([]);
  expect(names({ page: 2, pagesize: 1 })).toEqual(['host3']);
});

test('a VM that is missing, gone or off, and callers who are no root admins, are refused', () => {
  const { admin, clientOf, world, vmId: virtualmachineid } = vmOnHost1();
  expect(admin.fails(COMMAND).errortext).toContain('missing parameter virtualmachineid');
  for (const caller of ['keeper', 'chief', 'bosh']) {
    expect(clientOf(caller).fails(COMMAND, { virtualmachineid }).httpStatus).toBe(432);
  }
  admin.done('stopVirtualMachine', { id: virtualmachineid });
  expect(admin.fails(COMMAND, { virtualmachineid })).toMatchObject({
    httpStatus: 431,
    errortext: 'VM is not Running, cannot migrate the vm with specified id',
  });
  admin.done('destroyVirtualMachine', { id: virtualmachineid, expunge: true });
  expect(admin.fails(COMMAND, { virtualmachineid }).errortext).toBe(
    'Unable to find the VM with given id',
  );
  expect(world.vms.all()).toEqual([]);
});
