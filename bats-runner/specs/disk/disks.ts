import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import { manualNetwork, offered } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf } from '../../json.js';
import { cloudRefusal, jobFailed, jobTaken } from '../errors/refusal.js';
import { imageFile, properties } from '../stemcell/upload.js';

const gib = 1024 ** 3;
const terabyteMib = 1024 * 1024;

/** Disks come, are told of, and go. */
export const diskCases = [
  contractCase(
    {
      id: 'DSK-01',
      title: 'Life of a disk',
      proves: 'A disk that was made is there until it is deleted.',
    },
    async ({ cpi, cloud, createDisk }) => {
      const disk = await createDisk(1024);
      expect(await cloud.volume(disk)).toMatchObject({ type: 'DATADISK' });
      expect(await cpi.result('has_disk', [disk])).toBe(true);
      expect(await cpi.result('delete_disk', [disk])).toBeNull();
      expect(await cpi.result('has_disk', [disk])).toBe(false);
      expect(await cloud.volume(disk)).toBeUndefined();
    },
  ),
  contractCase(
    {
      id: 'DSK-02',
      title: 'has_disk of an unknown disk',
      proves: 'has_disk of an id, or of a name, that is not there is false.',
    },
    async ({ cpi, newId }) => {
      for (const cid of [newId(), 'cpi-disk-of-nobody']) {
        expect(await cpi.result('has_disk', [cid])).toBe(false);
      }
    },
  ),
  contractCase(
    {
      id: 'DSK-03',
      title: 'From MiB to GiB',
      proves: 'A disk has at least the size that was asked for, in whole GiB, never less.',
    },
    async ({ cpi, cloud, offers }) => {
      const type = { disk_offering: offers.diskOffering };
      for (const [mib, expected] of [
        [2048, 2],
        [2049, 3],
        [1, 1],
      ] as const) {
        const args = [mib, type, null];
        const disk = await cpi.result('create_disk', args, { caller: 'bosh-cli' });
        expect(typeof disk).toBe('string');
        expect(await cloud.volume(textOf(disk))).toMatchObject({ size: expected * gib });
      }
    },
  ),
  contractCase(
    {
      id: 'DSK-04',
      title: 'Where its VM is',
      proves: 'A disk is made in the zone of the VM that it is for, not in the default zone.',
      needs: ['uploads', 'two zones'],
    },
    async (tools) => {
      const { cpi, cloud, offers, createVm, createDisk, address } = tools;
      const { zone, network } = offered(offers.secondZone);
      const vm = await createVm({
        stemcell: await cpi.cid('create_stemcell', [await imageFile(tools), properties]),
        properties: { zone },
        networks: { private: manualNetwork(network, address(network)) },
      });
      const disk = await createDisk(1024, vm);
      expect(await cloud.volume(disk)).toMatchObject({ zonename: zone });
      await cpi.result('attach_disk', [vm, disk]);
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
    },
  ),
  contractCase(
    {
      id: 'DSK-05',
      title: 'Disk that cannot be made',
      proves:
        'A disk at whose creation the cloud fails is an error that says why, and leaves none.',
    },
    async ({ cpi, door, offers, ownership, newId }) => {
      const text = 'the primary storage has caught fire';
      const job = newId();
      door.intercept(({ command, parameters }) => {
        if (command === 'createVolume') return jobTaken(command, job);
        return parameters.get('jobid') === job ? jobFailed(text) : undefined;
      });
      const args = [1024, { disk_offering: offers.diskOffering }, null];
      const { type, message } = await cpi.error('create_disk', args);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain(text);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'DSK-06',
      title: 'Disk offering',
      proves: 'A disk is of the offering that its disk type names, by name or by id.',
      needs: ['second disk offering'],
    },
    async ({ cloud, offers, createDisk }) => {
      const name = offered(offers.otherDiskOffering);
      const [offering] = await cloud.list('listDiskOfferings', 'diskoffering', { name });
      for (const named of [name, textOf(offering?.['id'])]) {
        const disk = await createDisk(1024, undefined, { disk_offering: named });
        expect(await cloud.volume(disk)).toMatchObject({ diskofferingname: name });
      }
    },
  ),
  contractCase(
    {
      id: 'DSK-07',
      title: 'Default offering',
      proves:
        'Without an offering in the disk type it is the configured one, and without that an error ' +
        'that says where to name one.',
      needs: ['second disk offering'],
    },
    async ({ cpi, cloud, offers }) => {
      const other = offered(offers.otherDiskOffering);
      const context = { default_disk_offering: other };
      for (const [type, expected] of [
        [{}, other],
        [{ disk_offering: offers.diskOffering }, offers.diskOffering],
      ] as const) {
        const disk = await cpi.cid('create_disk', [1024, type, null], { context });
        expect(await cloud.volume(disk)).toMatchObject({ diskofferingname: expected });
      }
      const { message } = await cpi.error('create_disk', [1024, {}, null]);
      expect(message).toMatch(/disk_offering.*default_disk_offering/);
    },
  ),
  contractCase(
    {
      id: 'DSK-08',
      title: 'Unknown offering',
      proves:
        'An offering that is not there is an error that names those that are; no disk is made.',
    },
    async ({ cpi, offers, ownership }) => {
      const args = [1024, { disk_offering: 'none-such' }, null];
      const { type, message } = await cpi.error('create_disk', args);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain('none-such');
      expect(message).toContain(offers.diskOffering);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'DSK-09',
      title: 'Disk of a terabyte',
      proves: 'A disk may have 1 TiB, and is attached as any other.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(terabyteMib, vm);
      await cpi.result('attach_disk', [vm, disk]);
      expect(await cloud.volume(disk)).toMatchObject({ size: 1024 * gib, state: 'Ready' });
    },
  ),
  contractCase(
    {
      id: 'DSK-19',
      title: 'Delete a missing disk',
      proves: 'To delete a disk that is not there succeeds, or is DiskNotFound.',
    },
    async ({ cpi, newId, createDisk }) => {
      const disk = await createDisk(1024);
      await cpi.result('delete_disk', [disk]);
      for (const cid of [disk, newId()]) {
        const { error } = await cpi.call('delete_disk', [cid]);
        expect([undefined, 'Bosh::Clouds::DiskNotFound']).toContain(error?.type);
      }
    },
  ),
  contractCase(
    {
      id: 'DSK-20',
      title: 'Delete a disk in a bad state',
      proves:
        'A disk in use is not deleted: the error names the VM; one that the cloud keeps is an error ' +
        'with its words.',
    },
    async ({ cpi, cloud, door, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      const inUse = await cpi.error('delete_disk', [disk]);
      expect(inUse.type).toBe('Bosh::Clouds::CloudError');
      expect(inUse.message).toContain(vm);
      await cpi.result('detach_disk', [vm, disk]);

      const text = `Volume ${disk} is in state UploadError`;
      door.intercept(({ command }) =>
        command === 'deleteVolume' ? cloudRefusal(command, text) : undefined,
      );
      const kept = await cpi.error('delete_disk', [disk]);
      expect(kept.type).toBe('Bosh::Clouds::CloudError');
      expect(kept.message).toContain('UploadError');
      expect(await cloud.volume(disk)).toBeDefined();
    },
  ),
  contractCase(
    {
      id: 'DSK-39',
      title: 'Dynamic disk',
      proves:
        'A disk that the Director makes for a VM on request has its name, and is attached and ' +
        'detached as any other.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      // provide_dynamic_disk.rb puts the name into cloud_properties.
      const vm = await createVm();
      const disk = await createDisk(1024, vm, { name: 'dynamic-disk' });
      expect(tagsOf(await cloud.volume(disk))).toMatchObject({ name: 'dynamic-disk' });
      expect(await cpi.result('attach_disk', [vm, disk])).not.toBeNull();
      expect(await cpi.result('detach_disk', [vm, disk])).toBeNull();
    },
  ),
  contractCase(
    {
      id: 'DSK-40',
      title: 'set_disk_metadata',
      proves: 'Metadata of a disk are tags of it; if the cloud refuses them, the call fails.',
    },
    async ({ cpi, cloud, door, createDisk }) => {
      const disk = await createDisk(1024);
      const metadata = { deployment: 'contract', instance_index: '0' };
      expect(await cpi.result('set_disk_metadata', [disk, metadata])).toBeNull();
      expect(tagsOf(await cloud.volume(disk))).toMatchObject(metadata);

      door.intercept(({ command }) =>
        command === 'createTags' ? cloudRefusal(command, 'no tags today') : undefined,
      );
      const { type, message } = await cpi.error('set_disk_metadata', [disk, { new: 'tag' }]);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain('no tags today');
    },
  ),
];
