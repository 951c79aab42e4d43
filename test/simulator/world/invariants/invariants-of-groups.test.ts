// Each invariant about affinity groups and SSH key pairs can fail: a sound world is broken in one
// place, through its own tables, and the sentence that comes back names the rows.
import { expect, test } from '@playwright/test';
import type {
  AffinityGroupRow,
  AffinityType,
  VmRow,
} from '../../../../simulator/world/entities.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type { World } from '../../../../simulator/world/world.js';
import { addVm } from '../../../support/network-world.js';
import { testSimulator } from '../../../support/simulator-client.js';

interface Situation {
  readonly world: World;
  readonly group: AffinityGroupRow;
  readonly vms: readonly [VmRow, VmRow];
}

/** Two stopped VMs in a group. */
function situation(type: AffinityType = 'host anti-affinity'): Situation {
  const { world } = testSimulator().simulator;
  const vms = [addVm(world), addVm(world)] as const;
  const group = addGroup(world, vms[0].accountId, 'web', type);
  for (const vm of vms) world.affinityMembers.insert({ groupId: group.id, vmId: vm.id });
  expect(checkInvariants(world)).toEqual([]);
  return { world, group, vms };
}

function addGroup(
  world: World,
  accountId: string,
  name: string,
  type: AffinityType = 'host affinity',
): AffinityGroupRow {
  return world.affinityGroups.insert({ name, description: null, type, accountId });
}

/** Puts both VMs on hosts without asking their group. */
function start({ world, vms }: Situation, hosts: readonly [number, number]): string[] {
  vms.forEach((vm, index) => {
    world.vms.move(vm, 'StartRequested', { hostId: world.hosts.all()[hosts[index]!]!.id });
  });
  // That no job starts them is not what these tests are about.
  return checkInvariants(world).filter((sentence) => sentence.includes('affinity group'));
}

test('two groups of one name', () => {
  const { world, group } = situation();
  const other = addGroup(world, group.accountId, 'WEB');
  expect(checkInvariants(world)).toEqual([
    `affinity groups ${group.id} and ${other.id} are both called web`,
  ]);
});

test('a VM twice in a group', () => {
  const { world, group, vms } = situation();
  world.affinityMembers.insert({ groupId: group.id, vmId: vms[0].id });
  expect(checkInvariants(world)).toEqual([
    `VM ${vms[0].id} is twice in affinity group ${group.id}`,
  ]);
});

test('members of a group that is deleted', () => {
  const { world, group, vms } = situation();
  world.affinityGroups.purge(group);
  expect(checkInvariants(world)).toEqual(
    vms.map(({ id }) => `VM ${id} is in affinity group ${group.id}, which is deleted`),
  );
});

for (const event of ['OperationFailedToError', 'ExpungeOperation'] as const) {
  test(`a member after ${event}`, () => {
    const { world, group, vms } = situation();
    world.vms.move(vms[1], event);
    const state = event === 'ExpungeOperation' ? 'Expunging' : 'Error';
    expect(checkInvariants(world)).toEqual([
      `VM ${vms[1].id} is ${state} and in affinity group ${group.id}`,
    ]);
  });
}

test('a member of another account', () => {
  const { world, group } = situation();
  const foreign = addVm(world, 'Stopped', 'admin');
  world.affinityMembers.insert({ groupId: group.id, vmId: foreign.id });
  expect(checkInvariants(world)).toEqual([
    `VM ${foreign.id} and its affinity group ${group.id} belong to different accounts`,
  ]);
});

test('strict groups that are not kept', () => {
  const apart = situation('host anti-affinity');
  expect(start(apart, [1, 1])).toEqual([
    `VMs ${apart.vms[0].id} and ${apart.vms[1].id} of anti-affinity group ${apart.group.id} share a host`,
  ]);
  const together = situation('host affinity');
  expect(start(together, [0, 1])).toEqual([
    `VMs ${together.vms[0].id} and ${together.vms[1].id} of affinity group ${together.group.id} are on different hosts`,
  ]);
});

test('groups that are kept, and non-strict ones, are sound', () => {
  expect(start(situation('host anti-affinity'), [0, 1])).toEqual([]);
  expect(start(situation('host affinity'), [1, 1])).toEqual([]);
  expect(start(situation('non-strict host anti-affinity'), [1, 1])).toEqual([]);
  expect(start(situation('non-strict host affinity'), [0, 1])).toEqual([]);
});

test('two SSH key pairs of one name, or of one key', () => {
  const { world, group } = situation();
  const add = (name: string, publicKey: string) =>
    world.sshKeyPairs.insert({ name, publicKey, accountId: group.accountId, fingerprint: 'ab' });
  const first = add('bosh', 'ssh-rsa A');
  const second = add('BOSH', 'ssh-rsa B');
  const third = add('other', 'ssh-rsa A');
  expect(checkInvariants(world)).toEqual([
    `SSH key pairs ${first.id} and ${second.id} have the same name or key`,
    `SSH key pairs ${first.id} and ${third.id} have the same name or key`,
  ]);
});
