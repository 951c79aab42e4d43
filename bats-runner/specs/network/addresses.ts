import { expect } from '@playwright/test';
import { manualNetwork, offered, type CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf, type JsonObject } from '../../json.js';
import { cardsOf } from '../vm/agent-settings.js';

/** TEST-NET-1 (RFC 5737): no cloud has it to give. */
const nobodysAddress = '192.0.2.1';

/** Addresses that are taken, public ones, and security groups. */
export const addressCases = [
  contractCase(
    {
      id: 'NET-03',
      title: 'Public address',
      proves: 'The address of a vip network leads to the VM, and is given back with it.',
      needs: ['vips'],
    },
    async ({ cpi, cloud, offers, createVm, address }) => {
      const [ip = ''] = offered(offers.vips);
      const vm = await createVm({ networks: withVip({ offers, address }, ip) });
      expect(await cloud.vm(vm)).toMatchObject({ publicip: ip });
      await cpi.result('delete_vm', [vm]);
      const held = await cloud.list('listPublicIpAddresses', 'publicipaddress');
      expect(held.map(({ ipaddress }) => ipaddress)).not.toContain(ip);
    },
  ),
  contractCase(
    {
      id: 'NET-04',
      title: 'Public address of one VM after another',
      proves: 'When a VM is deleted, another one can have its public address at once.',
      needs: ['vips'],
    },
    async ({ cpi, cloud, offers, createVm, address }) => {
      const [ip = ''] = offered(offers.vips);
      for (let time = 0; time < 2; time += 1) {
        const vm = await createVm({ networks: withVip({ offers, address }, ip) });
        expect(await cloud.vm(vm)).toMatchObject({ publicip: ip });
        await cpi.result('delete_vm', [vm]);
      }
    },
  ),
  contractCase(
    {
      id: 'NET-05',
      title: 'Public address that cannot be had',
      proves:
        'A vip that the cloud has not, or that another VM has, is an error that names it, and the VM ' +
        'is taken back.',
      needs: ['vips'],
    },
    async ({ cpi, offers, ownership, createVm, address, vmArguments }) => {
      const [ip = ''] = offered(offers.vips);
      await createVm({ networks: withVip({ offers, address }, ip) });
      const before = await ownership.changes();
      for (const unavailable of [nobodysAddress, ip]) {
        const networks = withVip({ offers, address }, unavailable);
        const { message, okToRetry } = await cpi.error(
          'create_vm',
          await vmArguments({ networks }),
        );
        expect(message).toContain(unavailable);
        expect(okToRetry).toBe(false);
        expect(await ownership.changes()).toEqual(before);
      }
    },
  ),
  contractCase(
    {
      id: 'NET-11',
      title: 'Address of a forgotten VM',
      proves:
        'An address that an earlier, unfinished create_vm for the same agent still holds is used ' +
        'again.',
    },
    async ({ cpi, cloud, offers, address, newId, vmArguments }) => {
      const ip = address(offers.network);
      const networks = { private: manualNetwork(offers.network, ip) };
      const args = await vmArguments({ agentId: newId(), networks });
      // The Director was told nothing of the first one, so that it never got metadata.
      const forgotten = await cpi.cid('create_vm', args);
      const vm = await cpi.cid('create_vm', args);
      expect(cardsOf(await cloud.vm(vm)).get(offers.network.name)).toMatchObject({ ipaddress: ip });
      expect(await cpi.result('has_vm', [forgotten])).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'NET-12',
      title: 'Address of another VM',
      proves:
        'An address that another VM has is an error that names it, and that VM; when it is free it ' +
        'can be had.',
    },
    async ({ cpi, cloud, offers, ownership, createVm, address, vmArguments }) => {
      const ip = address(offers.network);
      const networks = { private: manualNetwork(offers.network, ip) };
      const holder = await createVm({ networks });
      await cpi.result('set_vm_metadata', [holder, { deployment: 'contract' }]);
      const before = await ownership.changes();
      const args = await vmArguments({ networks });
      const { message, okToRetry } = await cpi.error('create_vm', args);
      expect(message).toContain(ip);
      expect(message).toContain(holder);
      expect(okToRetry).toBe(false);
      expect(await ownership.changes()).toEqual(before);

      await cpi.result('delete_vm', [holder]);
      const vm = await cpi.cid('create_vm', args);
      expect(cardsOf(await cloud.vm(vm)).get(offers.network.name)).toMatchObject({ ipaddress: ip });
    },
  ),
  contractCase(
    {
      id: 'NET-13',
      title: 'Security groups',
      proves:
        'Security groups are asked for by name or by id; what the cloud does not have is an error ' +
        'that says why, and nothing is made.',
    },
    async ({ cpi, door, ownership, newId, vmArguments }) => {
      const id = newId();
      for (const [groups, parameter] of [
        [['none-such'], 'securitygroupnames'],
        [[id], 'securitygroupids'],
      ] as const) {
        const args = await vmArguments({ properties: { security_groups: [...groups] } });
        const { type, okToRetry, message } = await cpi.error('create_vm', args);
        expect(type).toBe('Bosh::Clouds::CloudError');
        expect(okToRetry).toBe(false);
        expect(message).toMatch(/security ?group/i);
        const asked = door.requests.findLast(({ command }) => command === 'deployVirtualMachine');
        expect(asked?.parameters.get(parameter)).toBe(groups.join(','));
      }
      const mixed = await vmArguments({ properties: { security_groups: ['web', id] } });
      expect((await cpi.error('create_vm', mixed)).type).toBe('Bosh::Clouds::CpiError');
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'NET-14',
      title: 'Security groups of networks',
      proves: 'A VM without security groups of its own has those of its networks; with, not.',
    },
    async ({ cpi, door, offers, address, vmArguments }) => {
      const { name } = offers.network;
      const asked: (string | undefined)[] = [];
      for (const properties of [{}, { security_groups: ['of-vm'] }] as JsonObject[]) {
        const cloud = { name, security_groups: ['of-network'] };
        const spec = manualNetwork(offers.network, address(offers.network), {
          cloud_properties: cloud,
        });
        // A cloud without such groups refuses them; what counts is what it was asked for.
        await cpi.error('create_vm', await vmArguments({ properties, networks: { n: spec } }));
        const request = door.requests.findLast(({ command }) => command === 'deployVirtualMachine');
        asked.push(request?.parameters.get('securitygroupnames'));
      }
      expect(asked).toEqual(['of-network', 'of-vm']);
    },
  ),
];

/** A VM in the usual network, with a public address. */
export function withVip(
  { offers, address }: Pick<CaseTools, 'offers' | 'address'>,
  ip: string,
): JsonObject {
  return {
    private: manualNetwork(offers.network, address(offers.network)),
    public: { type: 'vip', ip: textOf(ip), cloud_properties: {} },
  };
}
