// An operator takes things out of a cloud without the CPI, and fails loudly where it cannot.
import { expect } from '@playwright/test';
import { cloudOperator } from '../../../bats-runner/cloud/operator.js';
import { textOf } from '../../../bats-runner/json.js';
import { idOf, runJob, test, type Cloud } from '../support.js';

const operatorOf = ({ admin }: Cloud) =>
  cloudOperator({ client: admin, pause: () => Promise.resolve() });

async function deploy({ user }: Cloud): Promise<string> {
  const [template] = await user.list('listTemplates', 'template', { templatefilter: 'featured' });
  return runJob(user, 'deployVirtualMachine', {
    zoneid: await idOf(user, ['listZones', 'zone'], 'zone1'),
    serviceofferingid: await idOf(user, ['listServiceOfferings', 'serviceoffering'], 'm1.small'),
    templateid: textOf(template?.['id']),
    networkids: await idOf(user, ['listNetworks', 'network'], 'NET_CS'),
  });
}

async function diskOn({ user }: Cloud, vm: string): Promise<string> {
  const disk = await runJob(user, 'createVolume', {
    name: 'disk',
    zoneid: await idOf(user, ['listZones', 'zone'], 'zone1'),
    diskofferingid: await idOf(user, ['listDiskOfferings', 'diskoffering'], 'shared.custom'),
    size: 1,
  });
  await runJob(user, 'attachVolume', { id: disk, virtualmachineid: vm });
  return disk;
}

test('a VM is expunged, and its disks are left', async ({ cloud }) => {
  const vm = await deploy(cloud);
  const disk = await diskOn(cloud, vm);
  await operatorOf(cloud).removeVm(vm);
  expect(await cloud.admin.list('listVirtualMachines', 'virtualmachine', { id: vm })).toEqual([]);
  const volumes = await cloud.user.list('listVolumes', 'volume');
  expect(volumes.map(({ id, virtualmachineid }) => [id, virtualmachineid])).toEqual([
    [disk, undefined],
  ]);
});

test('a disk is deleted although it is attached', async ({ cloud }) => {
  const disk = await diskOn(cloud, await deploy(cloud));
  await operatorOf(cloud).removeDisk(disk);
  const volumes = await cloud.user.list('listVolumes', 'volume', { type: 'DATADISK' });
  expect(volumes).toEqual([]);
});

test('destroyed VMs of a network are expunged, and counted', async ({ cloud }) => {
  const networkId = await idOf(cloud.user, ['listNetworks', 'network'], 'NET_CS');
  const operator = operatorOf(cloud);
  const [running, destroyed] = [await deploy(cloud), await deploy(cloud)];
  expect(await operator.expungeDestroyedIn(networkId)).toBe(0);
  await runJob(cloud.user, 'destroyVirtualMachine', { id: destroyed });
  expect(await operator.expungeDestroyedIn(networkId)).toBe(1);
  expect(await operator.expungeDestroyedIn(networkId)).toBe(0);
  const all = { listall: true };
  const left = await cloud.admin.list('listVirtualMachines', 'virtualmachine', all);
  expect(left.map(({ id }) => id)).toEqual([running]);
});

test('what cannot be done is an error that says why', async ({ cloud }) => {
  const disk = await diskOn(cloud, await deploy(cloud));
  await operatorOf(cloud).removeDisk(disk);
  await expect(operatorOf(cloud).removeDisk(disk)).rejects.toThrow(/detachVolume failed/);
});
