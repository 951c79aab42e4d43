import { expect } from '@playwright/test';
import type { Interception } from '../../contract/api-door.js';
import { offered, type CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { isObject, textOf, type JsonObject, type JsonValue } from '../../json.js';
import { cloudRefusal } from '../errors/refusal.js';

const gib = 1024 ** 3;

/** Disks are attached and detached, and found by agents. */
export const attachmentCases = [
  contractCase(
    {
      id: 'DSK-11',
      title: 'attach_disk in version 1',
      proves: 'attach_disk answers null; the settings of the VM tell where the disk is.',
      versions: [1],
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      expect(await cpi.result('attach_disk', [vm, disk])).toBeNull();
      const told = await persistentDisks(cloud, vm);
      expect(Object.keys(told)).toEqual([disk]);
      expect(Object.values(told)).not.toContain('');
    },
  ),
  contractCase(
    {
      id: 'DSK-12',
      title: 'attach_disk since version 2',
      proves: 'attach_disk answers a hint: a text, or an object of texts, none of them empty.',
      versions: [2, 3],
    },
    async ({ cpi, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      const hint = await cpi.result('attach_disk', [vm, disk]);
      const parts = isObject(hint) ? Object.values(hint) : [hint];
      expect(parts.length).toBeGreaterThan(0);
      // The agent casts each of them to a string (settings.go, populatePersistentDiskSettings).
      for (const part of parts) expect(part).toEqual(expect.stringMatching(/./));
    },
  ),
  contractCase(
    {
      id: 'DSK-13',
      title: 'attach_disk twice',
      proves: 'To attach a disk again to the same VM changes nothing and answers the same.',
      versions: [1, 2, 3],
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      const first = await cpi.result('attach_disk', [vm, disk]);
      const before = await cloud.volume(disk);
      expect(await cpi.result('attach_disk', [vm, disk])).toEqual(first);
      expect(await cloud.volume(disk)).toEqual(before);
    },
  ),
  contractCase(
    {
      id: 'DSK-14',
      title: 'Disk of another VM',
      proves: 'A disk that is attached to one VM is not attached to another; the error names both.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const holder = await createVm();
      const other = await createVm();
      const disk = await createDisk(1024, holder);
      await cpi.result('attach_disk', [holder, disk]);
      const { type, message } = await cpi.error('attach_disk', [other, disk]);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain(holder);
      expect(message).toContain(other);
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: holder });
    },
  ),
  contractCase(
    {
      id: 'DSK-15',
      title: 'get_disks',
      proves: 'get_disks lists a disk while it is attached, and no ephemeral one.',
    },
    async ({ cpi, offers, createVm, createDisk }) => {
      const vm = await createVm({
        properties: { disk: 1024, ephemeral_disk_offering: offers.diskOffering },
      });
      const disk = await createDisk(1024, vm);
      expect(await cpi.result('get_disks', [vm])).toEqual([]);
      await cpi.result('attach_disk', [vm, disk]);
      expect(await cpi.result('get_disks', [vm])).toEqual([disk]);
      await cpi.result('detach_disk', [vm, disk]);
      expect(await cpi.result('get_disks', [vm])).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'DSK-16',
      title: 'From one VM to another',
      proves: 'A disk that was detached from one VM can be attached to another at once.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const first = await createVm();
      const second = await createVm();
      const disk = await createDisk(1024, first);
      for (const vm of [first, second, first]) {
        await cpi.result('attach_disk', [vm, disk]);
        expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
        await cpi.result('detach_disk', [vm, disk]);
        expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid');
      }
    },
  ),
  contractCase(
    {
      id: 'DSK-17',
      title: 'Detach what is not attached',
      proves:
        'To detach a disk that is attached nowhere, or is not there, succeeds, or is ' +
        'DiskNotAttached or DiskNotFound; one of another VM stays there.',
    },
    async ({ cpi, cloud, newId, createVm, createDisk }) => {
      const vm = await createVm();
      const other = await createVm();
      const disk = await createDisk(1024, vm);
      const tolerated = [undefined, 'Bosh::Clouds::DiskNotAttached', 'Bosh::Clouds::DiskNotFound'];
      for (const cid of [disk, newId()]) {
        expect(tolerated).toContain((await cpi.call('detach_disk', [vm, cid])).error?.type);
      }
      await cpi.result('attach_disk', [vm, disk]);
      const { error } = await cpi.call('detach_disk', [other, disk]);
      expect(error?.type).toBe('Bosh::Clouds::DiskNotAttached');
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
    },
  ),
  contractCase(
    {
      id: 'DSK-18',
      title: 'Failure of a detachment',
      proves: 'If the cloud does not detach a disk, the call fails and says why.',
    },
    async ({ cpi, cloud, door, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      door.intercept(({ command }) =>
        command === 'detachVolume' ? cloudRefusal(command, 'the disk is stuck', 530) : undefined,
      );
      const { type, message } = await cpi.error('detach_disk', [vm, disk]);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain('the disk is stuck');
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
    },
  ),
  contractCase(
    {
      id: 'DSK-21',
      title: 'Disk that is still at work',
      proves: 'A disk on which the cloud still works is waited for, to attach it or to delete it.',
    },
    async ({ cpi, cloud, door, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      await cpi.result('detach_disk', [vm, disk]);
      const row = await cloud.volume(disk);
      let looks = 2;
      let refusals = 2;
      door.intercept(({ command, parameters }) => {
        if (command === 'listVolumes' && parameters.get('id') === disk && looks > 0) {
          looks -= 1;
          return listed({ ...row, state: 'Snapshotting' });
        }
        if (command === 'attachVolume' && looks > 0) {
          const text = 'Volume state must be in Allocated, Ready or in Uploaded state';
          return cloudRefusal(command, text);
        }
        if (command !== 'deleteVolume' || refusals === 0) return undefined;
        refusals -= 1;
        const text = 'There are snapshot operations in progress on the volume, unable to delete it';
        return cloudRefusal(command, text);
      });
      await cpi.result('attach_disk', [vm, disk]);
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
      await cpi.result('detach_disk', [vm, disk]);
      expect(await cpi.result('delete_disk', [disk])).toBeNull();
      expect(refusals).toBe(0);
      expect(await cloud.volume(disk)).toBeUndefined();
    },
  ),
  contractCase(
    {
      id: 'DSK-22',
      title: 'delete_vm keeps disks',
      proves: 'A disk that is attached to a VM that is deleted is detached, and stays.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      await cpi.result('delete_vm', [vm]);
      expect(await cpi.result('has_disk', [disk])).toBe(true);
      expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid');
    },
  ),
  contractCase(
    {
      id: 'DSK-35',
      title: 'Disk out of reach',
      proves:
        'A disk on the local storage of one host is not attached to a VM on another: the error says ' +
        'what an operator can do, and the disk stays.',
      needs: ['local storage'],
    },
    async ({ cpi, cloud, offers, newId, createVm, createDisk }) => {
      // VMs of one group are on different hosts.
      const apart = { properties: { affinity_group: `contract-${newId()}` } };
      const here = await createVm(apart);
      const there = await createVm(apart);
      const local = offered(offers.localDiskOffering);
      const disk = await createDisk(1024, here, { disk_offering: local });
      await cpi.result('attach_disk', [here, disk]);
      await cpi.result('detach_disk', [here, disk]);
      const { type, message } = await cpi.error('attach_disk', [there, disk]);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toMatch(/local storage of another host.*bosh recreate/);
      expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid');
      expect(await cpi.result('attach_disk', [here, disk])).not.toBeNull();
    },
  ),
  contractCase(
    {
      id: 'DSK-37',
      title: 'Hint that the agent can follow',
      proves: 'Where the hint says, the guest has the disk, however often it comes and goes.',
      needs: ['simulator'],
    },
    async ({ cpi, simulator, createVm, createDisk }) => {
      const vm = await createVm();
      const neighbour = await createDisk(1024, vm);
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, neighbour]);
      for (let time = 0; time < 2; time += 1) {
        const hint = await cpi.result('attach_disk', [vm, disk]);
        const path = isObject(hint) ? textOf(hint['path']) : textOf(hint);
        expect(await volumeAt(simulator, vm, path)).toBe(disk);
        await cpi.result('detach_disk', [vm, disk]);
        await cpi.result('detach_disk', [vm, neighbour]);
      }
    },
  ),
  contractCase(
    {
      id: 'DSK-38',
      title: 'Several disks at once',
      proves: 'A VM can have several disks, each of its own size and with a hint of its own.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const hints = new Set<string>();
      for (const mib of [5120, 4096]) {
        const disk = await createDisk(mib, vm);
        hints.add(JSON.stringify(await cpi.result('attach_disk', [vm, disk])));
        expect(await cloud.volume(disk)).toMatchObject({
          size: (mib / 1024) * gib,
          virtualmachineid: vm,
        });
      }
      expect(hints.size).toBe(2);
    },
  ),
];

/** What the settings in the user data of a VM say of persistent disks. */
async function persistentDisks(cloud: CaseTools['cloud'], vm: string): Promise<JsonObject> {
  const [row] = await cloud.list('listVirtualMachines', 'virtualmachine', {
    id: vm,
    userdata: 'true',
  });
  const text = Buffer.from(textOf(row?.['userdata']), 'base64').toString();
  const settings = JSON.parse(text) as { disks: { persistent: JsonObject } };
  return settings.disks.persistent;
}

/** What listVolumes answers when there is this one volume. */
function listed(volume: JsonObject): Interception {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ listvolumesresponse: { count: 1, volume: [volume] } }),
  };
}

/** The volume that a guest finds at a path. */
async function volumeAt(
  simulator: CaseTools['simulator'],
  vm: string,
  path: string,
): Promise<JsonValue | undefined> {
  const { disks } = await simulator.guest(vm);
  const all = Array.isArray(disks) ? disks.filter(isObject) : [];
  return all.find((row) => JSON.stringify(row).includes(JSON.stringify(path)))?.['volumeId'];
}
