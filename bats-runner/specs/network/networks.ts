import { expect } from '@playwright/test';
import { manualNetwork, offered } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf, type JsonObject } from '../../json.js';
import { cloudRefusal } from '../errors/refusal.js';
import { cardsOf, settingsOf, valueAt } from '../vm/agent-settings.js';
import { addNetwork } from './add-network.js';

/** The networks of a VM. */
export const networkCases = [
  contractCase(
    {
      id: 'NET-01',
      title: 'Dynamic network',
      proves:
        'A VM in a dynamic network gets an address, which create_vm answers; one that the Director ' +
        'tells of earlier is not asked for.',
      versions: [2, 3],
    },
    async ({ cpi, cloud, offers, vmArguments }) => {
      const earlier = offers.network.addresses.at(-1) ?? '';
      const dynamic = {
        type: 'dynamic',
        ip: earlier,
        cloud_properties: { name: offers.network.name },
      };
      const args = await vmArguments({ networks: { dynamic } });
      const [vm, networks] = (await cpi.result('create_vm', args)) as [string, JsonObject];
      const card = cardsOf(await cloud.vm(vm)).get(offers.network.name);
      expect(card?.['ipaddress']).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(card?.['ipaddress']).not.toBe(earlier);
      expect(valueAt(networks, 'dynamic', 'ip')).toBe(card?.['ipaddress']);
      expect(valueAt(await settingsOf(cloud, vm), 'networks', 'dynamic', 'ip')).toBeUndefined();
    },
  ),
  contractCase(
    {
      id: 'NET-02',
      title: 'Manual network',
      proves: 'A VM in a manual network has exactly the address that was asked for.',
    },
    async ({ cloud, offers, createVm, address }) => {
      const ip = address(offers.network);
      const vm = await createVm({ networks: { private: manualNetwork(offers.network, ip) } });
      const cards = [...cardsOf(await cloud.vm(vm)).values()];
      expect(cards).toMatchObject([{ ipaddress: ip, networkname: offers.network.name }]);
    },
  ),
  contractCase(
    {
      id: 'NET-08',
      title: 'Choice of the network',
      proves: 'A VM is in the network that cloud_properties name, by name or by id.',
      needs: ['second network'],
    },
    async ({ cloud, offers, createVm, address }) => {
      const network = offered(offers.secondNetwork);
      const all = await cloud.list('listNetworks', 'network');
      const id = textOf(all.find((row) => row['name'] === network.name)?.['id']);
      for (const name of [network.name, id]) {
        const spec = manualNetwork(network, address(network), { cloud_properties: { name } });
        const vm = await createVm({ networks: { other: spec } });
        expect([...cardsOf(await cloud.vm(vm)).keys()]).toEqual([network.name]);
      }
    },
  ),
  contractCase(
    {
      id: 'NET-09',
      title: 'Unknown network',
      proves: 'A network that is not there is an error that names it; nothing is made.',
    },
    async ({ cpi, offers, ownership, newId, address, vmArguments }) => {
      for (const name of ['none-such', newId()]) {
        const spec = manualNetwork(offers.network, address(offers.network), {
          cloud_properties: { name },
        });
        const args = await vmArguments({ networks: { private: spec } });
        const { message, okToRetry } = await cpi.error('create_vm', args);
        expect(message).toContain(name);
        expect(okToRetry).toBe(false);
      }
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'NET-10',
      title: 'Network without a name',
      proves: 'cloud_properties that name no network are an error that says so; nothing is made.',
    },
    async ({ cpi, offers, ownership, address, vmArguments }) => {
      const spec = manualNetwork(offers.network, address(offers.network), {
        cloud_properties: {},
      });
      const args = await vmArguments({ networks: { private: spec } });
      const { type, message } = await cpi.error('create_vm', args);
      expect(type).toBe('Bosh::Clouds::CpiError');
      expect(message).toMatch(/network private: name is missing/);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'NET-18',
      title: 'IPv6 address',
      proves:
        'An IPv6 address in a network that has none is an error that names both, before the cloud ' +
        'is asked to make anything.',
    },
    async ({ cpi, door, offers, ownership, address, vmArguments }) => {
      const four = manualNetwork(offers.network, address(offers.network), { nic_group: '1' });
      const six = { ...four, ip: '2001:db8::40', prefix: '128' };
      const args = await vmArguments({ networks: { four, six } });
      const { message } = await cpi.error('create_vm', args);
      expect(message).toContain('2001:db8::40');
      expect(message).toContain(offers.network.name);
      expect(door.requests.map(({ command }) => command)).not.toContain('deployVirtualMachine');
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'NET-20',
      title: 'Networks in the answer',
      proves:
        'create_vm answers each network as it was given, with type, address, netmask, gateway, DNS, ' +
        'defaults and cloud_properties, with its routes, and with the MAC address of its card.',
      versions: [2, 3],
    },
    async ({ cpi, cloud, offers, address, vmArguments }) => {
      const { gateway, name } = offers.network;
      const given = manualNetwork(offers.network, address(offers.network));
      const routes = { private: [{ cidr: '10.99.0.0/16', gateway }] };
      const args = await vmArguments({ networks: { private: given }, properties: { routes } });
      const [vm, networks] = (await cpi.result('create_vm', args)) as [string, JsonObject];
      const mac = textOf(cardsOf(await cloud.vm(vm)).get(name)?.['macaddress']).toLowerCase();
      const route = { Destination: '10.99.0.0', Netmask: '255.255.0.0', Gateway: gateway };
      expect(networks).toEqual({ private: { ...given, mac, routes: [route] } });
    },
  ),
  contractCase(
    {
      id: 'NET-21',
      title: 'Managed network',
      proves:
        'create_network makes a network with the range that was asked for and answers how VMs refer ' +
        'to it; delete_network takes it away, also twice.',
      needs: ['network offering'],
    },
    async ({ cpi, cloud, door, offers, vmArguments }) => {
      const subnet = {
        type: 'manual',
        range: '10.77.3.0/24',
        gateway: '10.77.3.1',
        cloud_properties: { network_offering: offered(offers.networkOffering) },
      };
      const made = (await cpi.result('create_network', [subnet])) as [
        string,
        JsonObject,
        JsonObject,
      ];
      const [network, addresses, cloudProperties] = made;
      expect(addresses).toMatchObject({ range: '10.77.3.0/24', gateway: '10.77.3.1' });
      expect(Array.isArray(addresses['reserved'])).toBe(true);
      expect(await cloud.network(network)).toMatchObject({ cidr: '10.77.3.0/24' });

      // A network that a VM has been in is kept until the VM is expunged: here none comes.
      door.intercept(({ command }) =>
        command === 'deployVirtualMachine' ? cloudRefusal(command, 'not now') : undefined,
      );
      const dynamic = { type: 'dynamic', cloud_properties: cloudProperties };
      await cpi.error('create_vm', await vmArguments({ networks: { dynamic } }));
      const asked = door.requests.findLast(({ command }) => command === 'deployVirtualMachine');
      expect(asked?.parameters.get('iptonetworklist[0].networkid')).toBe(network);

      for (let time = 0; time < 2; time += 1) {
        expect(await cpi.result('delete_network', [network])).toBeNull();
        expect(await cloud.network(network)).toBeUndefined();
      }
    },
  ),
  contractCase(
    {
      id: 'NET-22',
      title: 'Ambiguous name',
      proves: 'A name that two networks have is an error with the ids of both.',
      needs: ['network offering'],
    },
    async ({ cpi, cloud, offers, newId, vmArguments }) => {
      const name = `contract-${newId()}`;
      const ids: string[] = [];
      try {
        for (let count = 0; count < 2; count += 1) {
          ids.push(await addNetwork(cloud, offers, name));
        }
        const dynamic = { type: 'dynamic', cloud_properties: { name } };
        const args = await vmArguments({ networks: { dynamic } });
        const { message, okToRetry } = await cpi.error('create_vm', args);
        expect(okToRetry).toBe(false);
        for (const id of ids) expect(message).toContain(id);
      } finally {
        for (const id of ids) await cloud.run('deleteNetwork', { id });
      }
    },
  ),
];
