// What tests of virtual machines share: the ids behind the names of the default world, and the
// parameters of a deployment that succeeds.
import { expect } from '@playwright/test';
import type { Refused, Reply, TestClient, TestWorld, Values } from './simulator-client.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The id of a row by its name. */
export function idOf(rows: readonly Named[], name: string): string {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`nothing is called ${name}`);
  return row.id;
}

/** The parameters of a small VM in one network, and whatever the test adds. */
export function deployment(
  { simulator }: TestWorld,
  values: Values = {},
  offering = 'm1.small',
): Values {
  const { world } = simulator;
  return {
    zoneid: idOf(world.zones.all(), 'zone1'),
    serviceofferingid: idOf(world.serviceOfferings.all(), offering),
    templateid: idOf(world.templates.all(), 'ubuntu-jammy'),
    ...values,
  };
}

export function networkId({ simulator }: TestWorld, name: string): string {
  return idOf(simulator.world.networks.all(), name);
}

export function diskOfferingId({ simulator }: TestWorld, name: string): string {
  return idOf(simulator.world.diskOfferings.all(), name);
}

/** Deploys a VM whose job must succeed; answers the VM. */
export function deployed(world: TestWorld, client: TestClient, values: Values = {}): Reply {
  return client.done('deployVirtualMachine', deployment(world, values))['virtualmachine'] as Reply;
}

/** The VM as a caller sees it in the list, undefined if it does not. */
export function listed(client: TestClient, values: Values): Reply | undefined {
  return (client.call('listVirtualMachines', values)['virtualmachine'] as Reply[] | undefined)?.[0];
}

/** The names of the VMs in a list. */
export function listedNames(client: TestClient, values: Values = {}): string[] {
  const rows = client.call('listVirtualMachines', values)['virtualmachine'] as Reply[] | undefined;
  return (rows ?? []).map((row) => row['name'] as string);
}

/** A refused request, which must have left no trace in the event log. */
export function refusedUnchanged(
  { simulator }: TestWorld,
  client: TestClient,
  command: string,
  values: Values,
): Refused {
  const before = simulator.kernel.log.lastSeq;
  const refused = client.fails(command, values);
  expect(simulator.kernel.log.lastSeq, `${command} left a trace`).toBe(before);
  return refused;
}

/** Everything about VMs, NICs and volumes, to compare before and after. */
export function guestState({ simulator }: TestWorld): string {
  const { vms, nics, volumes } = simulator.world;
  return JSON.stringify([vms.all(), nics.all(), volumes.all()]);
}
