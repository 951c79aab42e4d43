// What a Director does in a life: a stemcell, a VM with everything, a disk that goes from one VM to
// the next at the same address, and in the end nothing of it.
import { isolatedOffering } from '../cpi/methods/network-requests.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';
import { directorUuid } from '../support/cpi-zone.js';

/** What the Director knows: the CIDs that calls answered. */
export type Known = Record<string, unknown>;

export interface Step {
  readonly method: string;
  readonly args: (known: Known) => readonly unknown[];
  /** Under which name the Director keeps what it is answered. */
  readonly keeps?: string;
  /** About how many requests it sends. */
  readonly requests: number;
  /** The agent whose VM there may be only one of. */
  readonly agentId?: string;
  /**
   * The last command that changes something: after it, nobody can tell a leftover from what is
   * used.
   */
  readonly lastChange?: string;
}

/** Where a Director lives: what no other one has at the same time. */
export interface Home {
  readonly name: string;
  readonly address: string;
  readonly publicAddress: string;
  /** At which its load balancer listens. */
  readonly port: number;
  /** Of its first VM, and of the one that comes after that. */
  readonly agents: readonly [string, string];
}

const home: Home = {
  name: 'killed',
  address: '10.203.6.77',
  publicAddress: '203.0.113.25',
  port: 80,
  agents: ['a0000000-0000-4000-8000-000000000001', 'a0000000-0000-4000-8000-000000000002'],
};

export const API_VERSION = 2;

/** A call as Directors write it. */
export function requestText(method: string, args: readonly unknown[]): string {
  const context = { director_uuid: directorUuid, request_id: 'cpi-1' };
  return JSON.stringify({ method, arguments: args, context, api_version: API_VERSION });
}

const vmOf =
  ({ name, address, publicAddress, port }: Home, agentId: string) =>
  (known: Known) =>
    vmArguments({
      agentId,
      stemcell: String(known['stemcell']),
      properties: {
        disk: 1024,
        ephemeral_disk_offering: 'ephemeral',
        affinity_group: name,
        lbs: [{ name, public_port: port, private_port: 8080 }],
      },
      networks: { private: manualNetwork(address), public: { type: 'vip', ip: publicAddress } },
    });

const metadata = { director: 'killed', deployment: 'killed', name: 'web/0', job: 'web' };

/** CIDs of VMs come with their networks. */
const vm = ({ vm: cid }: Known): unknown => (Array.isArray(cid) ? cid[0] : cid);

const simple = (method: string, requests: number, args: Step['args']): Step => ({
  method,
  requests,
  args,
});

const vmSteps = (at: Home, agentId: string): Step[] => [
  { method: 'create_vm', args: vmOf(at, agentId), keeps: 'vm', requests: 24, agentId },
  simple('set_vm_metadata', 5, (known) => [vm(known), metadata]),
];

const createDisk: Step = {
  method: 'create_disk',
  args: () => [1024, { disk_offering: 'shared.custom' }, null],
  keeps: 'disk',
  requests: 4,
};
const deleteDisk = simple('delete_disk', 3, ({ disk }) => [disk]);

/** Nothing but a disk: of a creation that is killed one may be left that nobody knows. */
export const diskScript: readonly Step[] = [createDisk, deleteDisk];

/** `image` is the path of a stemcell's image. */
export function scriptWith(image: string, at = home): readonly Step[] {
  const attach = simple('attach_disk', 5, (known) => [vm(known), known['disk']]);
  const detach = simple('detach_disk', 4, (known) => [vm(known), known['disk']]);
  const deleteVm = simple('delete_vm', 14, (known) => [vm(known)]);
  return [
    {
      method: 'create_stemcell',
      args: () => [image, { name: at.name, version: '1', hypervisor: 'kvm' }],
      keeps: 'stemcell',
      requests: 7,
    },
    {
      method: 'create_network',
      args: () => [
        {
          type: 'manual',
          netmask_bits: 24,
          cloud_properties: { network_offering: isolatedOffering },
        },
      ],
      keeps: 'network',
      requests: 5,
      lastChange: 'createTags',
    },
    ...vmSteps(at, at.agents[0]),
    createDisk,
    simple('set_disk_metadata', 4, ({ disk }) => [disk, metadata]),
    attach,
    {
      method: 'snapshot_disk',
      args: ({ disk }) => [disk, metadata],
      keeps: 'snapshot',
      requests: 6,
      lastChange: 'deleteTags',
    },
    detach,
    simple('resize_disk', 4, ({ disk }) => [disk, 2048]),
    deleteVm,
    ...vmSteps(at, at.agents[1]),
    attach,
    simple('reboot_vm', 3, (known) => [vm(known)]),
    simple('delete_snapshot', 3, ({ snapshot }) => [snapshot]),
    detach,
    deleteDisk,
    deleteVm,
    simple('delete_network', 3, ({ network }) => [Array.isArray(network) ? network[0] : network]),
    simple('delete_stemcell', 4, ({ stemcell }) => [stemcell]),
  ];
}
