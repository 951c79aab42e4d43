// Proves whose affinity groups and SSH key pairs are used where there are domains and projects: groups
// and pairs of a project are the project's, domain admins reach those of their subtree, and a VM never
// gets into a group of another owner.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import {
  createIdentityWorld,
  domainOf,
  projectOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';

const type = 'host anti-affinity';
const publickey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA';

function names(client: TestClient, command: string, key: string, values: Values = {}): string[] {
  const rows = (client.call(command, values)[key] ?? []) as Reply[];
  return rows.map((row) => row['name'] as string);
}

function deployment({ world }: IdentityWorld, values: Values): Values {
  return {
    zoneid: world.zones.all()[0]!.id,
    serviceofferingid: world.serviceOfferings.all()[0]!.id,
    templateid: world.templates.all()[0]!.id,
    networkids: world.networks.all().find(({ type: kind }) => kind === 'Shared')!.id,
    ...values,
  };
}

test('groups and key pairs of a project are shown to its members who ask for it', () => {
  const identity = createIdentityWorld();
  const [bosh, other] = [identity.clientOf('bosh'), identity.clientOf('other')];
  const projectid = projectOf(identity, 'alpha').id;
  bosh.done('createAffinityGroup', { name: 'web', type, projectid });
  bosh.call('registerSSHKeyPair', { name: 'key', publickey, projectid });
  for (const client of [bosh, other]) {
    expect(names(client, 'listAffinityGroups', 'affinitygroup')).toEqual([]);
    expect(names(client, 'listAffinityGroups', 'affinitygroup', { projectid })).toEqual(['web']);
    expect(names(client, 'listSSHKeyPairs', 'sshkeypair', { projectid })).toEqual(['key']);
  }
  const [group] = other.call('listAffinityGroups', { projectid })['affinitygroup'] as Reply[];
  expect(group).toMatchObject({ project: 'alpha', projectid });
  expect(group).not.toHaveProperty('account');
  const [pair] = other.call('listSSHKeyPairs', { projectid })['sshkeypair'] as Reply[];
  expect(pair).toMatchObject({ project: 'alpha', projectid });
  other.call('deleteSSHKeyPair', { name: 'key', projectid });
  other.done('deleteAffinityGroup', { name: 'web', projectid });
  const stranger = identity.clientOf('stranger');
  expect(stranger.fails('createAffinityGroup', { name: 'x', type, projectid }).httpStatus).toBe(
    531,
  );
  expect(stranger.fails('createSSHKeyPair', { name: 'x', projectid }).httpStatus).toBe(531);
});

test('a VM of a project takes groups and key pairs of the project, not its maker’s', () => {
  const { zones, serviceOfferings, templates } = advancedKvm;
  const identity = createIdentityWorld({ zones, serviceOfferings, templates });
  const bosh = identity.clientOf('bosh');
  const projectid = projectOf(identity, 'alpha').id;
  const own = bosh.done('createAffinityGroup', { name: 'own', type })['affinitygroup'] as Reply;
  bosh.call('registerSSHKeyPair', { name: 'own', publickey });
  const deploy = (values: Values): string =>
    bosh.fails('deployVirtualMachine', deployment(identity, { projectid, ...values })).errortext;
  expect(deploy({ affinitygroupids: own['id'] as string })).toMatch(
    /^Entity AffinityGroup .*"name":"own".* and entity Account \[.*\] belong to different accounts$/,
  );
  expect(deploy({ affinitygroupnames: 'own' })).toBe('Unable to find affinity group by name own');
  expect(deploy({ keypair: 'own' })).toBe('Not all specified keypairs exist');
  assertSound(identity.simulator);
});

test('domain admins make and delete for their subtree, and for nobody else', () => {
  const identity = createIdentityWorld();
  const [chief, worker] = [identity.clientOf('chief'), identity.clientOf('worker')];
  const forWorker = { account: 'worker', domainid: domainOf(identity, 'ROOT/sub').id };
  const { affinitygroup } = chief.done('createAffinityGroup', { name: 'web', type, ...forWorker });
  chief.call('registerSSHKeyPair', { name: 'key', publickey, ...forWorker });
  expect(names(worker, 'listAffinityGroups', 'affinitygroup')).toEqual(['web']);
  expect(names(worker, 'listSSHKeyPairs', 'sshkeypair')).toEqual(['key']);
  chief.done('deleteAffinityGroup', { id: (affinitygroup as Reply)['id'] as string });
  chief.call('deleteSSHKeyPair', { name: 'key', ...forWorker });
  const forBosh = { account: 'bosh', domainid: domainOf(identity, 'ROOT').id };
  for (const [command, values] of [
    ['createAffinityGroup', { name: 'web', type }],
    ['createSSHKeyPair', { name: 'key' }],
    ['registerSSHKeyPair', { name: 'key', publickey }],
    ['deleteSSHKeyPair', { name: 'key' }],
  ] as const) {
    expect(chief.fails(command, { ...values, ...forBosh }).httpStatus, command).toBe(531);
  }
});
