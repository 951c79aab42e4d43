import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import { contractCase } from '../../contract/contract-case.js';
import type { JsonObject } from '../../json.js';

const createdAt = '2026-01-01T00:00:00Z';

/** Metadata as the callers of CPIs send them. */
export const callersMetadataCases = [
  contractCase(
    {
      id: 'MET-08',
      title: 'Metadata of a Director',
      proves: 'All metadata that a Director sends of a VM, a disk and a snapshot are tags of it.',
      needs: ['snapshots'],
    },
    async ({ cpi, cloud, newId, createVm, createDisk }) => {
      // metadata_updater.rb and snapshot_manager.rb.
      const id = newId();
      const place = { director: 'contract', deployment: 'bat', instance_group: 'batlight' };
      const ofVm = {
        ...place,
        id,
        job: 'batlight',
        index: '0',
        name: `batlight/${id}`,
        created_at: createdAt,
        team: 'contract',
      };
      const { instance_group } = place;
      const ofDisk = {
        ...place,
        instance_id: id,
        instance_index: '0',
        instance_group,
        attached_at: createdAt,
      };
      const ofSnapshot = {
        deployment: 'bat',
        job: 'batlight',
        index: 0,
        director_name: 'contract',
        director_uuid: cpi.directorUuid,
        agent_id: newId(),
        instance_id: id,
      };
      const vm = await createVm();
      await cpi.result('set_vm_metadata', [vm, ofVm]);
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      await cpi.result('set_disk_metadata', [disk, ofDisk]);
      const snapshot = await cpi.cid('snapshot_disk', [disk, ofSnapshot]);

      expect(await cloud.vm(vm)).toMatchObject({ displayname: ofVm.name });
      expect(tagsOf(await cloud.vm(vm))).toMatchObject(ofVm);
      expect(tagsOf(await cloud.volume(disk))).toMatchObject(ofDisk);
      expect(tagsOf(await cloud.snapshot(snapshot))).toMatchObject({ ...ofSnapshot, index: '0' });
    },
  ),
  contractCase(
    {
      id: 'MET-09',
      title: 'Metadata of create-env',
      proves: 'All metadata that the CLI sends of a VM and a disk are tags of it.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      // deployment/vm/manager.go and vm.go: those of the disk have no job, name, index and
      // created_at.
      const common = { director: 'bosh-init', deployment: 'bosh', instance_group: 'bosh' };
      const ofVm = { ...common, job: 'bosh', index: '0', name: 'bosh/0', created_at: createdAt };
      const ofDisk = { ...common, instance_index: '0', attached_at: createdAt };
      const cli = { caller: 'bosh-cli', context: { request_id: null } } as const;
      const vm = await createVm();
      await cpi.result('set_vm_metadata', [vm, ofVm], cli);
      const disk = await createDisk(1024, vm);
      await cpi.result('set_disk_metadata', [disk, ofDisk], cli);

      expect(await cloud.vm(vm)).toMatchObject({ displayname: 'bosh/0' });
      expect(tagsOf(await cloud.vm(vm))).toMatchObject(ofVm);
      expect(tagsOf(await cloud.volume(disk))).toMatchObject(ofDisk);
    },
  ),
  contractCase(
    {
      id: 'MET-10',
      title: 'Metadata not implemented',
      proves: 'A CPI that keeps no metadata answers NotImplemented, which callers tolerate.',
    },
    async ({ cpi, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      for (const [method, cid] of [
        ['set_vm_metadata', vm],
        ['set_disk_metadata', disk],
      ] as const) {
        const metadata: JsonObject = { deployment: 'contract' };
        const { error } = await cpi.call(method, [cid, metadata]);
        expect([undefined, 'Bosh::Clouds::NotImplemented'], method).toContain(error?.type);
      }
    },
  ),
  contractCase(
    {
      id: 'MET-11',
      title: 'Metadata of what is gone',
      proves: 'Metadata of a VM or disk that is not there end in VMNotFound and DiskNotFound.',
    },
    async ({ cpi, newId, createVm }) => {
      const vm = await createVm();
      await cpi.result('delete_vm', [vm]);
      for (const [method, cid, type] of [
        ['set_vm_metadata', vm, 'Bosh::Clouds::VMNotFound'],
        ['set_vm_metadata', newId(), 'Bosh::Clouds::VMNotFound'],
        ['set_disk_metadata', newId(), 'Bosh::Clouds::DiskNotFound'],
      ] as const) {
        const error = await cpi.error(method, [cid, { deployment: 'contract' }]);
        expect(error.type).toBe(type);
        expect(error.message).toContain(cid);
      }
    },
  ),
];
