import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import { manualNetwork, offered } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf } from '../../json.js';
import { cloudRefusal, jobFailed, jobTaken } from '../errors/refusal.js';
import { withVip } from '../network/addresses.js';

/** VMs come, are told of, and go. */
export const vmLifeCases = [
  contractCase(
    {
      id: 'VM-01',
      title: 'Full life',
      proves: 'A VM and its disk, with a snapshot, are made, used and taken away.',
      versions: [1, 2, 3],
      needs: ['snapshots'],
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      expect(await cpi.result('has_vm', [vm])).toBe(true);
      await cpi.result('set_vm_metadata', [vm, { deployment: 'contract', name: 'web/0' }]);
      const disk = await createDisk(2048, vm);
      expect(await cpi.result('has_disk', [disk])).toBe(true);
      await cpi.result('attach_disk', [vm, disk]);
      const snapshot = await cpi.cid('snapshot_disk', [disk, {}]);
      await cpi.result('detach_disk', [vm, disk]);
      await cpi.result('delete_snapshot', [snapshot]);
      await cpi.result('delete_disk', [disk]);
      await cpi.result('delete_vm', [vm]);
      expect(await cpi.result('has_disk', [disk])).toBe(false);
      expect(await cpi.result('has_vm', [vm])).toBe(false);
      expect(await cloud.snapshot(snapshot)).toBeUndefined();
    },
  ),
  contractCase(
    {
      id: 'VM-02',
      title: 'has_vm of an unknown VM',
      proves: 'has_vm of an id, or of a name, that is not there is false.',
    },
    async ({ cpi, newId }) => {
      for (const cid of [newId(), 'cpivm-of-nobody']) {
        expect(await cpi.result('has_vm', [cid])).toBe(false);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-03',
      title: 'has_vm of a destroyed VM',
      proves: 'A VM that was destroyed past the CPI is not there any more.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      await cloud.run('destroyVirtualMachine', { id: vm });
      expect(await cpi.result('has_vm', [vm])).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'VM-04',
      title: 'has_vm that cannot be told',
      proves: 'If the cloud does not answer, has_vm is an error, not false.',
    },
    async ({ cpi, door, createVm }) => {
      const vm = await createVm();
      door.intercept(({ command }) => cloudRefusal(command, 'out of order', 530));
      const { type, message } = await cpi.error('has_vm', [vm]);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain('out of order');
    },
  ),
  contractCase(
    {
      id: 'VM-05',
      title: 'delete_vm of an unknown VM',
      proves: 'To delete a VM that is not there succeeds, or is VMNotFound.',
    },
    async ({ cpi, newId, createVm }) => {
      const vm = await createVm();
      await cpi.result('delete_vm', [vm]);
      for (const cid of [vm, newId()]) {
        const { error } = await cpi.call('delete_vm', [cid]);
        expect([undefined, 'Bosh::Clouds::VMNotFound']).toContain(error?.type);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-06',
      title: 'delete_vm at the same time as somebody else',
      proves: 'A VM that goes while it is being deleted is deleted.',
      needs: ['operator'],
    },
    async ({ cpi, operator, door, createVm }) => {
      const vm = await createVm();
      let isFirst = true;
      door.intercept(async ({ command }) => {
        if (command !== 'destroyVirtualMachine' || !isFirst) return undefined;
        isFirst = false;
        await operator.run(command, { id: vm, expunge: 'true' });
        return undefined;
      });
      expect(await cpi.result('delete_vm', [vm])).toBeNull();
      expect(await cpi.result('has_vm', [vm])).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'VM-07',
      title: 'delete_vm of a VM that has lost a card',
      proves: 'A VM one of whose cards an operator has removed is deleted as any other.',
      needs: ['second network', 'operator'],
    },
    async ({ cpi, operator, offers, address, createVm }) => {
      const second = offered(offers.secondNetwork);
      const vm = await createVm({
        networks: {
          main: manualNetwork(offers.network, address(offers.network)),
          other: manualNetwork(second, address(second), { default: [] }),
        },
      });
      const nics = await operator.list('listNics', 'nic', { virtualmachineid: vm });
      const other = nics.find((nic) => nic['isdefault'] !== true);
      await operator.run('removeNicFromVirtualMachine', {
        virtualmachineid: vm,
        nicid: textOf(other?.['id']),
      });
      expect(await cpi.result('delete_vm', [vm])).toBeNull();
      expect(await cpi.result('has_vm', [vm])).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'VM-08',
      title: 'delete_vm frees addresses',
      proves:
        'All addresses of a VM, in each network and public, can be had as soon as it is gone.',
      needs: ['second network', 'vips'],
    },
    async ({ cpi, cloud, offers, address, createVm }) => {
      const second = offered(offers.secondNetwork);
      const [vip = ''] = offered(offers.vips);
      const networks = {
        ...withVip({ offers, address }, vip),
        other: manualNetwork(second, address(second), { default: [] }),
      };
      const vm = await createVm({ networks });
      await cpi.result('delete_vm', [vm]);
      const next = await createVm({ networks });
      expect(await cloud.vm(next)).toMatchObject({ state: 'Running', publicip: vip });
    },
  ),
  contractCase(
    {
      id: 'VM-09',
      title: 'delete_vm ends when the VM is gone',
      proves:
        'A VM can be made with the address and for the agent of one that was deleted, time after ' +
        'time.',
    },
    async ({ cpi, cloud, offers, address, newId, createVm }) => {
      const ip = address(offers.network);
      const wishes = {
        agentId: newId(),
        networks: { private: manualNetwork(offers.network, ip) },
      };
      for (let time = 0; time < 3; time += 1) {
        const vm = await createVm(wishes);
        expect(await cloud.vm(vm)).toMatchObject({ nic: [{ ipaddress: ip }] });
        // One that the Director has told nothing of would be replaced anyway (NET-11).
        await cpi.result('set_vm_metadata', [vm, { deployment: 'contract' }]);
        await cpi.result('delete_vm', [vm]);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-13',
      title: 'reboot_vm',
      proves: 'A VM that runs, or is off, runs afterwards, under the same CID.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      for (const isOff of [false, true]) {
        if (isOff) await cloud.run('stopVirtualMachine', { id: vm });
        expect(await cpi.result('reboot_vm', [vm])).toBeNull();
        expect(await cloud.vm(vm)).toMatchObject({ state: 'Running' });
      }
    },
  ),
  contractCase(
    {
      id: 'VM-14',
      title: 'Failures of reboot_vm',
      proves:
        'A VM that is not there is VMNotFound; if the cloud refuses to reboot it or fails at it, the ' +
        'error says why.',
    },
    async ({ cpi, door, newId, createVm }) => {
      const missing = newId();
      const nothing = await cpi.error('reboot_vm', [missing]);
      expect(nothing.type).toBe('Bosh::Clouds::VMNotFound');
      expect(nothing.message).toContain(missing);

      const vm = await createVm();
      const job = newId();
      for (const first of [
        cloudRefusal('rebootVirtualMachine', 'the host is in pieces', 530),
        jobTaken('rebootVirtualMachine', job),
      ]) {
        door.intercept(({ command, parameters }) => {
          if (command === 'rebootVirtualMachine') return first;
          return parameters.get('jobid') === job ? jobFailed('the host is in pieces') : undefined;
        });
        const { type, message } = await cpi.error('reboot_vm', [vm]);
        expect(type).toBe('Bosh::Clouds::CloudError');
        expect(message).toContain('the host is in pieces');
      }
    },
  ),
  contractCase(
    {
      id: 'VM-45',
      title: 'Names for people',
      proves:
        'A VM is shown by the name in its metadata, also in letters that are not ASCII; its CID stays.',
    },
    async ({ cpi, cloud, createVm }) => {
      const vm = await createVm();
      for (const name of ['web/0', 'größe-東京/1']) {
        await cpi.result('set_vm_metadata', [vm, { name }]);
        expect(await cloud.vm(vm)).toMatchObject({ id: vm, displayname: name });
        expect(tagsOf(await cloud.vm(vm))).toMatchObject({ name });
      }
      expect(await cpi.result('has_vm', [vm])).toBe(true);
    },
  ),
  contractCase(
    {
      id: 'VM-48',
      title: 'get_disks',
      proves: 'get_disks lists the disks of a VM, and is VMNotFound for one that is not there.',
    },
    async ({ cpi, newId, createVm, createDisk }) => {
      const vm = await createVm();
      expect(await cpi.result('get_disks', [vm])).toEqual([]);
      const disks = [await createDisk(1024, vm), await createDisk(2048, vm)];
      for (const disk of disks) await cpi.result('attach_disk', [vm, disk]);
      const listed = await cpi.result('get_disks', [vm]);
      expect(Array.isArray(listed) && [...listed].sort()).toEqual([...disks].sort());
      expect((await cpi.error('get_disks', [newId()])).type).toBe('Bosh::Clouds::VMNotFound');
    },
  ),
  contractCase(
    {
      id: 'VM-49',
      title: 'delete_vm with a disk',
      proves: 'A disk survives the VM that it is attached to, and can be attached to another.',
    },
    async ({ cpi, cloud, createVm, createDisk }) => {
      const vm = await createVm();
      const disk = await createDisk(1024, vm);
      await cpi.result('attach_disk', [vm, disk]);
      await cpi.result('delete_vm', [vm]);
      const next = await createVm();
      expect(await cpi.result('attach_disk', [next, disk])).not.toBeNull();
      expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: next });
    },
  ),
];
