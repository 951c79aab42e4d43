import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import { manualNetwork, offered } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { isObject, textOf, type JsonObject, type JsonValue } from '../../json.js';
import { cardsOf, settingsOf, valueAt } from './agent-settings.js';

const certificate = '-----BEGIN CERTIFICATE-----\nMIIB+zCC/w==\n-----END CERTIFICATE-----\n';

/** What the agent of a VM is told, and what its VM is given for it. */
export const vmSettingsCases = [
  contractCase(
    {
      id: 'VM-12',
      title: 'Tags of the environment',
      proves: 'Tags in `env.bosh.tags` are on the VM as soon as it is made.',
    },
    async ({ cloud, createVm }) => {
      const tags = { team: 'contract', 'cost-centre': '7' };
      const vm = await createVm({ env: { bosh: { tags } } });
      expect(tagsOf(await cloud.vm(vm))).toMatchObject(tags);
    },
  ),
  contractCase(
    {
      id: 'VM-31',
      title: 'Ephemeral disk',
      proves:
        'A VM gets an ephemeral disk of the size and offering that were asked for, and the settings ' +
        'of its agent say where.',
    },
    async ({ cloud, offers, createVm }) => {
      const name = offers.otherDiskOffering ?? offers.diskOffering;
      const vm = await createVm({ properties: { disk: 3073, ephemeral_disk_offering: name } });
      const data = (await cloud.volumesOf(vm)).filter(({ type }) => type === 'DATADISK');
      expect(data).toMatchObject([{ size: 4 * 1024 ** 3, diskofferingname: name }]);
      const hint = valueAt(await settingsOf(cloud, vm), 'disks', 'ephemeral');
      expect(hint).toBeDefined();
      if (offers.hypervisor === 'KVM') {
        // CloudStack makes the beginning of the id the serial number of the disk.
        const serial = textOf(data[0]?.['id']).replaceAll('-', '').slice(0, 20);
        expect(JSON.stringify(hint)).toContain(serial);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-32',
      title: 'No ephemeral disk',
      proves: 'A VM that asks for none has its root disk only, and its agent is told of none.',
    },
    async ({ cloud, createVm }) => {
      for (const properties of [{}, { disk: 0 }]) {
        const vm = await createVm({ properties });
        expect(await cloud.volumesOf(vm)).toMatchObject([{ type: 'ROOT' }]);
        const settings = await settingsOf(cloud, vm);
        expect(valueAt(settings, 'disks', 'ephemeral')).toBeUndefined();
      }
    },
  ),
  contractCase(
    {
      id: 'VM-35',
      title: 'Delivery of the settings',
      proves: 'The guest reads its settings, whole and as JSON, where its agent looks for them.',
      needs: ['simulator'],
    },
    async ({ simulator, newId, createVm }) => {
      const agentId = newId();
      const env = { bosh: { mbus: { cert: { ca: certificate } } } };
      const vm = await createVm({ agentId, env });
      const url = 'http://data-server/latest/user-data';
      const settings = JSON.parse((await simulator.guestHttp(vm, url)) ?? '') as JsonObject;
      expect(settings).toMatchObject({ agent_id: agentId, env });
    },
  ),
  contractCase(
    {
      id: 'VM-54',
      title: 'Contents of the settings',
      proves:
        'The settings hold agent id, name of the VM, networks with MAC addresses, disks, env, ' +
        'message bus and time servers; the guest has the cards and disks that they name.',
      needs: ['simulator', 'second network'],
    },
    async ({ cloud, simulator, offers, newId, address, createVm }) => {
      const agentId = newId();
      const second = offered(offers.secondNetwork);
      const vm = await createVm({
        agentId,
        env: { bosh: { group: 'g' } },
        properties: { disk: 1024, ephemeral_disk_offering: offers.diskOffering },
        networks: {
          main: manualNetwork(offers.network, address(offers.network)),
          other: manualNetwork(second, address(second), { default: [] }),
        },
      });
      const settings = await settingsOf(cloud, vm);
      const row = await cloud.vm(vm);
      expect(settings).toMatchObject({
        agent_id: agentId,
        vm: { name: row?.['name'] },
        env: { bosh: { group: 'g' } },
        mbus: 'nats://nats:bus-password@10.0.0.6:4222',
        ntp: ['ntp.example.com'],
        disks: { persistent: {} },
      });
      const { interfaces, disks } = await simulator.guest(vm);
      const macs = objects(interfaces).map(({ macAddress }) => textOf(macAddress).toLowerCase());
      for (const [key, { name }] of [
        ['main', offers.network],
        ['other', second],
      ] as const) {
        const mac = valueAt(settings, 'networks', key, 'mac');
        expect(macs).toContain(mac);
        expect(textOf(cardsOf(row).get(name)?.['macaddress']).toLowerCase()).toBe(mac);
      }
      const path = textOf(valueAt(settings, 'disks', 'ephemeral', 'path'));
      const found = objects(disks).filter((disk) => JSON.stringify(disk).includes(path));
      const data = (await cloud.volumesOf(vm)).find(({ type }) => type === 'DATADISK');
      expect(found).toMatchObject([{ volumeId: data?.['id'] }]);
    },
  ),
  contractCase(
    {
      id: 'VM-55',
      title: 'env as it came',
      proves:
        'The settings hold `env` exactly as it was given, with certificates of several lines.',
    },
    async ({ cloud, createVm }) => {
      const env = {
        bosh: {
          mbus: { cert: { ca: certificate, certificate, private_key: 'ünïcode "quoted" \\n' } },
          blobstores: [{ provider: 'dav', options: { tls: { cert: { ca: certificate } } } }],
          groups: ['a', 'b'],
          password: '*',
          swap_size: 0,
          remove_dev_tools: true,
        },
        persistent_disk_fs: 'xfs',
        nothing: null,
        nested: { list: [1, 2.5, { deep: {} }] },
      };
      const vm = await createVm({ env });
      expect((await settingsOf(cloud, vm))['env']).toEqual(env);
    },
  ),
];

function objects(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
