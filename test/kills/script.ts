// What a Director does in a life: a stemcell, a VM with everything, a disk that goes from one VM to
// the next at the same address, and in the end nothing of it.
import { isolatedOffering } from '../cpi/methods/network-requests.js';
import { manualNetwork, vmArguments } from '../cpi/methods/vm-requests.js';

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

/** Agents of the Director's VMs. */
export const agents = {
  first: 'a0000000-0000-4000-8000-000000000001',
  second: 'a0000000-0000-4000-8000-000000000002',
};

const address = '10.203.6.77';

const vmOf = (agentId: string) => (known: Known) =>
  vmArguments({
    agentId,
    stemcell: String(known['stemcell']),
    properties: {
      disk: 1024,
      ephemeral_disk_offering: 'ephemeral',
      affinity_group: 'killed',
      lbs: [{ name: 'killed', public_port: 80, private_port: 8080 }],
    },
    networks: { private: manualNetwork(address), public: { type: 'vip', ip: '203.0.113.25' } },
  });

const metadata = { director: 'killed', deployment: 'killed', name: 'web/0', job: 'web' };

/** CIDs of VMs come with their networks. */
const vm = ({ vm: cid }: Known): unknown => (Array.isArray(cid) ? cid[0] : cid);

const simple = (method: string, requests: number, args: Step['args']): Step => ({
  method,
  requests,
  args,
});

const vmSteps = (agentId: string): Step[] => [
  { method: 'create_vm', args: vmOf(agentId), keeps: 'vm', requests: 24, agentId },
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
export function scriptWith(image: string): readonly Step[] {
  const attach = simple('attach_disk', 5, (known) => [vm(known), known['disk']]);
  const detach = simple('detach_disk', 4, (known) => [vm(known), known['disk']]);
  const deleteVm = simple('delete_vm', 14, (known) => [vm(known)]);
  return [
    {
      method: 'create_stemcell',
      args: () => [image, { name: 'killed', version: '1', hypervisor: 'kvm' }],
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
    ...vmSteps(agents.first),
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
    ...vmSteps(agents.second),
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
