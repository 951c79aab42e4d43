import { expect } from '@playwright/test';
import { manualNetwork, offered, type CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf, type JsonObject } from '../../json.js';
import { cardsOf } from '../vm/agent-settings.js';
import { withVip } from './addresses.js';
import { removeNetworks } from './add-network.js';
import { ownNetwork } from './own-network.js';

/** Public addresses that VMs share, and networks that share one: tiers of a VPC. */
export const sharedAddressCases = [
  contractCase(
    {
      id: 'NET-23',
      title: 'Tier of a VPC',
      proves:
        'create_network makes a tier of the VPC that it names, with its ACL; a VM finds it by its ' +
        'name and that of the VPC.',
      needs: ['operator', 'network offering'],
    },
    async (tools) => {
      const { cpi, cloud, operator, newId, createVm } = tools;
      const vpc = await addVpc(tools, `contract-${newId()}`);
      try {
        const cloudProperties = {
          network_offering: 'DefaultIsolatedNetworkOfferingForVpcNetworks',
          vpc: vpc.name,
          acl: 'default_allow',
        };
        const subnet = { type: 'manual', cloud_properties: cloudProperties };
        const network = await cpi.cid('create_network', [subnet]);
        const tier = await cloud.network(network);
        expect(tier).toMatchObject({ vpcid: vpc.id, aclname: 'default_allow' });
        const named = { name: textOf(tier?.['name']), vpc: vpc.name };
        const vm = await createVm({
          networks: { a: { type: 'dynamic', cloud_properties: named } },
        });
        expect([...cardsOf(await cloud.vm(vm)).keys()]).toEqual([named.name]);
        await cpi.result('delete_vm', [vm]);
        // A network is kept until the VMs that were in it are expunged.
        await operator.run('expungeVirtualMachine', { id: vm });
        expect(await cpi.result('delete_network', [network])).toBeNull();
      } finally {
        const filter = { vpcid: vpc.id, listall: true };
        const tiers = await operator.list('listNetworks', 'network', filter);
        await removeNetworks(
          operator,
          tiers.map(({ id }) => textOf(id)),
        );
        await operator.run('deleteVPC', { id: vpc.id });
      }
    },
  ),
  contractCase(
    {
      id: 'NET-24',
      title: 'Public address that the account holds',
      proves:
        'VMs share a public address by its ports, or one has all of it, as long as they are there; an ' +
        'address that the account holds stays with it.',
      needs: ['vips'],
    },
    async (tools) => {
      const { cpi, cloud, offers, address, createVm } = tools;
      const [ip = ''] = offered(offers.vips);
      const networks = (port: number): JsonObject => ({
        private: manualNetwork(offers.network, address(offers.network)),
        public: {
          type: 'vip',
          ip,
          cloud_properties: { port_forwarding: [{ public_port: port, private_port: 22 }] },
        },
      });
      const held = await holdAddress(tools, ip);
      try {
        const first = await createVm({ networks: networks(2201) });
        const second = await createVm({ networks: networks(2202) });
        expect(await portsOf(tools, held)).toEqual({ 2201: first, 2202: second });
        await cpi.result('delete_vm', [first]);
        expect(await portsOf(tools, held)).toEqual({ 2202: second });
        await cpi.result('delete_vm', [second]);
        expect(await portsOf(tools, held)).toEqual({});

        const third = await createVm({ networks: withVip({ offers, address }, ip) });
        expect(await cloud.vm(third)).toMatchObject({ publicip: ip });
        await cpi.result('delete_vm', [third]);
        const [row] = await cloud.list('listPublicIpAddresses', 'publicipaddress', { id: held });
        expect(row).toMatchObject({ ipaddress: ip, isstaticnat: false });
      } finally {
        await cloud.run('disassociateIpAddress', { id: held });
      }
    },
  ),
];

/** Makes a VPC for the account, past the CPI and by an operator: no CPI needs the right to. */
async function addVpc(tools: CaseTools, name: string): Promise<{ id: string; name: string }> {
  const { operator } = tools;
  const { zoneid, account, domainid } = await ownNetwork(tools);
  const offerings = await operator.list('listVPCOfferings', 'vpcoffering');
  const offering = offerings.find((row) => row['name'] === 'Default VPC offering');
  const made = await operator.run('createVPC', {
    name,
    displaytext: name,
    zoneid: textOf(zoneid),
    vpcofferingid: textOf(offering?.['id']),
    cidr: '10.88.0.0/16',
    account: textOf(account),
    domainid: textOf(domainid),
  });
  return { id: textOf(made['id']), name };
}

/** Has the account hold an address for its network; answers the id. */
async function holdAddress(tools: CaseTools, ip: string): Promise<string> {
  const networkid = textOf((await ownNetwork(tools))['id']);
  const made = await tools.cloud.run('associateIpAddress', { networkid, ipaddress: ip });
  return textOf(made['id']);
}

/** Which VM each port of an address leads to. */
async function portsOf({ cloud }: CaseTools, id: string): Promise<Record<string, string>> {
  const rules = await cloud.list('listPortForwardingRules', 'portforwardingrule', {
    ipaddressid: id,
  });
  return Object.fromEntries(
    rules.map((rule) => [textOf(rule['publicport']), textOf(rule['virtualmachineid'])]),
  );
}
