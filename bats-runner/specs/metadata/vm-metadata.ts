import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import { contractCase } from '../../contract/contract-case.js';
import { cloudRefusal } from '../errors/refusal.js';

/** Metadata of VMs. */
export const vmMetadataCases = [
  contractCase(
    {
      id: 'MET-01',
      title: 'set_vm_metadata',
      proves: 'Metadata of a VM are tags of it.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      const metadata = { deployment: 'contract', job: 'web', index: '0' };
      expect(await cpi.result('set_vm_metadata', [vm, metadata])).toBeNull();
      expect(tagsOf(await cloud.vm(vm))).toMatchObject(metadata);
    },
  ),
  contractCase(
    {
      id: 'MET-02',
      title: 'Name of the VM',
      proves:
        'A VM is shown by the name in its metadata; without one by the package that it compiles, or ' +
        'else by job and index.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      const job = { job: 'web', index: '3' };
      for (const [metadata, name] of [
        [job, 'web/3'],
        [{ ...job, compiling: 'ruby' }, 'compiling/ruby'],
        [{ ...job, compiling: 'ruby', name: 'web/0123-4567' }, 'web/0123-4567'],
        [{ deployment: 'contract' }, 'web/0123-4567'],
      ] as const) {
        await cpi.result('set_vm_metadata', [vm, metadata]);
        expect((await cloud.vm(vm))?.['displayname'], JSON.stringify(metadata)).toBe(name);
      }
    },
  ),
  contractCase(
    {
      id: 'MET-03',
      title: 'null removes a key',
      proves: 'A value of null takes the tag away and leaves the others.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      await cpi.result('set_vm_metadata', [vm, { first: 'one', second: 'two' }]);
      await cpi.result('set_vm_metadata', [vm, { first: null, third: null }]);
      const tags = tagsOf(await cloud.vm(vm));
      expect(tags).toMatchObject({ second: 'two' });
      expect(Object.keys(tags)).not.toContain('first');
      expect(Object.keys(tags)).not.toContain('third');
    },
  ),
  contractCase(
    {
      id: 'MET-04',
      title: 'Values that tags cannot hold',
      proves:
        'Long values are cut at 255 characters, control characters become spaces, and what is no ' +
        'text is JSON.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      const metadata = { long: 'x'.repeat(300), odd: 'tab\there', list: [1, 'two'], index: 0 };
      await cpi.result('set_vm_metadata', [vm, metadata]);
      expect(tagsOf(await cloud.vm(vm))).toMatchObject({
        long: 'x'.repeat(255),
        odd: 'tab here',
        list: '[1,"two"]',
        index: '0',
      });
    },
  ),
  contractCase(
    {
      id: 'MET-05',
      title: 'Merge',
      proves: 'Later metadata are laid over earlier ones and over tags that others put on.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      // Some CPIs tag attached disks like their VM. Directors tell the metadata of disks by
      // themselves, and those must not be overwritten.
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      await cpi.result('set_disk_metadata', [disk, { deployment: 'of the disk' }]);
      await cloud.run('createTags', {
        resourcetype: 'UserVm',
        resourceids: vm,
        'tags[0].key': 'foreign',
        'tags[0].value': 'kept',
      });
      await cpi.result('set_vm_metadata', [vm, { deployment: 'one', job: 'web' }]);
      await cpi.result('set_vm_metadata', [vm, { deployment: 'two' }]);
      const expected = { deployment: 'two', job: 'web', foreign: 'kept' };
      expect(tagsOf(await cloud.vm(vm))).toMatchObject(expected);
      expect(tagsOf(await cloud.volume(disk))).toMatchObject({ deployment: 'of the disk' });
    },
  ),
  contractCase(
    {
      id: 'MET-06',
      title: 'Failures of the cloud',
      proves: 'If the VM cannot be read, tagged, untagged or renamed, the call fails and says why.',
    },
    async ({ cpi, door, createVm }) => {
      const vm = await createVm();
      await cpi.result('set_vm_metadata', [vm, { job: 'old' }]);
      const metadata = { job: 'new', name: 'web/1' };
      for (const command of [
        'listVirtualMachines',
        'deleteTags',
        'createTags',
        'updateVirtualMachine',
      ]) {
        door.intercept((request) =>
          request.command === command ? cloudRefusal(command, `no ${command} today`) : undefined,
        );
        const { type, message } = await cpi.error('set_vm_metadata', [vm, metadata]);
        expect(type, command).toBe('Bosh::Clouds::CloudError');
        expect(message).toContain(`no ${command} today`);
      }
      door.intercept(() => undefined);
      expect(await cpi.result('set_vm_metadata', [vm, metadata])).toBeNull();
    },
  ),
  contractCase(
    {
      id: 'MET-07',
      title: 'Parallel updates',
      proves: 'Of several calls at once for one VM each has its effect, and all succeed.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      const keys = ['one', 'two', 'three'];
      const shared = await Promise.all(
        keys.map(async (key) => {
          await cpi.result('set_vm_metadata', [vm, { [key]: 'here', shared: key }]);
          return key;
        }),
      );
      const tags = tagsOf(await cloud.vm(vm));
      expect(tags).toMatchObject(Object.fromEntries(keys.map((key) => [key, 'here'])));
      expect(shared).toContain(tags['shared']);
    },
  ),
];
