import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import { jobFailed, jobTaken } from './refusal.js';

/** Calls about what has changed since, and calls that are made again. */
export const repeatedCallCases = [
  contractCase(
    {
      id: 'ERR-12',
      title: 'Detach a disk that is gone',
      proves:
        'detach_disk of a disk that somebody deleted succeeds, or is DiskNotFound or ' +
        'DiskNotAttached, as cloud check tolerates.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      await cloud.run('detachVolume', { id: disk });
      await cloud.call('deleteVolume', { id: disk });

      expect(await cpi.result('has_disk', [disk])).toBe(false);
      const { error } = await cpi.call('detach_disk', [vm, disk]);
      const tolerated = ['Bosh::Clouds::DiskNotFound', 'Bosh::Clouds::DiskNotAttached'];
      expect([undefined, ...tolerated]).toContain(error?.type);
    },
  ),
  contractCase(
    {
      id: 'ERR-13',
      title: 'Delete a stemcell that is gone',
      proves: 'delete_stemcell of a template that is gone is no error for CLI and Director.',
    },
    async ({ cpi, newId }) => {
      // The CLI also tolerates StemcellNotFound, which for a Director is an unknown type.
      for (const caller of ['bosh-cli', 'bosh-director'] as const) {
        expect(await cpi.result('delete_stemcell', [newId()], { caller })).toBeNull();
      }
    },
  ),
  contractCase(
    {
      id: 'ERR-14',
      title: 'Repeated calls',
      proves:
        'A second attach_disk, detach_disk, delete_vm, delete_disk or delete_snapshot has no ' +
        'effect and succeeds, or says that nothing is there.',
      needs: ['snapshots'],
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(2048, vm);
      const hint = await cpi.result('attach_disk', [vm, disk]);
      expect(await cpi.result('attach_disk', [vm, disk])).toEqual(hint);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);

      await cpi.result('detach_disk', [vm, disk]);
      await cpi.result('detach_disk', [vm, disk]);
      expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid');

      for (const [method, cid, tolerated] of [
        ['delete_snapshot', snapshot, undefined],
        ['delete_vm', vm, 'Bosh::Clouds::VMNotFound'],
        ['delete_disk', disk, 'Bosh::Clouds::DiskNotFound'],
      ] as const) {
        await cpi.result(method, [cid]);
        const { error } = await cpi.call(method, [cid]);
        expect([undefined, tolerated], method).toContain(error?.type);
      }
    },
  ),
  contractCase(
    {
      id: 'ERR-15',
      title: 'Text of a failed job',
      proves: 'What CloudStack says of a job that failed is in the message of the error.',
    },
    async ({ cpi, door, newId, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      const job = newId();
      const text = 'Failed to attach volume: the host has caught fire';
      door.intercept(({ command, parameters }) => {
        if (command === 'attachVolume') return jobTaken(command, job);
        return parameters.get('jobid') === job ? jobFailed(text) : undefined;
      });
      const { type, message } = await cpi.error('attach_disk', [vm, disk]);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain(text);
      expect(message).toContain('attachVolume');
    },
  ),
];
