import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import type { JsonValue } from '../../json.js';

/** What Directors make of errors: each has a type that they know, in a form that they can read. */
export const answerCases = [
  contractCase(
    {
      id: 'ERR-04',
      title: 'VMNotFound on delete',
      proves: 'To delete a VM that is not there succeeds, or is VMNotFound, which is tolerated.',
    },
    async ({ cpi, newId }) => {
      const { error } = await cpi.call('delete_vm', [newId()]);
      expect([undefined, 'Bosh::Clouds::VMNotFound']).toContain(error?.type);
    },
  ),
  contractCase(
    {
      id: 'ERR-05',
      title: 'DiskNotAttached',
      proves:
        'An attached disk is detached without an error; one that is not attached succeeds, or is ' +
        'DiskNotAttached, which is tolerated unless the disk is in use.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      const { error } = await cpi.call('detach_disk', [vm, disk]);
      expect([undefined, 'Bosh::Clouds::DiskNotAttached']).toContain(error?.type);

      await cpi.result('attach_disk', [vm, disk]);
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
      expect(await cpi.result('detach_disk', [vm, disk])).toBeNull();
      expect(await cloud.volume(disk)).not.toHaveProperty('virtualmachineid');
    },
  ),
  contractCase(
    {
      id: 'ERR-06',
      title: 'DiskNotFound on delete',
      proves:
        'To delete a disk that is not there succeeds, or is DiskNotFound, which is tolerated.',
    },
    async ({ cpi, newId }) => {
      const { error } = await cpi.call('delete_disk', [newId()]);
      expect([undefined, 'Bosh::Clouds::DiskNotFound']).toContain(error?.type);
    },
  ),
  contractCase(
    {
      id: 'ERR-07',
      title: 'No attachment without a hint',
      proves:
        'attach_disk always answers a hint that is neither null nor empty, also the next time.',
      versions: [2, 3],
    },
    async ({ cpi, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      const first = await cpi.result('attach_disk', [vm, disk]);
      // AttachDiskResponseError of the Director (external_cpi_response_wrapper.rb).
      expect(first).not.toBeNull();
      expect(Object.values(typeof first === 'string' ? [first] : (first ?? {}))).not.toContain('');
      expect(await cpi.result('attach_disk', [vm, disk])).toEqual(first);
    },
  ),
  contractCase(
    {
      id: 'ERR-08',
      title: 'Known error types',
      proves:
        'Whatever is asked of a thing that is not there, an error has a type that Directors know.',
    },
    async ({ cpi, newId }) => {
      // An answer with another type fails as a call (external_cpi.rb, KNOWN_RPC_ERRORS).
      const types = [];
      for (const [method, args] of callsOnNothing(newId)) {
        types.push((await cpi.call(method, args)).error?.type);
      }
      expect(types.filter((type) => type !== undefined).length).toBeGreaterThan(3);
    },
  ),
  contractCase(
    {
      id: 'ERR-09',
      title: 'Readable whatever is asked',
      proves:
        'Arguments of wrong kinds are answered in the form that Directors demand, as CpiError.',
    },
    async ({ cpi, newId }) => {
      const wrongCids = [7, '', ['list'], null, {}];
      for (const [index, [method, args]] of callsOnNothing(newId).entries()) {
        const wrong = wrongCids[index % wrongCids.length] ?? null;
        const { type, message } = await cpi.error(method, [wrong, ...args.slice(1)]);
        expect(type, `${method} of ${JSON.stringify(wrong)}`).toBe('Bosh::Clouds::CpiError');
        expect(message).toContain(method);
      }
    },
  ),
  contractCase(
    {
      id: 'ERR-10',
      title: 'Executable',
      proves:
        'The CPI is an executable that starts by its absolute path, in any working directory.',
    },
    async ({ cpi }) => {
      expect(await cpi.call('info', [], { cwd: '/', environment: {} })).toMatchObject({
        error: null,
        exitCode: 0,
      });
    },
  ),
  contractCase(
    {
      id: 'ERR-11',
      title: 'Cloud check',
      proves: 'has_vm and has_disk answer true or false, or that they are not implemented.',
    },
    async ({ cpi, newId, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      for (const [method, cid, expected] of [
        ['has_vm', vm, true],
        ['has_vm', newId(), false],
        ['has_disk', disk, true],
        ['has_disk', newId(), false],
      ] as const) {
        const { error, result } = await cpi.call(method, [cid]);
        if (error === null) expect(result, method).toBe(expected);
        else expect(error.type, method).toBe('Bosh::Clouds::NotImplemented');
      }
    },
  ),
];

/** Calls that name what is not there. */
function callsOnNothing(newId: () => string): (readonly [string, JsonValue[]])[] {
  return [
    ['has_vm', [newId()]],
    ['delete_vm', [newId()]],
    ['reboot_vm', [newId()]],
    ['set_vm_metadata', [newId(), {}]],
    ['get_disks', [newId()]],
    ['has_disk', [newId()]],
    ['delete_disk', [newId()]],
    ['attach_disk', [newId(), newId()]],
    ['detach_disk', [newId(), newId()]],
    ['resize_disk', [newId(), 4096]],
    ['update_disk', [newId(), 4096, {}]],
    ['set_disk_metadata', [newId(), {}]],
    ['snapshot_disk', [newId(), {}]],
    ['delete_snapshot', [newId()]],
    ['delete_stemcell', [newId()]],
    ['delete_network', [newId()]],
  ];
}
