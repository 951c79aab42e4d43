// Proves that a VM in an L2 network with config drive finds its user data and metadata on the drive,
// in the places where CloudStack puts them, and that no other VM has a drive.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { testSimulator, type TestWorld } from '../../support/simulator-client.js';
import { deployed, networkId } from '../../support/simulator-vms.js';

const userData = Buffer.from([0x7b, 0x7d, 0xff, 0x00]);

/** The default world with two L2 networks, of which one has a config drive. */
function world(): TestWorld {
  const [zone] = advancedKvm.zones;
  const l2 = (name: string, offering: string) =>
    ({ name, type: 'L2', account: 'bosh', offering }) as const;
  return testSimulator({
    world: {
      ...advancedKvm,
      zones: [
        {
          ...zone!,
          networks: [
            ...(zone!.networks ?? []),
            l2('with drive', 'DefaultL2NetworkOfferingConfigDrive'),
            l2('without drive', 'DefaultL2NetworkOffering'),
          ],
        },
      ],
    },
  });
}

function deployedIn(
  scene: TestWorld,
  network: string,
  values: Record<string, string> = {},
): string {
  const networkids = networkId(scene, network);
  return String(deployed(scene, scene.user, { name: 'db-1', networkids, ...values })['id']);
}

test('the drive holds user data and metadata under both layouts', () => {
  const scene = world();
  const id = deployedIn(scene, 'with drive', { userdata: userData.toString('base64') });
  const drive = scene.simulator.guest(id).configDrive!;
  expect(drive.label).toBe('config-2');
  const files = Object.fromEntries(
    [...drive.files].map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
  );
  const identifier = expect.stringMatching(/^CloudStack-\{[-0-9a-f]{36}\}$/) as unknown;
  expect(files).toEqual({
    'openstack/latest/vendor_data.json': '{}',
    'openstack/latest/network_data.json': '{}',
    'openstack/latest/meta_data.json': JSON.stringify({
      availability_zone: 'zone1',
      hostname: 'db-1',
      uuid: id,
    }),
    'openstack/latest/user_data': userData.toString(),
    'cloudstack/userdata/user_data.txt': userData.toString(),
    'cloudstack/metadata/service-offering.txt': 'm1.small',
    'cloudstack/metadata/availability-zone.txt': 'zone1',
    'cloudstack/metadata/local-hostname.txt': 'db-1',
    'cloudstack/metadata/instance-id.txt': id,
    'cloudstack/metadata/vm-id.txt': id,
    'cloudstack/metadata/cloud-identifier.txt': identifier,
  });
  expect(drive.files.get('openstack/latest/user_data')).toEqual(userData);
});

test('without user data there is a drive without their files', () => {
  const scene = world();
  const { files } = scene.simulator.guest(deployedIn(scene, 'with drive')).configDrive!;
  expect([...files.keys()].filter((path) => path.includes('user_data'))).toEqual([]);
});

test('a network with a virtual router or without user data has no drive', () => {
  const scene = world();
  for (const network of ['NET_CS', 'NET_SHARED', 'without drive']) {
    const guest = scene.simulator.guest(deployedIn(scene, network));
    expect(guest.configDrive, network).toBeNull();
  }
  expect(
    scene.simulator.guest(deployedIn(scene, 'with drive')).get('http://data-server/'),
  ).toBeUndefined();
});
