// Proves what lists of rules are narrowed by, for rules of every kind: by id, address, network and
// tag, by whose they are and in which domain, and by whether users are to see them; and that a rule
// is deleted or changed without the one beside it.
import { expect, test } from '@playwright/test';
import { domainOf } from '../../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import type { IdentityWorld } from '../../../support/identity-world.js';

interface Kind {
  readonly noun: string;
  readonly key: string;
  readonly create: string;
  readonly list: string;
  readonly remove: string;
  readonly update?: string;
  readonly tagged?: string;
  readonly values: (owned: Owned, port: number) => Values;
}

interface Owned {
  readonly client: TestClient;
  readonly networkId: string;
  readonly publicIpId: string;
  readonly vmId: string;
}

const kinds: readonly Kind[] = [
  {
    noun: 'FirewallRule',
    key: 'firewallrule',
    create: 'createFirewallRule',
    list: 'listFirewallRules',
    remove: 'deleteFirewallRule',
    update: 'updateFirewallRule',
    tagged: 'FirewallRule',
    values: ({ publicIpId }, startport) => ({
      ipaddressid: publicIpId,
      protocol: 'tcp',
      startport,
    }),
  },
  {
    noun: 'EgressFirewallRule',
    key: 'firewallrule',
    create: 'createEgressFirewallRule',
    list: 'listEgressFirewallRules',
    remove: 'deleteEgressFirewallRule',
    update: 'updateEgressFirewallRule',
    tagged: 'FirewallRule',
    values: ({ networkId }, startport) => ({ networkid: networkId, protocol: 'tcp', startport }),
  },
  {
    noun: 'PortForwardingRule',
    key: 'portforwardingrule',
    create: 'createPortForwardingRule',
    list: 'listPortForwardingRules',
    remove: 'deletePortForwardingRule',
    update: 'updatePortForwardingRule',
    tagged: 'PortForwardingRule',
    values: ({ publicIpId, vmId }, publicport) => ({
      ipaddressid: publicIpId,
      virtualmachineid: vmId,
      protocol: 'tcp',
      publicport,
      privateport: publicport,
      openfirewall: false,
    }),
  },
  {
    noun: 'LoadBalancerRule',
    key: 'loadbalancerrule',
    create: 'createLoadBalancerRule',
    list: 'listLoadBalancerRules',
    remove: 'deleteLoadBalancerRule',
    update: 'updateLoadBalancerRule',
    tagged: 'LoadBalancer',
    values: ({ publicIpId }, publicport) => ({
      name: 'web',
      algorithm: 'roundrobin',
      publicipid: publicIpId,
      publicport,
      privateport: publicport,
      openfirewall: false,
    }),
  },
  {
    noun: 'IpForwardingRule',
    key: 'ipforwardingrule',
    create: 'createIpForwardingRule',
    list: 'listIpForwardingRules',
    remove: 'deleteIpForwardingRule',
    values: ({ publicIpId }, startport) => ({
      ipaddressid: publicIpId,
      protocol: 'tcp',
      startport,
      openfirewall: false,
    }),
  },
];

/** An account with a VM in a network of its own and a public address there. */
function owned(world: IdentityWorld, name: string, { noun }: Kind): Owned {
  const client = world.clientOf(name);
  const vmId = takeThings(world, client);
  const publicIp = (client.call('listPublicIpAddresses')['publicipaddress'] as Reply[]).find(
    ({ issourcenat }) => issourcenat === false,
  )!;
  const publicIpId = publicIp['id'] as string;
  if (noun === 'IpForwardingRule') {
    client.call('enableStaticNat', { ipaddressid: publicIpId, virtualmachineid: vmId });
  }
  return { client, vmId, publicIpId, networkId: publicIp['associatednetworkid'] as string };
}

for (const kind of kinds) {
  const made = (owner: Owned, port: number, values: Values = {}): string =>
    owner.client.run(kind.create, { ...kind.values(owner, port), ...values }).id!;
  const listed = (client: TestClient, values: Values = {}): string[] =>
    ((client.call(kind.list, values)[kind.key] ?? []) as Reply[]).map(({ id }) => String(id));

  test(`${kind.list}: by id, place and owner`, () => {
    const world = createOwnedWorld();
    const worker = owned(world, 'worker', kind);
    const diver = owned(world, 'diver', kind);
    const [first, second, theirs] = [made(worker, 80), made(worker, 81), made(diver, 80)];
    const [admin, chief] = [world.clientOf('admin'), world.clientOf('chief')];
    expect(listed(worker.client).sort()).toEqual([first, second].sort());
    expect(listed(worker.client, { id: second })).toEqual([second]);
    expect(listed(worker.client, { page: 1, pagesize: 1 })).toHaveLength(1);
    expect(listed(worker.client, { page: 3, pagesize: 1 })).toEqual([]);
    expect(listed(chief)).toEqual([]);
    expect(listed(chief, { listall: true, isrecursive: true }).sort()).toEqual(
      [first, second, theirs].sort(),
    );
    const domainid = domainOf(world, 'ROOT/sub').id;
    expect(listed(admin, { domainid, listall: true }).sort()).toEqual([first, second].sort());
    expect(listed(admin, { domainid, listall: true, isrecursive: true })).toHaveLength(3);
    expect(listed(admin, { domainid, account: 'worker' })).toHaveLength(2);
    if (kind.noun !== 'IpForwardingRule') {
      const networkid = diver.networkId;
      expect(listed(chief, { networkid, listall: true, isrecursive: true })).toEqual([theirs]);
    }
    if (kind.noun === 'LoadBalancerRule') return;
    // What goes out passes through no particular address.
    const ipaddressid = diver.publicIpId;
    const byAddress = listed(chief, { ipaddressid, listall: true, isrecursive: true });
    expect(byAddress).toEqual(kind.noun === 'EgressFirewallRule' ? [] : [theirs]);
  });

  test(`${kind.remove}: the rule that was meant`, () => {
    const world = createOwnedWorld();
    const worker = owned(world, 'worker', kind);
    const [first, second] = [made(worker, 80), made(worker, 81)];
    worker.client.done(kind.remove, { id: second });
    expect(listed(worker.client)).toEqual([first]);
  });

  test(`${kind.remove}: one's own rules only`, () => {
    const world = createOwnedWorld();
    const [diver, worker] = [owned(world, 'diver', kind), owned(world, 'worker', kind)];
    const [own, foreign] = [made(diver, 80), made(worker, 80)];
    const { status, resultcode } = diver.client.run(kind.remove, { id: foreign });
    expect([status, resultcode]).toEqual([2, 530]);
    expect(listed(worker.client)).toEqual([foreign]);
    diver.client.done(kind.remove, { id: own });
    expect(listed(diver.client)).toEqual([]);
  });

  if (kind.tagged !== undefined) {
    test(`${kind.list}: by tag`, () => {
      const world = createOwnedWorld();
      const worker = owned(world, 'worker', kind);
      const [first] = [made(worker, 80), made(worker, 81)];
      const tag = { 'tags[0].key': 'tier', 'tags[0].value': 'web' };
      const resourcetype = kind.tagged!;
      worker.client.done('createTags', { resourceids: first, resourcetype, ...tag });
      expect(listed(worker.client, tag)).toEqual([first]);
      expect(listed(worker.client, { ...tag, 'tags[0].value': 'db' })).toEqual([]);
      const [rule] = worker.client.call(kind.list, { id: first })[kind.key];
      expect(rule.tags).toMatchObject([{ key: 'tier', value: 'web' }]);
    });
  }

  if (kind.update !== undefined) {
    test(`${kind.list}: what users are not to see only root admins find`, () => {
      const world = createOwnedWorld();
      const worker = owned(world, 'worker', kind);
      const admin = { ...worker, client: world.clientOf('admin') };
      const [hidden, shown] = [made(admin, 80, { fordisplay: false }), made(admin, 81)];
      expect(listed(worker.client)).toEqual([shown]);
      // Nobody else's word counts.
      expect(listed(worker.client, { fordisplay: false })).toEqual([shown]);
      const ofAll = (fordisplay: boolean): string[] =>
        listed(admin.client, { listall: true, fordisplay });
      expect(ofAll(false)).toEqual([hidden]);
      expect(ofAll(true)).toEqual([shown]);
      expect(listed(admin.client, { listall: true })).toEqual([shown]);
      admin.client.done(kind.update!, { id: hidden, fordisplay: true });
      worker.client.done(kind.update!, { id: shown, fordisplay: false });
      expect(listed(worker.client).sort()).toEqual([hidden, shown].sort());
      admin.client.done(kind.update!, { id: shown, fordisplay: false });
      const { jobresult } = admin.client.call('queryAsyncJobResult', {
        jobid: admin.client.run(kind.update!, { id: shown }).jobid,
      });
      expect(Object.values(jobresult as Reply)[0]).toMatchObject({ fordisplay: false });
      expect(listed(worker.client)).toEqual([hidden]);
    });
  }
}

test('a rule is updated by the command for its direction, and by those who may', () => {
  const world = createOwnedWorld();
  const [ingress, egress] = kinds as [Kind, Kind];
  const worker = owned(world, 'worker', ingress);
  const made = (kind: Kind, values: Values = {}, client = worker.client): string =>
    client.run(kind.create, { ...kind.values(worker, 80), ...values }).id!;
  const [inId, outId] = [made(ingress), made(egress)];
  const refused = (command: string, id: string): [number, string] => {
    const before = world.simulator.kernel.log.lastSeq;
    const { httpStatus, errortext } = worker.client.fails(command, { id });
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
    return [httpStatus, errortext];
  };
  expect(refused('updateFirewallRule', outId)).toEqual([431, 'Unable to find firewall rule by ID']);
  expect(refused('updateEgressFirewallRule', inId)).toEqual([
    431,
    'Unable to find egress firewall rule by ID',
  ]);
  const system = made(ingress, { type: 'System' }, world.clientOf('admin'));
  expect(worker.client.run('updateFirewallRule', { id: system })).toMatchObject({
    status: 2,
    result: {
      errorcode: 431,
      errortext: 'Only root admin can update the system wide firewall rule',
    },
  });
  world.clientOf('admin').done('updateFirewallRule', { id: system, fordisplay: false });
  expect(world.clientOf('stranger').run('updateFirewallRule', { id: inId })).toMatchObject({
    status: 2,
    resultcode: 530,
  });
});

test('types and codes of ICMP that may go out, and rules that admins make for all', () => {
  const world = createOwnedWorld();
  const [, egress] = kinds as [Kind, Kind];
  const worker = owned(world, 'worker', egress);
  const values = { networkid: worker.networkId, protocol: 'icmp', icmptype: 8, icmpcode: 1 };
  const { firewallrule } = worker.client.done('createEgressFirewallRule', values);
  expect(firewallrule).toMatchObject({ icmptype: 8, icmpcode: 1 });
  // Nothing stands in the way of a system rule, and users do not delete it.
  const system = worker.client.run('createEgressFirewallRule', { ...values, type: 'System' });
  expect(system.status).toBe(1);
  expect(worker.client.run('deleteEgressFirewallRule', { id: system.id! })).toMatchObject({
    status: 2,
    result: { errortext: 'Only root admin can delete the system wide firewall rule' },
  });
});
