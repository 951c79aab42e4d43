// A VPC with a list of rules, for tests of lists and their rules.
import assert from 'node:assert/strict';
import type { NetworkWorld } from '../../../support/network-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addVpc,
  createVpcWorld,
  failedJob,
  refusal,
  rowsAroundVpcs,
} from '../../../support/vpc-world.js';

export interface AclScene extends NetworkWorld {
  readonly vpcId: string;
  readonly listId: string;
  /** One for all VPCs, which a root admin made. */
  readonly globalId: string;
}

export function aclScene(): AclScene {
  const zone = createVpcWorld({
    accounts: [
      { name: 'admin', role: 'Admin' },
      { name: 'bosh', role: 'User' },
      { name: 'other', role: 'User' },
      { name: 'chief', role: 'DomainAdmin' },
    ],
  });
  const vpcId = addVpc(zone)['id'];
  const { id: listId } = addList(zone, { vpcid: vpcId });
  const { id: globalId } = addList(zone, { name: 'global' }, zone.admin);
  return { ...zone, vpcId, listId, globalId };
}

export function addList(zone: NetworkWorld, values: Values = {}, client = zone.user): Reply {
  return client.done('createNetworkACLList', { name: 'own', ...values })['networkacllist'];
}

/** The parameters of a rule: connections to a port of the list's VPC. */
export function ruleValues({ listId }: AclScene, values: Values = {}): Values {
  return { aclid: listId, protocol: 'tcp', startport: 22, ...values };
}

export function addRule(zone: AclScene, values: Values = {}, client = zone.user): Reply {
  return client.done('createNetworkACL', ruleValues(zone, values))['networkacl'];
}

/** A request that must be refused, and change nothing. */
export function refusedRequest(
  zone: AclScene,
  client: TestClient,
  command: string,
  values: Values,
): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = refusal(client, command, values);
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

/** A job that must fail, and change nothing. */
export function refusedJob(
  zone: AclScene,
  client: TestClient,
  command: string,
  values: Values,
): readonly [number, string] {
  const before = rowsAroundVpcs(zone);
  const answer = failedJob(client, command, values);
  assert.equal(rowsAroundVpcs(zone), before);
  return answer;
}

/** The rules of a list by their numbers. */
export function numbersOf(
  { world }: NetworkWorld,
  listId: string,
): Readonly<Record<string, number>> {
  const rules = world.networkAcls.where('listId', listId);
  return Object.fromEntries(rules.map(({ reason, number }) => [reason ?? '', number]));
}
