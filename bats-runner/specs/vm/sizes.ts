import { expect } from '@playwright/test';
import { offered } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import type { JsonObject } from '../../json.js';
import { objectOf } from './agent-settings.js';

const gib = 1024 ** 3;

/** How large VMs are, and how a Director finds out what to ask for. */
export const vmSizeCases = [
  contractCase(
    {
      id: 'VM-15',
      title: 'Unknown offering',
      proves:
        'An offering that is not there is an error that names those that are, with a log; nothing ' +
        'is made.',
      versions: [1, 2],
    },
    async ({ cpi, offers, ownership, newId, vmArguments }) => {
      for (const name of ['none-such', newId()]) {
        const args = await vmArguments({ properties: { compute_offering: name } });
        const { error, log } = await cpi.call('create_vm', args);
        expect(error?.type).toBe('Bosh::Clouds::CloudError');
        expect(error?.message).toContain(name);
        expect(error?.message).toContain(offers.computeOffering);
        expect(log).not.toBe('');
      }
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-23',
      title: 'calculate_vm_cloud_properties',
      proves:
        'What a VM needs becomes cloud_properties with which it is made, with at least that much.',
    },
    async ({ cpi, cloud, createVm }) => {
      const needs = { cpu: 2, ram: 3000, ephemeral_disk_size: 1500 };
      const properties = await cpi.result('calculate_vm_cloud_properties', [needs]);
      const vm = await createVm({ properties: objectOf(properties) });
      const row = await cloud.vm(vm);
      expect(row?.['cpunumber']).toBeGreaterThanOrEqual(needs.cpu);
      expect(row?.['memory']).toBeGreaterThanOrEqual(needs.ram);
      // Not the largest that there is.
      expect(row?.['memory']).toBeLessThan(2 * needs.ram);
      const data = (await cloud.volumesOf(vm)).find(({ type }) => type === 'DATADISK');
      expect(data?.['size']).toBeGreaterThanOrEqual(needs.ephemeral_disk_size * 1024 * 1024);
    },
  ),
  contractCase(
    {
      id: 'VM-24',
      title: 'calculate_vm_cloud_properties with too little',
      proves: 'Needs that are not all told are an error that names what is missing.',
    },
    async ({ cpi }) => {
      for (const needs of [{}, { cpu: 1, ram: 1024 }] as JsonObject[]) {
        const error = await cpi.error('calculate_vm_cloud_properties', [needs]);
        expect(error.type).toBe('Bosh::Clouds::CpiError');
        for (const name of ['cpu', 'ram', 'ephemeral_disk_size']) {
          expect(error.message).toContain(name);
        }
      }
    },
  ),
  contractCase(
    {
      id: 'VM-25',
      title: 'calculate_vm_cloud_properties of too much',
      proves: 'Needs that no offering meets are an error that tells them.',
    },
    async ({ cpi, offers }) => {
      // A custom compute offering without limits gives any memory, but no disk has any size.
      const needs = { cpu: 1, ram: 1024, ephemeral_disk_size: 1_000_000_000 };
      const { message } = await cpi.error('calculate_vm_cloud_properties', [needs]);
      expect(message).toContain('1000000000 MiB');
      expect(message).toContain(offers.diskOffering);
    },
  ),
  contractCase(
    {
      id: 'VM-27',
      title: 'Chosen size',
      proves:
        'A VM of a custom offering has the CPUs and memory of cloud_properties, which it needs.',
      needs: ['custom compute offering'],
    },
    async ({ cpi, cloud, offers, createVm, vmArguments }) => {
      const custom = { compute_offering: offered(offers.customComputeOffering) };
      const vm = await createVm({ properties: { ...custom, cpu: 2, ram: 3072 } });
      expect(await cloud.vm(vm)).toMatchObject({ cpunumber: 2, memory: 3072 });
      const args = await vmArguments({ properties: custom });
      expect((await cpi.error('create_vm', args)).message).toMatch(/set cpu and ram/);
    },
  ),
  contractCase(
    {
      id: 'VM-28',
      title: 'Size of the root disk',
      proves: 'The root disk is as large as cloud_properties say, or else as the stemcell.',
    },
    async ({ cloud, createVm }) => {
      const sizes: number[] = [];
      for (const properties of [{}, { root_disk_size: 20 * 1024 + 1 }]) {
        const vm = await createVm({ properties });
        const [root] = await cloud.volumesOf(vm);
        sizes.push(Number(root?.['size']));
      }
      expect(sizes[1]).toBe(21 * gib);
      expect(sizes[0]).toBeLessThan(21 * gib);
      expect(sizes[0]).toBeGreaterThan(0);
    },
  ),
  contractCase(
    {
      id: 'VM-29',
      title: 'Root disk of no size',
      proves: 'A root disk of no or too little size is an error that says so; nothing is made.',
    },
    async ({ cpi, ownership, vmArguments }) => {
      const none = await vmArguments({ properties: { root_disk_size: 0 } });
      expect((await cpi.error('create_vm', none)).message).toMatch(/root_disk_size must be/);
      const small = await vmArguments({ properties: { root_disk_size: 1 } });
      expect((await cpi.error('create_vm', small)).message).toMatch(/smaller than/);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-30',
      title: 'Device of the root disk',
      proves: 'A VM boots from a volume, its first device, of the template of the stemcell.',
    },
    async ({ cloud, createVm, stemcell }) => {
      const cid = await stemcell();
      const templateid = cid.replace(/ light$/, '');
      const vm = await createVm({ stemcell: cid });
      expect(await cloud.volumesOf(vm)).toMatchObject([{ type: 'ROOT', deviceid: 0, templateid }]);
      expect(await cloud.vm(vm)).toMatchObject({ templateid });
    },
  ),
];
