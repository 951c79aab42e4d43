// What operators do to the things that a call works with, as data.
import type { Operator } from './operator.js';

/** What a deed is done to. */
export type Subject =
  | 'VM'
  | 'forgotten VM'
  | 'work VM'
  | 'ephemeral disk'
  | 'persistent disk'
  | 'public address'
  | 'affinity group'
  | 'load balancer rule'
  | 'port forwarding rule'
  | 'key pair'
  | 'static address'
  | 'shared address'
  | 'offering'
  | 'stemcell'
  | 'network'
  | 'snapshot'
  | 'settings';

export interface Deed {
  readonly to: Subject;
  /** In words that follow "an operator". */
  readonly does: string;
  /** Whether the subject is gone then. */
  readonly removes?: true;
  readonly act: (operator: Operator) => void | Promise<void>;
  /** What may be left when it is done before a request of a call: CloudStack tells nobody of it. */
  readonly leaves?: (request: string) => (problem: string) => boolean;
}

export const deeds: readonly Deed[] = [
  {
    to: 'VM',
    does: 'destroys the VM',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.vms) operator.order('destroyVirtualMachine', { id });
    },
  },
  {
    to: 'VM',
    does: 'expunges the VM',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.vms) {
        operator.order('destroyVirtualMachine', { id, expunge: true });
      }
    },
    // Of a disk that came with a VM only the VM tells whose it was, until it is marked.
    leaves: (request) => (problem) =>
      ['create_vm listVolumes', 'create_vm the job of deployVirtualMachine'].includes(request) &&
      problem.startsWith('left over: volume DATA-'),
  },
  {
    to: 'VM',
    does: 'stops the VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.vms) operator.order('stopVirtualMachine', { id, forced: true });
    },
  },
  {
    to: 'VM',
    does: 'starts the VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.vms) operator.order('startVirtualMachine', { id });
    },
  },
  {
    to: 'VM',
    does: 'takes all tags off the VM and its volumes',
    act: (operator: Operator): void => {
      const { tags } = operator.world;
      for (const { resourceId, resourceType } of tags.all()) {
        if (resourceType === 'UserVm' || resourceType === 'Volume') {
          operator.order('deleteTags', {
            resourcetype: resourceType,
            resourceids: resourceId,
          });
        }
      }
    },
  },
  {
    to: 'VM',
    does: 'moves the VM to another address',
    act: (operator: Operator): void => {
      for (const { id } of operator.vms) {
        const nic = operator.world.nics.where('vmId', id)[0];
        if (nic !== undefined) {
          operator.order('updateVmNicIp', {
            nicid: nic.id,
            ipaddress: '10.203.6.77',
          });
        }
      }
    },
  },
  {
    to: 'VM',
    does: 'attaches a disk of their own to the VM',
    act: (operator: Operator): void => {
      const own = operator.world.volumes.all().find(({ name }) => name === 'of-operators');
      const vm = operator.vms.find(({ state }) => ['Running', 'Stopped'].includes(state));
      if (own === undefined || vm === undefined) return;
      operator.order('attachVolume', { id: own.id, virtualmachineid: vm.id });
    },
  },
  {
    to: 'forgotten VM',
    does: 'destroys the forgotten VM',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) operator.order('destroyVirtualMachine', { id });
    },
  },
  {
    to: 'forgotten VM',
    does: 'expunges the forgotten VM',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) {
        operator.order('destroyVirtualMachine', { id, expunge: true });
      }
    },
  },
  {
    to: 'forgotten VM',
    does: 'stops the forgotten VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) {
        operator.order('stopVirtualMachine', { id, forced: true });
      }
    },
  },
  {
    to: 'forgotten VM',
    does: 'starts the forgotten VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) operator.order('startVirtualMachine', { id });
    },
  },
  {
    to: 'forgotten VM',
    does: 'tags the forgotten VM as one in use',
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) {
        operator.order('createTags', {
          resourcetype: 'UserVm',
          resourceids: id,
          'tags[0].key': 'owner',
          'tags[0].value': 'operators',
        });
      }
    },
  },
  {
    to: 'forgotten VM',
    does: 'takes all tags off the forgotten VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) {
        operator.order('deleteTags', { resourcetype: 'UserVm', resourceids: id });
      }
    },
  },
  {
    to: 'forgotten VM',
    does: 'moves the forgotten VM to another address',
    act: (operator: Operator): void => {
      for (const { id } of operator.forgottenVms) {
        operator.order('stopVirtualMachine', { id, forced: true });
        const [nic] = operator.world.nics.where('vmId', id);
        const ipaddress = nic?.ipAddress?.startsWith('10.204.') ? '10.204.0.77' : '10.203.6.77';
        operator.order('updateVmNicIp', { nicid: nic?.id ?? '', ipaddress });
      }
    },
  },
  {
    to: 'forgotten VM',
    does: 'attaches a disk of their own to the forgotten VM',
    act: (operator: Operator): void => {
      const own = operator.world.volumes.all().find(({ name }) => name === 'of-operators');
      const vm = operator.forgottenVms.find(({ state }) => ['Running', 'Stopped'].includes(state));
      if (own === undefined || vm === undefined) return;
      operator.order('attachVolume', { id: own.id, virtualmachineid: vm.id });
    },
  },
  {
    to: 'work VM',
    does: 'destroys the work VM',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.workVms) operator.order('destroyVirtualMachine', { id });
    },
  },
  {
    to: 'work VM',
    does: 'expunges the work VM',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.workVms) {
        operator.order('destroyVirtualMachine', { id, expunge: true });
      }
    },
  },
  {
    to: 'work VM',
    does: 'starts the work VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.workVms) operator.order('startVirtualMachine', { id });
    },
  },
  {
    to: 'work VM',
    does: 'stops the work VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.workVms) {
        operator.order('stopVirtualMachine', { id, forced: true });
      }
    },
  },
  {
    to: 'work VM',
    does: 'takes all tags off the work VM',
    act: (operator: Operator): void => {
      for (const { id } of operator.workVms) {
        operator.order('deleteTags', { resourcetype: 'UserVm', resourceids: id });
      }
    },
  },
  {
    to: 'ephemeral disk',
    does: 'detaches the ephemeral disk',
    act: (operator: Operator): void => {
      for (const { id } of operator.ephemeralDisks) operator.order('detachVolume', { id });
    },
  },
  {
    to: 'ephemeral disk',
    does: 'deletes the ephemeral disk',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.ephemeralDisks) {
        operator.order('detachVolume', { id });
        operator.order('deleteVolume', { id });
      }
    },
  },
  {
    to: 'persistent disk',
    does: 'detaches the persistent disk',
    act: (operator: Operator): void => {
      for (const { id } of operator.persistentDisks) operator.order('detachVolume', { id });
    },
  },
  {
    to: 'persistent disk',
    does: 'attaches the persistent disk elsewhere',
    act: (operator: Operator): void => {
      for (const { id } of operator.persistentDisks) {
        operator.order('detachVolume', { id });
        operator.order('attachVolume', {
          id,
          virtualmachineid: operator.bystander.id,
        });
      }
    },
  },
  {
    to: 'persistent disk',
    does: 'deletes the persistent disk',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.persistentDisks) {
        operator.order('detachVolume', { id });
        operator.order('deleteVolume', { id });
      }
    },
  },
  {
    to: 'persistent disk',
    does: 'makes the persistent disk larger',
    act: (operator: Operator): void => {
      for (const { id } of operator.persistentDisks) {
        operator.order('resizeVolume', { id, size: 5 });
      }
    },
  },
  {
    to: 'public address',
    does: 'releases the public address',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of vips(operator)) operator.order('disassociateIpAddress', { id });
    },
  },
  {
    to: 'public address',
    does: 'gives the public address to another VM',
    act: (operator: Operator): void => {
      for (const { id, networkId } of vips(operator)) {
        operator.order('disableStaticNat', { ipaddressid: id });
        operator.order('enableStaticNat', {
          ipaddressid: id,
          virtualmachineid: operator.bystander.id,
          networkid: networkId ?? '',
        });
      }
    },
  },
  {
    to: 'affinity group',
    does: 'deletes the affinity group',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.world.affinityGroups.all()) {
        operator.order('deleteAffinityGroup', { id });
      }
    },
  },
  {
    to: 'affinity group',
    does: 'makes an affinity group of the name',
    act: (operator: Operator): void => {
      operator.order('createAffinityGroup', {
        name: 'web',
        type: 'host affinity',
        ...operator.owner,
      });
    },
  },
  {
    to: 'affinity group',
    does: 'takes the VM out of its affinity groups',
    act: (operator: Operator): void => {
      for (const { id } of operator.vms) {
        operator.order('updateVMAffinityGroup', { id, affinitygroupids: '' });
      }
    },
  },
  {
    to: 'port forwarding rule',
    does: 'deletes the port forwarding rules',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.world.portForwardingRules.all()) {
        operator.order('deletePortForwardingRule', { id });
      }
    },
  },
  {
    to: 'port forwarding rule',
    does: 'leads the ports to another VM',
    act: (operator: Operator): void => {
      const { portForwardingRules, publicIps } = operator.world;
      for (const { id } of portForwardingRules.all()) {
        operator.order('deletePortForwardingRule', { id });
      }
      const address = publicIps.all().find(({ ipAddress }) => ipAddress === '203.0.113.16');
      if (address === undefined || address.state === 'Free') return;
      for (const [protocol, port] of [
        ['tcp', 2222],
        ['udp', 53],
      ] as const) {
        operator.order('createPortForwardingRule', {
          ipaddressid: address.id,
          virtualmachineid: operator.bystander.id,
          protocol,
          publicport: port,
          privateport: port,
        });
      }
    },
  },
  {
    to: 'key pair',
    does: 'deletes the key pair',
    removes: true,
    act: (operator: Operator): void => {
      operator.order('deleteSSHKeyPair', { name: 'bosh', ...operator.owner });
    },
  },
  {
    to: 'key pair',
    does: 'makes another key pair of the name',
    act: (operator: Operator): void => {
      operator.order('createSSHKeyPair', { name: 'bosh', ...operator.owner });
    },
  },
  {
    to: 'shared address',
    does: 'releases the shared address',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id, ipAddress } of operator.world.publicIps.all()) {
        if (ipAddress === '203.0.113.16') operator.order('disassociateIpAddress', { id });
      }
    },
  },
  {
    to: 'static address',
    does: 'gives the static address to another VM',
    act: (operator: Operator): void => {
      const { id } = operator.bystander;
      operator.order('stopVirtualMachine', { id });
      operator.order('updateVmNicIp', {
        nicid: operator.world.nics.where('vmId', id)[0]?.id ?? '',
        ipaddress: '10.203.6.40',
      });
    },
  },
  {
    to: 'load balancer rule',
    does: 'makes a load balancer rule of the name, to another port',
    act: (operator: Operator): void => {
      const address = operator.world.publicIps.all().find(({ isSourceNat }) => isSourceNat);
      operator.order('createLoadBalancerRule', {
        name: 'web',
        algorithm: 'roundrobin',
        publicport: 80,
        privateport: 9090,
        publicipid: address?.id ?? '',
      });
    },
  },
  {
    to: 'load balancer rule',
    does: 'deletes the load balancer rule',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.world.loadBalancerRules.all()) {
        operator.order('deleteLoadBalancerRule', { id });
      }
    },
  },
  {
    to: 'load balancer rule',
    does: 'takes the VM out of the load balancer rule',
    act: (operator: Operator): void => {
      for (const { ruleId, vmId } of operator.world.loadBalancerMembers.all()) {
        operator.order('removeFromLoadBalancerRule', {
          id: ruleId,
          virtualmachineids: vmId,
        });
      }
    },
  },
  {
    to: 'offering',
    does: 'deletes the compute offering',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id, name } of operator.world.serviceOfferings.all()) {
        if (name === 'm1.small') operator.order('deleteServiceOffering', { id });
      }
    },
  },
  {
    to: 'offering',
    does: 'deletes the disk offerings',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id, name } of operator.world.diskOfferings.all()) {
        if (['ephemeral', 'shared.custom'].includes(name)) {
          operator.order('deleteDiskOffering', { id });
        }
      }
    },
  },
  {
    to: 'stemcell',
    does: 'deletes the template',
    removes: true,
    act: (operator: Operator): void => {
      const { templates } = operator.world;
      const own = operator.stemcells;
      for (const { id } of own.length > 0 ? own : templates.all()) {
        operator.order('deleteTemplate', { id, forced: true });
      }
    },
  },
  {
    to: 'network',
    does: 'deletes the network',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.createdNetworks) operator.order('deleteNetwork', { id });
    },
  },
  {
    to: 'network',
    does: 'takes the tags off the network',
    act: (operator: Operator): void => {
      for (const { id } of operator.createdNetworks) {
        operator.order('deleteTags', {
          resourcetype: 'Network',
          resourceids: id,
        });
      }
    },
  },
  {
    to: 'snapshot',
    does: 'deletes the snapshot',
    removes: true,
    act: (operator: Operator): void => {
      for (const { id } of operator.world.snapshots.all()) operator.order('deleteSnapshot', { id });
    },
  },
  {
    to: 'settings',
    does: 'deletes the settings in the registry',
    removes: true,
    act: (operator: Operator): Promise<void> => operator.emptyRegistry(),
  },
];

function vips({ world }: Operator): { id: string; networkId: string | null }[] {
  return world.publicIps
    .all()
    .filter(({ ipAddress, state }) => ipAddress === '203.0.113.15' && state !== 'Free');
}
