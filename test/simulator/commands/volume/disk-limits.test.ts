// Proves how many data disks a VM can have, and on which device ids: by the hypervisor and its version
// on the host of the VM, the one where it ran last, or of a VM that never ran the oldest of its zone.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld } from '../../../support/simulator-client.js';
import { deployed } from '../../../support/simulator-vms.js';
import {
  attached,
  cluster,
  createdVolume,
  storageWorld,
} from '../../../support/simulator-volumes.js';
import { assertSound } from '../../../support/sound-world.js';

type Hypervisor = 'KVM' | 'XenServer' | 'VMware';

/** A zone whose clusters have one hypervisor, in different versions. */
function zoneOf(hypervisor: Hypervisor, ...versions: readonly (string | undefined)[]): TestWorld {
  const clusters = versions.map((hypervisorVersion, index) =>
    cluster(`cluster${index}`, [`host${index}`], {
      hypervisor,
      ...(hypervisorVersion === undefined ? {} : { hypervisorVersion }),
    }),
  );
  const formats = { KVM: 'QCOW2', XenServer: 'VHD', VMware: 'OVA' } as const;
  const template = { name: 'ubuntu-jammy', zone: 'zone1', account: 'admin' };
  return testSimulator({
    world: storageWorld(
      { pods: [{ name: 'pod1', clusters }] },
      { templates: [{ ...template, hypervisor, format: formats[hypervisor] }] },
    ),
  });
}

/** The highest device id that a VM can have, as the refusal of the CD-ROM's names it. */
function highestDevice({ user }: TestWorld, volumeId: string, vmId: string): number {
  const values = { id: volumeId, virtualmachineid: vmId, deviceid: 3 };
  const { resultcode, result } = user.run('attachVolume', values);
  expect(resultcode).toBe(530);
  return Number(/^deviceId should be 0,1,2,4-(\d+)$/.exec(result['errortext'] as string)?.[1]);
}

for (const [hypervisor, version, limit] of [
  ['KVM', undefined, 32],
  ['KVM', '8.2.2', 32],
  ['XenServer', '6.5.0', 13],
  ['XenServer', 'XCP-ng 7.4.0', 13],
  ['XenServer', '7.6.0', 253],
  ['XenServer', undefined, 253],
  ['XenServer', '8.3.0', 254],
  ['XenServer', '8.4.0', 240],
  ['XenServer', 'of no known version', 6],
  ['VMware', '5.5', 13],
  ['VMware', undefined, 59],
  ['VMware', '7.0.3.0', 59],
  ['VMware', '6.7.2.1', 59],
  ['VMware', '9.0', 13],
] as const) {
  test(`${hypervisor} ${version ?? 'as usual'}: ${limit} data disks`, () => {
    const world = zoneOf(hypervisor, version);
    const { id } = deployed(world, world.user);
    const volumeId = createdVolume(world, world.user, { size: 1 });
    expect(highestDevice(world, volumeId, id as string)).toBe(limit + 1);
    // The last of them is free.
    const last = attached(world.user, volumeId, id as string, { deviceid: limit + 1 });
    expect(last).toMatchObject({ deviceid: limit + 1 });
    assertSound(world.simulator);
  });
}

test('no more disks than that, whatever device id is asked for', () => {
  const world = zoneOf('XenServer', '1.0');
  const { user } = world;
  const { id: vmId } = deployed(world, user);
  const disk = (): string => createdVolume(world, user, { size: 1 });
  const devices = [1, 2, 3, 4, 5, 6].map(() => attached(user, disk(), vmId as string)['deviceid']);
  expect(devices).toEqual([1, 2, 4, 5, 6, 7]);
  for (const values of [{}, { deviceid: 7 }, { deviceid: 1 }]) {
    const asked = { id: disk(), virtualmachineid: vmId as string, ...values };
    expect(user.run('attachVolume', asked)).toMatchObject({
      resultcode: 431,
      result: {
        errortext:
          'The specified VM already has the maximum number of data disks (6) attached. Please specify another VM.',
      },
    });
  }
});

test('the root volume and the CD-ROM have their ids for themselves', () => {
  const world = zoneOf('KVM', undefined);
  const { user } = world;
  const { id } = deployed(world, user, { startvm: false });
  const values = { id: createdVolume(world, user), virtualmachineid: id as string };
  expect(user.run('attachVolume', { ...values, deviceid: 0 })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Vm already has root volume attached to it' },
  });
  expect(highestDevice(world, values.id, id as string)).toBe(33);
});

test('a VM that never ran may have what the oldest version in its zone allows, then its host decides', () => {
  const world = zoneOf('XenServer', '8.2.0', '6.5.0', '8.3.0');
  const { user, admin } = world;
  const { id } = deployed(world, user, { startvm: false });
  const volumeId = createdVolume(world, user, { size: 1 });
  expect(highestDevice(world, volumeId, id as string)).toBe(14);
  user.done('startVirtualMachine', { id });
  const vm = admin.call('listVirtualMachines', { id, listall: true })['virtualmachine'][0];
  const host = admin.call('listHosts', { id: vm['hostid'] })['host'][0];
  const limits: Readonly<Record<string, number>> = { '8.2.0': 253, '6.5.0': 13, '8.3.0': 254 };
  const limit = limits[host['hypervisorversion'] as string]!;
  expect(highestDevice(world, volumeId, id as string)).toBe(limit + 1);
  user.done('stopVirtualMachine', { id });
  expect(highestDevice(world, volumeId, id as string)).toBe(limit + 1);
});
