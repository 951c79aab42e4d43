import { expect } from '@playwright/test';
import { manualNetwork, offered, type CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf, type JsonObject } from '../../json.js';
import { imageFile, properties as stemcellProperties } from '../stemcell/upload.js';

/** Where VMs are. */
export const vmPlacementCases = [
  contractCase(
    {
      id: 'VM-10',
      title: 'VM for existing disks',
      proves: 'A VM that is made for disks that there are can have them attached.',
    },
    async ({ cpi, cloud, offers, newId, createVm, createDisk }) => {
      // The second of them is not where a VM would be anyway.
      const apart = { properties: { affinity_group: `contract-${newId()}` } };
      await createVm(apart);
      const first = await createVm(apart);
      const types = [offers.diskOffering, offers.localDiskOffering].filter(
        (name) => name !== undefined,
      );
      const disks: string[] = [];
      for (const name of types) {
        const disk = await createDisk(1024, first, { disk_offering: name });
        await cpi.result('attach_disk', [first, disk]);
        disks.push(disk);
      }
      // As for a VM that does not answer: its disks are still attached.
      await cpi.result('delete_vm', [first]);
      const vm = await createVm({ disks });
      for (const disk of disks) {
        expect(await cpi.result('attach_disk', [vm, disk])).not.toBeNull();
        expect(await cloud.volume(disk)).toMatchObject({ virtualmachineid: vm });
      }
    },
  ),
  contractCase(
    {
      id: 'VM-11',
      title: 'VM where its disk is',
      proves: 'A VM follows a disk on local storage to its host, to whichever of several it is.',
      needs: ['local storage', 'operator'],
    },
    async ({ cpi, operator, offers, newId, createVm, createDisk }) => {
      const local = offered(offers.localDiskOffering);
      const apart = { properties: { affinity_group: `contract-${newId()}` } };
      const vms = [await createVm(apart), await createVm(apart)];
      const hosts = new Map<string, string>();
      for (const vm of vms) {
        const disk = await createDisk(1024, vm, { disk_offering: local });
        await cpi.result('attach_disk', [vm, disk]);
        await cpi.result('detach_disk', [vm, disk]);
        hosts.set(disk, await hostOf(operator, vm));
      }
      expect(new Set(hosts.values()).size).toBe(vms.length);
      for (const vm of vms) await cpi.result('delete_vm', [vm]);
      for (const [disk, host] of hosts) {
        const vm = await createVm({ disks: [disk] });
        expect(await hostOf(operator, vm)).toBe(host);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-19',
      title: 'Unknown zone',
      proves: 'A zone that is not there is an error that names those that are; nothing is made.',
    },
    async ({ cpi, offers, ownership, vmArguments }) => {
      const args = await vmArguments({ properties: { zone: 'none-such' } });
      const { message, okToRetry } = await cpi.error('create_vm', args);
      expect(message).toContain('none-such');
      expect(message).toContain(offers.zone);
      expect(okToRetry).toBe(false);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-20',
      title: 'Zone of the AZ',
      proves: 'A VM is in the zone that the cloud_properties of its AZ name, under either key.',
      needs: ['uploads', 'two zones'],
    },
    async (tools) => {
      const { cpi, cloud, offers, createVm, address } = tools;
      const { zone, network } = offered(offers.secondZone);
      const image = await imageFile(tools);
      const stemcell = await cpi.cid('create_stemcell', [image, stemcellProperties]);
      for (const key of ['zone', 'availability_zone']) {
        const vm = await createVm({
          stemcell,
          properties: { [key]: zone },
          networks: { private: manualNetwork(network, address(network)) },
        });
        expect(await cloud.vm(vm)).toMatchObject({ zonename: zone, state: 'Running' });
      }
    },
  ),
  contractCase(
    {
      id: 'VM-39',
      title: 'VMs apart',
      proves:
        'VMs of one anti-affinity group, named or of an instance group, are on different hosts.',
      needs: ['operator'],
    },
    async ({ cpi, operator, cloud, newId, vmArguments }) => {
      const named = { properties: { affinity_group: `contract-${newId()}` } };
      const automatic = { env: { bosh: { group: `contract-${newId()}` } } };
      for (const [wishes, context] of [
        [named, {}],
        [automatic, { enable_auto_anti_affinity: true }],
      ] as const) {
        const hosts = new Set<string>();
        for (let count = 0; count < 2; count += 1) {
          const vm = await cpi.cid('create_vm', await vmArguments(wishes), { context });
          expect((await cloud.vm(vm))?.['affinitygroup']).toHaveLength(1);
          hosts.add(await hostOf(operator, vm));
        }
        expect(hosts.size).toBe(2);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-40',
      title: 'More VMs apart than hosts',
      proves:
        'One VM more than there are hosts is refused in a strict group, with an error that may be ' +
        'tried again, and made in one that is not strict.',
      needs: ['operator'],
    },
    async ({ cpi, operator, ownership, offers, newId, vmArguments }) => {
      const hosts = await operator.list('listHosts', 'host', { type: 'Routing' });
      const most = hosts.filter(({ zonename }) => zonename === offers.zone).length;
      const groupOf = (type: string): JsonObject => ({
        affinity_group: `contract-${newId()}`,
        affinity_group_type: type,
      });
      const strict = groupOf('host anti-affinity');
      for (let count = 0; count < most; count += 1) {
        await cpi.cid('create_vm', await vmArguments({ properties: strict }));
      }
      const before = await ownership.changes();
      const refused = await cpi.error('create_vm', await vmArguments({ properties: strict }));
      expect(refused).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', okToRetry: true });
      expect(await ownership.changes()).toEqual(before);

      const soft = groupOf('non-strict host anti-affinity');
      for (let count = 0; count <= most; count += 1) {
        await cpi.cid('create_vm', await vmArguments({ properties: soft }));
      }
    },
  ),
  contractCase(
    {
      id: 'VM-41',
      title: 'Life of a group',
      proves:
        'A group that the CPI made goes with its last VM, and not before; one of an operator stays.',
    },
    async ({ cpi, cloud, newId, createVm }) => {
      const [own, foreign] = [`contract-${newId()}`, `contract-${newId()}`];
      const made = await cloud.run('createAffinityGroup', {
        name: foreign,
        type: 'host anti-affinity',
      });
      const isThere = async (name: string): Promise<boolean> =>
        (await cloud.list('listAffinityGroups', 'affinitygroup', { name })).length > 0;
      try {
        const first = await createVm({ properties: { affinity_group: own } });
        const second = await createVm({ properties: { affinity_group: own } });
        await cpi.result('delete_vm', [first]);
        expect(await isThere(own)).toBe(true);
        await cpi.result('delete_vm', [second]);
        expect(await isThere(own)).toBe(false);

        const third = await createVm({ properties: { affinity_group: foreign } });
        await cpi.result('delete_vm', [third]);
        expect(await isThere(foreign)).toBe(true);
      } finally {
        const group = made['affinitygroup'] as JsonObject | undefined;
        await cloud.run('deleteAffinityGroup', { id: textOf((group ?? made)['id']) });
      }
    },
  ),
  contractCase(
    {
      id: 'VM-43',
      title: 'No room',
      proves:
        'A VM for which no host has room is an error that may be tried again; nothing of it stays.',
      needs: ['custom compute offering'],
    },
    async ({ cpi, offers, ownership, vmArguments }) => {
      const huge = {
        compute_offering: offered(offers.customComputeOffering),
        cpu: 8,
        ram: 4_000_000,
      };
      const args = await vmArguments({ properties: huge });
      const error = await cpi.error('create_vm', args);
      expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', okToRetry: true });
      expect(error.message).toMatch(/capacity|deployment/i);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
];

/** The host that a VM runs on, which only an operator sees. */
async function hostOf(operator: CaseTools['operator'], vm: string): Promise<string> {
  const [row] = await operator.list('listVirtualMachines', 'virtualmachine', { id: vm });
  return textOf(row?.['hostid']);
}
