// What operators do to the things that a call works with, as data.
import type { Operator } from './operator.js';

/** What a deed is done to. */
export type Subject =
  | 'VM'
  | 'ephemeral disk'
  | 'persistent disk'
  | 'public address'
  | 'affinity group'
  | 'load balancer rule'
  | 'offering'
  | 'stemcell'
  | 'network'
  | 'snapshot';

export interface Deed {
  readonly to: Subject;
  /** In words that follow "an operator". */
  readonly does: string;
  /** Whether the subject is gone then. */
  readonly removes?: true;
  readonly act: (operator: Operator) => void;
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
      const [vm] = operator.vms;
      if (own === undefined || vm === undefined) return;
      operator.order('attachVolume', { id: own.id, virtualmachineid: vm.id });
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
];

function vips({ world }: Operator): { id: string; networkId: string | null }[] {
  return world.publicIps
    .all()
    .filter(({ ipAddress, state }) => ipAddress === '203.0.113.15' && state !== 'Free');
}
