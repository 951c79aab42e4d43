import { expect } from '@playwright/test';
import { offered, type CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { cloudRefusal, jobFailed, jobTaken } from '../errors/refusal.js';

const gib = 1024 ** 3;

/** Disks get another size or another offering; what cannot be done in place the Director copies. */
export const diskChangeCases = [
  contractCase(
    {
      id: 'DSK-23',
      title: 'resize_disk to more',
      proves: 'A disk becomes larger in place, and can be attached afterwards.',
    },
    async (tools) => {
      const { cpi, cloud, createVm } = tools;
      const disk = await usedDisk(tools);
      expect(await cpi.result('resize_disk', [disk, 4096])).toBeNull();
      expect(await cloud.volume(disk)).toMatchObject({ size: 4 * gib });
      await cpi.result('attach_disk', [await createVm(), disk]);
    },
  ),
  contractCase(
    {
      id: 'DSK-24',
      title: 'resize_disk to the same',
      proves: 'A disk that has the size already is left alone, without an error.',
    },
    async (tools) => {
      const { cpi, cloud, door } = tools;
      const disk = await usedDisk(tools);
      expect(await cpi.result('resize_disk', [disk, 2048])).toBeNull();
      expect(door.requests.map(({ command }) => command)).not.toContain('resizeVolume');
      expect(await cloud.volume(disk)).toMatchObject({ size: 2 * gib });
    },
  ),
  contractCase(
    {
      id: 'DSK-25',
      title: 'resize_disk to less',
      proves:
        'A disk is never made smaller: NotSupported tells both sizes, so the Director copies.',
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const disk = await usedDisk(tools);
      const { type, message } = await cpi.error('resize_disk', [disk, 1024]);
      expect(type).toBe('Bosh::Clouds::NotSupported');
      expect(message).toMatch(/2 GiB.*smaller.*1 GiB/);
      expect(await cloud.volume(disk)).toMatchObject({ size: 2 * gib });
    },
  ),
  contractCase(
    {
      id: 'DSK-26',
      title: 'resize_disk of a disk in use',
      proves: 'An attached disk is resized and stays attached, or is refused as it is.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(2048, vm);
      await cpi.result('attach_disk', [vm, disk]);
      const { error } = await cpi.call('resize_disk', [disk, 4096]);
      expect(await cloud.volume(disk)).toMatchObject({
        size: (error === null ? 4 : 2) * gib,
        virtualmachineid: vm,
      });
    },
  ),
  contractCase(
    {
      id: 'DSK-27',
      title: 'Failures of resize_disk',
      proves:
        'A disk that is not there is DiskNotFound; what the cloud refuses to resize is NotSupported, ' +
        'so that the Director copies; where it fails the error says why.',
    },
    async (tools) => {
      const { cpi, cloud, door, newId } = tools;
      const missing = newId();
      const nothing = await cpi.error('resize_disk', [missing, 4096]);
      expect(nothing.type).toBe('Bosh::Clouds::DiskNotFound');
      expect(nothing.message).toContain(missing);

      const disk = await usedDisk(tools);
      const job = newId();
      for (const [first, type] of [
        [cloudRefusal('resizeVolume', 'not this one', 431), 'Bosh::Clouds::NotSupported'],
        [jobTaken('resizeVolume', job), 'Bosh::Clouds::CloudError'],
      ] as const) {
        door.intercept(({ command, parameters }) => {
          if (command === 'resizeVolume') return first;
          return parameters.get('jobid') === job ? jobFailed('not this one') : undefined;
        });
        const error = await cpi.error('resize_disk', [disk, 4096]);
        expect(error.type).toBe(type);
        expect(error.message).toContain('not this one');
      }
      expect(await cloud.volume(disk)).toMatchObject({ size: 2 * gib });
    },
  ),
  contractCase(
    {
      id: 'DSK-28',
      title: 'update_disk without a change',
      proves: 'A disk that is as it should be is left alone; its CID stays.',
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const disk = await usedDisk(tools);
      const before = await cloud.volume(disk);
      expect([null, disk]).toContain(await update(tools, disk, 2048, tools.offers.diskOffering));
      expect(await cloud.volume(disk)).toEqual(before);
      expect(await cpi.result('has_disk', [disk])).toBe(true);
    },
  ),
  contractCase(
    {
      id: 'DSK-29',
      title: 'update_disk to more',
      proves: 'A disk becomes larger in place, keeps its CID, and can be attached again.',
    },
    async (tools) => {
      const { cpi, cloud, createVm } = tools;
      const disk = await usedDisk(tools);
      expect([null, disk]).toContain(await update(tools, disk, 4096, tools.offers.diskOffering));
      expect(await cloud.volume(disk)).toMatchObject({ size: 4 * gib });
      const vm = await createVm();
      await cpi.result('attach_disk', [vm, disk]);
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
    },
  ),
  contractCase(
    {
      id: 'DSK-30',
      title: 'update_disk to less',
      proves:
        'A disk is never made smaller: NotSupported tells both sizes, so the Director copies.',
    },
    async (tools) => {
      const { cpi, cloud, offers } = tools;
      const disk = await usedDisk(tools);
      const args = [disk, 1024, { disk_offering: offers.diskOffering }];
      const { type, message } = await cpi.error('update_disk', args);
      expect(type).toBe('Bosh::Clouds::NotSupported');
      expect(message).toMatch(/2 GiB.*smaller.*1 GiB/);
      expect(await cloud.volume(disk)).toMatchObject({ size: 2 * gib });
    },
  ),
  contractCase(
    {
      id: 'DSK-31',
      title: 'update_disk to another offering',
      proves:
        'A disk gets another offering; if its CID is another one then, the old disk is gone. It can ' +
        'be attached.',
      needs: ['second disk offering'],
    },
    async (tools) => {
      const { cpi, cloud, offers, createVm } = tools;
      const disk = await usedDisk(tools);
      const other = offered(offers.otherDiskOffering);
      const result = await update(tools, disk, 2048, other);
      const now = typeof result === 'string' ? result : disk;
      expect(await cloud.volume(now)).toMatchObject({ diskofferingname: other, size: 2 * gib });
      if (now !== disk) expect(await cloud.volume(disk)).toBeUndefined();
      const vm = await createVm();
      await cpi.result('attach_disk', [vm, now]);
      expect(await cloud.volume(now)).toMatchObject({ virtualmachineid: vm });
    },
  ),
  contractCase(
    {
      id: 'DSK-32',
      title: 'update_disk of all at once',
      proves: 'Size and offering are changed by one call.',
      needs: ['second disk offering'],
    },
    async (tools) => {
      const { cloud, offers } = tools;
      const disk = await usedDisk(tools);
      const other = offered(offers.otherDiskOffering);
      await update(tools, disk, 5120, other);
      expect(await cloud.volume(disk)).toMatchObject({ diskofferingname: other, size: 5 * gib });
    },
  ),
  contractCase(
    {
      id: 'DSK-33',
      title: 'update_disk that cannot be',
      proves:
        'A disk that cannot be converted in place is NotSupported and stays as it was, so that the ' +
        'Director copies it.',
      needs: ['local storage'],
    },
    async (tools) => {
      const { cpi, cloud, offers } = tools;
      const disk = await usedDisk(tools);
      const before = await cloud.volume(disk);
      const local = offered(offers.localDiskOffering);
      const { type, message } = await cpi.error('update_disk', [
        disk,
        2048,
        { disk_offering: local },
      ]);
      expect(type).toBe('Bosh::Clouds::NotSupported');
      expect(message).toContain(local);
      expect(await cloud.volume(disk)).toEqual(before);
    },
  ),
  contractCase(
    {
      id: 'DSK-34',
      title: 'Changes not implemented',
      proves:
        'A CPI that changes no disks answers NotImplemented or NotSupported, at which the Director ' +
        'copies (disk_manager.rb).',
    },
    async (tools) => {
      const { cpi, offers } = tools;
      const disk = await usedDisk(tools);
      const tolerated = ['Bosh::Clouds::NotImplemented', 'Bosh::Clouds::NotSupported'];
      for (const [method, args] of [
        ['resize_disk', [disk, 3072]],
        ['update_disk', [disk, 4096, { disk_offering: offers.diskOffering }]],
      ] as const) {
        const { error } = await cpi.call(method, [...args]);
        expect([undefined, ...tolerated], method).toContain(error?.type);
      }
    },
  ),
];

/** A disk of 2 GiB that has been attached, and is not any more. */
async function usedDisk({ cpi, createVm, createDisk }: CaseTools): Promise<string> {
  const vm = await createVm();
  const disk = await createDisk(2048, vm);
  await cpi.result('attach_disk', [vm, disk]);
  await cpi.result('detach_disk', [vm, disk]);
  return disk;
}

function update(
  { cpi }: CaseTools,
  disk: string,
  mib: number,
  offering: string,
): ReturnType<CaseTools['cpi']['result']> {
  return cpi.result('update_disk', [disk, mib, { disk_offering: offering }]);
}
