// Proves that a deleted compute offering is no longer offered, that its VMs keep it, and who may
// delete which.
import { expect, test } from '@playwright/test';
import {
  createOfferingWorld,
  domainAt,
  serviceOffering,
  zoneNamed,
} from '../../../support/offering-world.js';

test('nothing can be deployed with it any more; its VMs keep it', () => {
  const cloud = createOfferingWorld();
  const { world } = cloud;
  const [admin, bosh] = [cloud.clientOf('admin'), cloud.clientOf('bosh')];
  const id = serviceOffering(cloud, 'one');
  const vm = {
    zoneid: zoneNamed(cloud, 'zone1'),
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all()[0]!.id,
    serviceofferingid: id,
  };
  bosh.done('deployVirtualMachine', vm);
  expect(admin.call('deleteServiceOffering', { id })).toEqual({ success: true });
  expect(bosh.call('listServiceOfferings', { id })).toEqual({});
  expect(bosh.call('listVirtualMachines')['virtualmachine'][0].serviceofferingname).toBe('one');
  expect(bosh.fails('deployVirtualMachine', vm)).toMatchObject({
    httpStatus: 431,
    errortext: `Service offering is inactive: [${id}].`,
  });
});

test('a domain admin deletes those of its own domains alone', () => {
  const cloud = createOfferingWorld();
  const chief = cloud.clientOf('chief');
  const before = cloud.world.kernel.log.lastSeq;
  const refused = (name: string, caller = chief): string =>
    caller.fails('deleteServiceOffering', { id: serviceOffering(cloud, name) }).errortext;
  expect(refused('one')).toContain('Unable to delete public service offering: Service offering {');
  expect(refused('far')).toContain('as it has linked domain(s) which are not child domain');
  expect(refused('one', cloud.clientOf('keeper'))).toContain(
    'because it is not root-admin or domain-admin',
  );
  expect(cloud.world.kernel.log.lastSeq).toBe(before);
  const sub = { id: serviceOffering(cloud, 'sub') };
  expect(chief.call('deleteServiceOffering', sub)).toEqual({ success: true });
  expect(domainAt(cloud, 'ROOT/sub')).toBeDefined();
});

test('an id that nothing has is refused', () => {
  const id = '00000000-0000-4000-8000-000000000000';
  expect(
    createOfferingWorld().clientOf('admin').fails('deleteServiceOffering', { id }),
  ).toMatchObject({ httpStatus: 431 });
});
