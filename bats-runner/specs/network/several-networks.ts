import { expect } from '@playwright/test';
import { manualNetwork, offered } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { isObject, textOf, type JsonObject } from '../../json.js';
import { addNetwork, removeNetworks } from './add-network.js';
import { cardsOf, objectOf, settingsOf, valueAt } from '../vm/agent-settings.js';

const mostCards = 10;

/** VMs with several cards, and several networks on one. */
export const severalNetworksCases = [
  contractCase(
    {
      id: 'NIC-01',
      title: 'Several manual networks',
      proves:
        'A VM has a card with its address in each network, whose MAC addresses are in the settings ' +
        'of the agent; with the VM all of them are gone.',
      needs: ['second network', 'shared network'],
    },
    async ({ cpi, cloud, offers, address, createVm }) => {
      const all = [offers.network, offered(offers.secondNetwork), offered(offers.sharedNetwork)];
      const ips = all.map((network) => address(network));
      const networks = (): JsonObject =>
        Object.fromEntries(
          all.map((network, index) => [
            network.name,
            manualNetwork(network, ips[index] ?? '', index === 0 ? {} : { default: [] }),
          ]),
        );
      const vm = await createVm({ networks: networks() });
      const cards = cardsOf(await cloud.vm(vm));
      const settings = await settingsOf(cloud, vm);
      for (const [index, { name }] of all.entries()) {
        expect(cards.get(name)).toMatchObject({ ipaddress: ips[index] });
        const mac = textOf(cards.get(name)?.['macaddress']).toLowerCase();
        expect(valueAt(settings, 'networks', name)).toMatchObject({ ip: ips[index], mac });
      }
      await cpi.result('delete_vm', [vm]);
      // The addresses are free.
      const next = await createVm({ networks: networks() });
      expect(cardsOf(await cloud.vm(next)).size).toBe(all.length);
    },
  ),
  contractCase(
    {
      id: 'NIC-02',
      title: 'Ten cards',
      proves: 'A VM may have ten cards, each in another network, and goes with all of them.',
      needs: ['network offering', 'operator', 'simulator'],
    },
    async ({ cpi, cloud, operator, offers, newId, createVm }) => {
      const made: string[] = [];
      try {
        for (let count = 0; count < mostCards; count += 1) {
          made.push(await addNetwork(cloud, offers, `contract-${newId()}`));
        }
        const networks = Object.fromEntries(
          made.map((id) => [id, { type: 'dynamic', cloud_properties: { name: id } }]),
        );
        const vm = await createVm({ networks });
        const row = await cloud.vm(vm);
        expect(row?.['nic']).toHaveLength(mostCards);
        const macs = Object.values(objectOf(valueAt(await settingsOf(cloud, vm), 'networks')));
        expect(new Set(macs.map((network) => valueAt(network, 'mac'))).size).toBe(mostCards);
        await cpi.result('delete_vm', [vm]);
        expect(await cpi.result('has_vm', [vm])).toBe(false);
      } finally {
        await removeNetworks(operator, made);
      }
    },
  ),
  contractCase(
    {
      id: 'NIC-03',
      title: 'Dynamic, manual and vip',
      proves: 'One VM may be in networks of all types, and goes with all its addresses.',
      needs: ['second network', 'vips'],
    },
    async ({ cpi, cloud, offers, address, createVm }) => {
      const second = offered(offers.secondNetwork);
      const [vip = ''] = offered(offers.vips);
      const ip = address(offers.network);
      const vm = await createVm({
        networks: {
          manual: manualNetwork(offers.network, ip),
          dynamic: { type: 'dynamic', cloud_properties: { name: second.name } },
          public: { type: 'vip', ip: vip, cloud_properties: {} },
        },
      });
      const row = await cloud.vm(vm);
      expect(row).toMatchObject({ state: 'Running', publicip: vip });
      expect(cardsOf(row).get(offers.network.name)).toMatchObject({ ipaddress: ip });
      expect(cardsOf(row).get(second.name)).toHaveProperty('ipaddress');
      await cpi.result('delete_vm', [vm]);
      expect(await cpi.result('has_vm', [vm])).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'NIC-04',
      title: 'Card of the public address',
      proves:
        'A vip leads to the card with the default gateway, unless its nic_group says another.',
      needs: ['second network', 'vips'],
    },
    async ({ cpi, cloud, offers, address, createVm }) => {
      const second = offered(offers.secondNetwork);
      const [vip = ''] = offered(offers.vips);
      for (const [group, expected] of [
        [undefined, offers.network.name],
        ['2', second.name],
      ] as const) {
        const vm = await createVm({
          networks: {
            other: manualNetwork(second, address(second), { default: [], nic_group: '2' }),
            main: manualNetwork(offers.network, address(offers.network), { nic_group: '1' }),
            public: {
              type: 'vip',
              ip: vip,
              cloud_properties: {},
              ...(group !== undefined && { nic_group: group }),
            },
          },
        });
        const [held] = await cloud.list('listPublicIpAddresses', 'publicipaddress', {
          ipaddress: vip,
        });
        expect(held).toMatchObject({ virtualmachineid: vm, associatednetworkname: expected });
        await cpi.result('delete_vm', [vm]);
      }
    },
  ),
  contractCase(
    {
      id: 'NIC-05',
      title: 'Two of a kind',
      proves:
        'Two dynamic networks that are one network of the cloud, or two vips, are errors that name ' +
        'both; nothing is made.',
      needs: ['vips'],
    },
    async ({ cpi, offers, ownership, address, vmArguments }) => {
      const { name } = offers.network;
      const [first = '', second = ''] = offered(offers.vips);
      const dynamic = { type: 'dynamic', cloud_properties: { name } };
      const vip = (ip: string): JsonObject => ({ type: 'vip', ip, cloud_properties: {} });
      const main = manualNetwork(offers.network, address(offers.network));
      for (const networks of [
        { 'first-one': dynamic, 'second-one': dynamic },
        { main, 'first-one': vip(first), 'second-one': vip(second) },
      ]) {
        const { type, message } = await cpi.error('create_vm', await vmArguments({ networks }));
        expect(type).toBe('Bosh::Clouds::NotSupported');
        expect(message).toContain('first-one');
        expect(message).toContain('second-one');
      }
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'NIC-07',
      title: 'nic_group',
      proves:
        'Networks of one nic_group share a card; without one, two networks that are the same in the ' +
        'cloud are refused.',
    },
    async ({ cpi, cloud, offers, address, vmArguments }) => {
      const { name } = offers.network;
      const dynamic = { type: 'dynamic', cloud_properties: { name } };
      const manual = manualNetwork(offers.network, address(offers.network));
      const grouped = {
        manual: { ...manual, nic_group: '1' },
        dynamic: { ...dynamic, nic_group: '1' },
      };
      const vm = await cpi.cid('create_vm', await vmArguments({ networks: grouped }));
      expect((await cloud.vm(vm))?.['nic']).toHaveLength(1);
      const settings = await settingsOf(cloud, vm);
      const macs = ['manual', 'dynamic'].map((key) => valueAt(settings, 'networks', key, 'mac'));
      expect(macs[0]).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
      expect(macs[1]).toBe(macs[0]);

      const apart = await vmArguments({ networks: { manual, dynamic } });
      expect((await cpi.error('create_vm', apart)).type).toBe('Bosh::Clouds::NotSupported');
    },
  ),
  contractCase(
    {
      id: 'NIC-08',
      title: 'Default network',
      proves:
        'The network with the default gateway has the first card, in whatever order they come.',
      needs: ['second network'],
    },
    async ({ cloud, offers, address, createVm }) => {
      const second = offered(offers.secondNetwork);
      const vm = await createVm({
        networks: {
          other: manualNetwork(second, address(second), { default: [] }),
          main: manualNetwork(offers.network, address(offers.network)),
        },
      });
      const row = await cloud.vm(vm);
      const nics = Array.isArray(row?.['nic']) ? row['nic'].filter(isObject) : [];
      const first = nics.find((nic) => nic['isdefault'] === true);
      expect(first?.['networkname']).toBe(offers.network.name);
    },
  ),
];
