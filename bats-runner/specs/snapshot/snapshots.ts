import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import type { CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { cloudRefusal, jobFailed, jobTaken } from '../errors/refusal.js';

/** Snapshots of disks. */
export const snapshotCases = [
  contractCase(
    {
      id: 'SNP-01',
      title: 'Snapshot and its deletion',
      proves: 'snapshot_disk answers the CID of a snapshot, and delete_snapshot takes it away.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const { vm, disk } = await attachedDisk(tools);
      await cpi.result('detach_disk', [vm, disk]);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);
      expect(await cloud.snapshot(snapshot)).toMatchObject({ volumeid: disk, state: 'BackedUp' });
      expect(await cpi.result('delete_snapshot', [snapshot])).toBeNull();
      expect(await cloud.snapshot(snapshot)).toBeUndefined();
    },
  ),
  contractCase(
    {
      id: 'SNP-02',
      title: 'Snapshot of a disk in use',
      proves: 'A disk of a running VM can have a snapshot, and stays attached.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const { vm, disk } = await attachedDisk(tools);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);
      expect(await cloud.snapshot(snapshot)).toMatchObject({ volumeid: disk });
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm, vmstate: 'Running' });
    },
  ),
  contractCase(
    {
      id: 'SNP-03',
      title: 'Metadata of a Director',
      proves: 'What the Director says of a snapshot are tags of it, by the keys that it uses.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud, newId } = tools;
      const { disk } = await attachedDisk(tools);
      const metadata = {
        director_name: 'contract',
        director_uuid: cpi.directorUuid,
        deployment: 'bat',
        job: 'batlight',
        index: 3,
        agent_id: newId(),
        instance_id: newId(),
      };
      const snapshot = await cpi.cid('snapshot_disk', [disk, metadata]);
      const tags = tagsOf(await cloud.snapshot(snapshot));
      expect(tags).toMatchObject({ ...metadata, index: '3' });
    },
  ),
  contractCase(
    {
      id: 'SNP-04',
      title: 'Metadata of any kind',
      proves: 'Neither no metadata nor a number among them is in the way of a snapshot.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const { disk } = await attachedDisk(tools);
      for (const metadata of [{}, { index: 0, job: null, list: [1] }]) {
        const snapshot = await cpi.cid('snapshot_disk', [disk, metadata]);
        expect(await cloud.snapshot(snapshot)).toMatchObject({ volumeid: disk });
      }
    },
  ),
  contractCase(
    {
      id: 'SNP-05',
      title: 'Delete a missing snapshot',
      proves: 'To delete a snapshot that is not there, or not any more, is a success.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, newId } = tools;
      expect(await cpi.result('delete_snapshot', [newId()])).toBeNull();
      const { disk } = await attachedDisk(tools);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);
      expect(await cpi.result('delete_snapshot', [snapshot])).toBeNull();
      expect(await cpi.result('delete_snapshot', [snapshot])).toBeNull();
    },
  ),
  contractCase(
    {
      id: 'SNP-06',
      title: 'Failures of deletion',
      proves:
        'If the cloud refuses to delete a snapshot, or fails at it, the call fails, names the ' +
        'snapshot, and says why.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud, door, newId } = tools;
      const { disk } = await attachedDisk(tools);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);
      const text = 'the secondary storage has caught fire';
      const job = newId();
      for (const first of [
        cloudRefusal('deleteSnapshot', text, 530),
        jobTaken('deleteSnapshot', job),
      ]) {
        door.intercept(({ command, parameters }) => {
          if (command === 'deleteSnapshot') return first;
          return parameters.get('jobid') === job ? jobFailed(text) : undefined;
        });
        const { type, message } = await cpi.error('delete_snapshot', [snapshot]);
        expect(type).toBe('Bosh::Clouds::CloudError');
        expect(message).toContain(snapshot);
        expect(message).toContain(text);
      }
      expect(await cloud.snapshot(snapshot)).toBeDefined();
    },
  ),
  contractCase(
    {
      id: 'SNP-07',
      title: 'Failures of snapshots',
      proves:
        'A snapshot of a disk that is not there is DiskNotFound; one that the cloud refuses or fails ' +
        'at is an error that says why and leaves none.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud, door, newId } = tools;
      const missing = newId();
      const nothing = await cpi.error('snapshot_disk', [missing, {}]);
      expect(nothing.type).toBe('Bosh::Clouds::DiskNotFound');
      expect(nothing.message).toContain(missing);

      const { disk } = await attachedDisk(tools);
      const text = 'the primary storage has caught fire';
      const job = newId();
      for (const first of [
        cloudRefusal('createSnapshot', text, 431),
        jobTaken('createSnapshot', job),
      ]) {
        door.intercept(({ command, parameters }) => {
          if (command === 'createSnapshot') return first;
          return parameters.get('jobid') === job ? jobFailed(text) : undefined;
        });
        const { type, message } = await cpi.error('snapshot_disk', [disk, {}]);
        expect(type).toBe('Bosh::Clouds::CloudError');
        expect(message).toContain(text);
      }
      const snapshots = await cloud.list('listSnapshots', 'snapshot', { volumeid: disk });
      expect(snapshots).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'SNP-08',
      title: 'Snapshots not implemented',
      proves: 'A CPI that takes no snapshots answers NotImplemented, which callers tolerate.',
    },
    async (tools) => {
      const { cpi } = tools;
      const { disk } = await attachedDisk(tools);
      const { result, error } = await cpi.call('snapshot_disk', [disk, {}]);
      expect([undefined, 'Bosh::Clouds::NotImplemented']).toContain(error?.type);
      const deleted = await cpi.call('delete_snapshot', [error === null ? result : disk]);
      expect([undefined, 'Bosh::Clouds::NotImplemented']).toContain(deleted.error?.type);
    },
  ),
  contractCase(
    {
      id: 'SNP-09',
      title: 'Delete a disk with snapshots',
      proves: 'A disk with a snapshot can be deleted; the snapshot stays, and can be deleted, too.',
      needs: ['snapshots'],
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const { vm, disk } = await attachedDisk(tools);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);
      await cpi.result('detach_disk', [vm, disk]);
      expect(await cpi.result('delete_disk', [disk])).toBeNull();
      expect(await cpi.result('has_disk', [disk])).toBe(false);
      expect(await cloud.snapshot(snapshot)).toBeDefined();
      expect(await cpi.result('delete_snapshot', [snapshot])).toBeNull();
    },
  ),
];

async function attachedDisk({
  cpi,
  createVm,
  createDisk,
}: CaseTools): Promise<{ vm: string; disk: string }> {
  const vm = await createVm();
  const disk = await createDisk(1024, vm);
  await cpi.result('attach_disk', [vm, disk]);
  return { vm, disk };
}
