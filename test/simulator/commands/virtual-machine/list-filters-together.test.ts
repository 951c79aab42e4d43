// Proves that filters together keep exactly what each of them keeps alone, in the same order, for
// lists of VMs and volumes: which index a list goes through must not be seen in its answer.
import { deepStrictEqual } from 'node:assert';
import { test } from '@playwright/test';
import fc from 'fast-check';
import { assertProperty } from '../../../support/property.js';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import { deployed, diskOfferingId, networkId } from '../../../support/simulator-vms.js';

/** VMs and disks of two accounts, in two networks, on several hosts, some of them tagged. */
function populated(): TestWorld {
  const world = testSimulator();
  const { user, admin } = world;
  const shared = networkId(world, 'NET_SHARED');
  const tag = (client: typeof user, resourcetype: string, resourceids: string, value: string) =>
    client.done('createTags', {
      resourcetype,
      resourceids,
      'tags[0].key': 'job',
      'tags[0].value': value,
    });
  for (const [index, name] of ['web', 'db', 'Web-2', 'cache', 'queue', 'mail'].entries()) {
    const client = index % 3 === 2 ? admin : user;
    const networks = index % 2 === 0 && client === user ? {} : { networkids: shared };
    const vm = deployed(world, client, { name, displayname: `the ${name}`, ...networks });
    tag(client, 'UserVm', vm['id'], index % 2 === 0 ? 'even' : 'odd');
    const diskofferingid = diskOfferingId(world, 'shared.custom');
    const zoneid = vm['zoneid'];
    const disk = client.run('createVolume', {
      name: `disk-of-${name}`,
      zoneid,
      diskofferingid,
      size: 1,
    });
    tag(client, 'Volume', disk.id!, index % 2 === 0 ? 'even' : 'odd');
    if (index < 4) client.done('attachVolume', { id: disk.id!, virtualmachineid: vm['id'] });
  }
  user.done('destroyVirtualMachine', { id: world.simulator.world.vms.all()[0]!.id });
  return world;
}

const world = populated();
const { vms, volumes, hosts, storagePools, templates, networks } = world.simulator.world;
const idsOf = (rows: readonly { id: string }[]): string[] => rows.map(({ id }) => id);
const tagged = { 'tags[0].key': 'job' };

const filters: Readonly<Record<'VirtualMachine' | 'Volume', fc.Arbitrary<Values>[]>> = {
  VirtualMachine: [
    fc.subarray(idsOf(vms.all()), { minLength: 1 }).map((ids) => ({ ids: ids.join() })),
    fc.constantFrom('WEB', 'db', 'mail', 'none').map((name) => ({ name })),
    fc.constantFrom(...idsOf(networks.all())).map((networkid) => ({ networkid })),
    fc.constantFrom(...idsOf(hosts.all())).map((hostid) => ({ hostid })),
    fc.constantFrom(...idsOf(templates.all())).map((templateid) => ({ templateid })),
    fc.constantFrom('even', 'odd', 'x').map((value) => ({ ...tagged, 'tags[0].value': value })),
    fc.constantFrom('Running', 'Destroyed').map((state) => ({ state })),
    fc.constantFrom('we', 'a').map((keyword) => ({ keyword })),
  ],
  Volume: [
    fc.subarray(idsOf(volumes.all()), { minLength: 1 }).map((ids) => ({ ids: ids.join() })),
    fc.constantFrom('DISK-of-db', 'disk-of-mail').map((name) => ({ name })),
    fc.constantFrom(...idsOf(vms.all())).map((virtualmachineid) => ({ virtualmachineid })),
    fc.constantFrom(...idsOf(storagePools.all())).map((storageid) => ({ storageid })),
    fc.constantFrom('even', 'odd').map((value) => ({ ...tagged, 'tags[0].value': value })),
    fc.constantFrom('ROOT', 'DATADISK').map((type) => ({ type })),
    fc.constantFrom('web', 'disk').map((keyword) => ({ keyword })),
  ],
};

for (const [kind, choices] of Object.entries(filters)) {
  const listed = (by: 'user' | 'admin', values: Values): string[] => {
    const page = world[by].call(`list${kind}s`, values)[kind.toLowerCase()] as
      { id: string }[] | undefined;
    return idsOf(page ?? []);
  };

  test(`list${kind}s with several filters`, async () => {
    const together = fc.subarray(choices, { minLength: 2 }).chain((chosen) => fc.tuple(...chosen));
    const whose = fc.constantFrom<readonly ['user' | 'admin', Values]>(
      ['user', {}],
      ['admin', {}],
      ['admin', { listall: true }],
    );
    await assertProperty(
      fc.property(together, whose, (values, [by, owner]) => {
        const each = values.map((filter) => new Set(listed(by, { ...filter, ...owner })));
        const kept = listed(by, owner).filter((id) => each.every((ids) => ids.has(id)));
        const all = Object.assign({}, ...values, owner) as Values;
        deepStrictEqual(listed(by, all), kept);
      }),
      150,
    );
  });
}
