// What tests of network commands ask for: offerings by name, and a world as it was.
import assert from 'node:assert/strict';
import type { NetworkOfferingRow } from '../../../../simulator/world/entities.js';
import type { World } from '../../../../simulator/world/world.js';
import type { TestClient, Values } from '../../../support/simulator-client.js';
import type { NetworkWorld } from '../../../support/network-world.js';

export function offeringNamed(world: World, name: string): NetworkOfferingRow {
  const offering = world.networkOfferings.all().find((row) => row.name === name);
  assert.ok(offering, `there is no network offering ${name}`);
  return offering;
}

/** Runs what must be refused: nothing at all may change, nor be written down. */
export function unchanged<T>({ simulator }: NetworkWorld, action: () => T): T {
  const before = simulator.kernel.log.lastSeq;
  const result = action();
  assert.equal(simulator.kernel.log.lastSeq, before, 'a refusal changed something');
  return result;
}

/** Code and text of a job that fails and changes nothing but itself. */
export function jobFails(
  zone: NetworkWorld,
  client: TestClient,
  command: string,
  values: Values,
): [number, string] {
  const rows = (): string => JSON.stringify(ownRows(zone.world));
  const before = rows();
  const { status, resultcode, result } = client.run(command, values);
  assert.equal(status, 2, `${command} succeeded`);
  assert.equal(rows(), before, `${command} changed something`);
  return [resultcode, String(result['errortext'])];
}

function ownRows(world: World): unknown {
  const { networks, publicIps, nics, nicSecondaryIps, tags, vms } = world;
  const { loadBalancerRules, loadBalancerMembers } = world;
  const { firewallRules, portForwardingRules, ipForwardingRules } = world;
  return [
    networks,
    publicIps,
    nics,
    nicSecondaryIps,
    tags,
    vms,
    loadBalancerRules,
    loadBalancerMembers,
    firewallRules,
    portForwardingRules,
    ipForwardingRules,
  ].map((table) => table.all());
}
