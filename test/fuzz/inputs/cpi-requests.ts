// A good request of every method of the CPI, about things that a zone has, for requests to be made
// of that nobody would write.
import { withCanary } from '../../support/canaries.js';
import { manualNetwork } from '../../cpi/methods/vm-requests.js';
import { isolatedOffering } from '../../cpi/methods/network-requests.js';
import type { Draw } from './damage.js';

/** CIDs of what is there. */
export interface There {
  readonly vm: string;
  /** Attached to it. */
  readonly disk: string;
  /** Attached to nothing. */
  readonly free: string;
  readonly snapshot: string;
  readonly network: string;
  readonly stemcell: string;
  /** The path of an image. */
  readonly image: string;
}

/**
 * A password in the environment of a VM: no declaration names it, and nobody may tell it either.
 */
export const envPassword = 'canary-env-bosh-password-5eC7et';

const metadata = { director: 'd', deployment: 'cf', job: 'web', index: '0', name: 'web/0' };
const disk = { disk_offering: 'shared.custom' };

const vm = ({ stemcell, free }: There, draw: Draw): unknown[] => [
  'c0000000-0000-4000-8000-00000000000c',
  [stemcell, 'ubuntu-jammy'][draw(2)],
  {
    compute_offering: 'm1.small',
    ephemeral_disk_offering: 'ephemeral',
    disk: 2048,
    root_disk_size: 20_480,
    affinity_group: 'web',
    lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
    routes: { private: [{ cidr: '10.20.0.0/16' }] },
    user_data: { extra: 'x' },
  },
  {
    private: manualNetwork('10.203.6.60'),
    ...(draw(2) === 0 && { public: { type: 'vip', ip: '203.0.113.20' } }),
    ...(draw(4) === 0 && { other: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } }),
  },
  draw(3) === 0 ? [free] : [],
  {
    bosh: {
      password: envPassword,
      group: 'web',
      groups: ['a', 'b'],
      tags: { env: 'prod' },
      mbus: { cert: { private_key: 'canary-env-private-key-5eC7et' } },
      blobstores: [{ provider: 'dav', options: { password: 'canary-env-blobstore-5eC7et' } }],
    },
  },
];

/** The arguments of each method. */
const argumentsOf: Readonly<Record<string, (there: There, draw: Draw) => unknown[]>> = {
  info: () => [],
  ping: () => [],
  current_vm_id: () => [],
  has_vm: ({ vm: cid }) => [cid],
  has_disk: ({ disk: cid }) => [cid],
  get_disks: ({ vm: cid }) => [cid],
  create_vm: vm,
  delete_vm: ({ vm: cid }) => [cid],
  reboot_vm: ({ vm: cid }) => [cid],
  set_vm_metadata: ({ vm: cid }) => [cid, metadata],
  configure_networks: ({ vm: cid }) => [cid, { private: manualNetwork() }],
  calculate_vm_cloud_properties: () => [{ cpu: 1, ram: 1024, ephemeral_disk_size: 2048 }],
  create_disk: (there) => [2048, { ...disk, name: 'data' }, there.vm],
  delete_disk: ({ free }) => [free],
  attach_disk: ({ vm: cid, free }) => [cid, free],
  detach_disk: ({ vm: cid, disk: attached }) => [cid, attached],
  resize_disk: ({ free }) => [free, 4096],
  update_disk: ({ free }) => [free, 4096, { disk_offering: 'ephemeral' }],
  set_disk_metadata: ({ free }) => [free, metadata],
  snapshot_disk: ({ free }) => [free, metadata],
  delete_snapshot: ({ snapshot }) => [snapshot],
  create_network: () => [
    {
      type: 'manual',
      range: '10.77.0.0/24',
      gateway: '10.77.0.1',
      netmask_bits: 24,
      cloud_properties: { network_offering: isolatedOffering, name: 'net' },
    },
  ],
  delete_network: ({ network }) => [network],
  create_stemcell: ({ image }, draw) => [
    image,
    {
      name: 'jammy',
      version: '1',
      hypervisor: 'kvm',
      ...[
        {},
        { light_template: 'ubuntu-jammy' },
        { light_template: 'ubuntu-jammy', light_mode: 'copy' },
        { image_url: 'http://images.example.com/a.qcow2?canary-url-signature-5eC7et' },
      ][draw(4)],
    },
  ],
  delete_stemcell: ({ stemcell }) => [stemcell],
};

export const methodNames = Object.keys(argumentsOf);

/** A request that its method would take. */
export function requestFor(there: There, draw: Draw): Record<string, unknown> {
  const method = methodNames[draw(methodNames.length)]!;
  const apiVersion = 1 + draw(3);
  return {
    method,
    arguments: argumentsOf[method]!(there, draw),
    context: {
      director_uuid: '695b7248-0310-4930-646d-848b66efbaa5',
      request_id: 'cpi-123456',
      ...(draw(3) === 0 && { vm: { stemcell: { api_version: 1 + draw(3) } } }),
      ...(draw(4) === 0 && {
        proxy_password: withCanary('cloudstack.proxy_password'),
        default_zone: 'zone1',
        state_timeout: 60,
        agent: { blobstore: withCanary('agent.blobstore') },
        stemcell: { copy_compute_offering: 'm1.small', copy_network: 'NET_CS' },
      }),
    },
    api_version: apiVersion,
  };
}
