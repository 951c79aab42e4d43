// Proves whose snapshots of volumes and VMs are shown to whom, across domains and projects, and that a
// policy takes those of a project for the project.
import { expect, test } from '@playwright/test';
import { domainOf, projectOf, type IdentityWorld } from '../../../support/identity-world.js';
import { createOwnedWorld, takeThings } from '../../../support/owned-things.js';
import { snapshotOf } from '../../../support/simulator-snapshots.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { vmSnapshotOf } from '../../../support/simulator-vm-snapshots.js';
import { assertSound } from '../../../support/sound-world.js';

interface Owned {
  readonly world: IdentityWorld;
  readonly client: TestClient;
  readonly vmId: string;
  readonly rootId: string;
}

/** A VM of an account, or of its project, and its root volume. */
function owned(name: string, values: (world: IdentityWorld) => Values = () => ({})): Owned {
  const world = createOwnedWorld();
  world.world.settings.set('kvm.snapshot.enabled', true);
  const client = world.clientOf(name);
  const vmId = takeThings(world, client, values(world));
  const root = world.world.volumes.where('vmId', vmId).find(({ type }) => type === 'ROOT')!;
  return { world, client, vmId, rootId: root.id };
}

test('snapshots of a domain below are shown to an admin that asks for all below', () => {
  const { world, client, vmId, rootId } = owned('diver');
  snapshotOf(client, rootId);
  vmSnapshotOf(client, vmId, { snapshotmemory: true });
  const admin = world.clientOf('admin');
  const domainid = domainOf(world, 'ROOT').id;
  for (const command of ['listSnapshots', 'listVMSnapshot']) {
    const count = (values: Values): unknown => admin.call(command, values)['count'] ?? 0;
    expect(count({}), command).toBe(0);
    expect(count({ domainid }), command).toBe(0);
    expect(count({ domainid, isrecursive: true }), command).toBe(1);
    expect(count({ listall: true }), command).toBe(1);
    expect(world.clientOf('worker').call(command, { listall: true }), command).toEqual({});
  }
});

test('snapshots of a project are shown to who asks for it, with the project as their owner', () => {
  const ofProject = (world: IdentityWorld): Values => ({ projectid: projectOf(world, 'alpha').id });
  const { world, client, vmId, rootId } = owned('bosh', ofProject);
  const project = projectOf(world, 'alpha');
  const whose = { project: project.name, projectid: project.id };
  snapshotOf(client, rootId);
  vmSnapshotOf(client, vmId, { snapshotmemory: true });
  for (const command of ['listSnapshots', 'listVMSnapshot']) {
    expect(client.call(command), command).toEqual({});
    const rows = client.call(command, { projectid: project.id });
    expect(rows['count'], command).toBe(1);
    const [listed] = (rows['snapshot'] ?? rows['vmSnapshot']) as Reply[];
    expect(listed, command).toMatchObject(whose);
    expect(listed, command).not.toHaveProperty('account');
  }
  const { result } = world
    .clientOf('admin')
    .run('deleteProject', { id: project.id, cleanup: false });
  expect(result['errortext']).toBe(
    "Can't delete the project yet because it has 1 VMSnapshot to clean up",
  );
});

test('a policy for a volume of a project takes snapshots that are the project', () => {
  const ofProject = (world: IdentityWorld): Values => ({ projectid: projectOf(world, 'alpha').id });
  const { world, client, rootId } = owned('bosh', ofProject);
  client.call('createSnapshotPolicy', {
    volumeid: rootId,
    intervaltype: 'HOURLY',
    schedule: '0',
    timezone: 'GMT',
    maxsnaps: 1,
  });
  world.simulator.kernel.advanceBy(3_600_000 + 60_000);
  const { snapshot } = client.call('listSnapshots', { projectid: projectOf(world, 'alpha').id });
  expect(snapshot).toMatchObject([{ intervaltype: 'HOURLY', state: 'BackedUp' }]);
  assertSound(world.simulator);
});
