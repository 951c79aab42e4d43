// Proves that what is asked of one VM is done to that one: the other stays as it is.
import { expect, test } from '@playwright/test';
import { testSimulator, type Reply, type TestWorld } from '../../../support/simulator-client.js';
import { deployed, listedNames } from '../../../support/simulator-vms.js';

interface Pair {
  readonly world: TestWorld;
  readonly one: string;
  readonly other: string;
}

/** Two VMs with passwords, stopped unless they are wanted running. */
function pair(startvm = false): Pair {
  const world = testSimulator();
  const { templates } = world.simulator.world;
  templates.change(templates.all()[0]!, { passwordEnabled: true });
  const [one, other] = ['one', 'other'].map(
    (name) => deployed(world, world.user, { name, startvm })['id'] as string,
  ) as [string, string];
  return { world, one, other };
}

function rowOf({ world }: Pair, id: string): string {
  const { vms, volumes } = world.simulator.world;
  return JSON.stringify([vms.require(id), volumes.where('vmId', id)]);
}

/** Does something to one VM; answers its row after it, when the other's is what it was. */
function changed(situation: Pair, action: (id: string) => unknown): string {
  const before = rowOf(situation, situation.other);
  const own = rowOf(situation, situation.one);
  action(situation.one);
  expect(rowOf(situation, situation.other)).toBe(before);
  const after = rowOf(situation, situation.one);
  expect(after).not.toBe(own);
  return after;
}

test('a password', () => {
  const situation = pair();
  changed(situation, (id) => situation.world.user.done('resetPasswordForVirtualMachine', { id }));
});

test('a key, and the password that it reads', () => {
  const situation = pair();
  const { user } = situation.world;
  const [first, second] = ['first', 'second'].map(
    (name) => user.call('createSSHKeyPair', { name })['keypair'] as Reply,
  );
  expect([first!['name'], second!['name']]).toEqual(['first', 'second']);
  changed(situation, (id) => user.done('resetSSHKeyForVirtualMachine', { id, keypair: 'first' }));
  user.done('resetSSHKeyForVirtualMachine', { id: situation.other, keypair: 'second' });
  const read = (id: string): unknown => user.call('getVMPassword', { id })['password'];
  for (const id of [situation.one, situation.other]) user.done('startVirtualMachine', { id });
  expect(read(situation.one)).not.toEqual(read(situation.other));
});

test('a key of a project, for its VM', () => {
  const { world } = pair();
  const { user } = world;
  const project = user.done('createProject', { name: 'p', displaytext: 'p' })['project'] as Reply;
  const projectid = project['id'] as string;
  user.call('createSSHKeyPair', { name: 'shared', projectid });
  const networkids = world.simulator.world.networks.all().find(({ type }) => type === 'Shared')!.id;
  const { id } = deployed(world, user, { startvm: false, projectid, networkids });
  const values = { id, keypair: 'shared' };
  expect(user.run('resetSSHKeyForVirtualMachine', values).status).toBe(2);
  expect(user.run('resetSSHKeyForVirtualMachine', { ...values, projectid }).status).toBe(1);
});

test('user data: given, registered, and with values for their variables', () => {
  const situation = pair();
  const { admin } = situation.world;
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  const command = 'resetUserDataForVirtualMachine';
  changed(situation, (id) => admin.call(command, { id, userdata: encoded('plain') }));
  const [one, two] = ['one', 'two'].map(
    (name) =>
      situation.world.user.call('registerUserData', {
        name,
        userdata: encoded(`#!/bin/sh\necho ${name} {{ color }}`),
        params: 'color',
      })['userdata']['id'] as string,
  );
  const idOf = (row: string): unknown => (JSON.parse(row) as [Reply])[0]['userDataId'];
  const set = (userdataid: string, color: string): string =>
    changed(situation, (id) =>
      admin.call(command, { id, userdataid, 'userdatadetails[0].color': color }),
    );
  expect(idOf(set(one!, 'red'))).toBe(one);
  expect(idOf(set(two!, 'blue'))).toBe(two);
  expect(set(two!, 'green')).toContain('green');
  const update = changed(situation, (id) =>
    situation.world.user.call('updateVirtualMachine', {
      id,
      userdataid: one!,
      'userdatadetails[0].color': 'white',
    }),
  );
  expect(update).toContain('white');
});

test('a host, a fresh root disk, and to be there again', () => {
  const running = pair(true);
  changed(running, (id) =>
    running.world.admin.done('migrateVirtualMachine', { virtualmachineid: id }),
  );
  const stopped = pair();
  const { user, admin } = stopped.world;
  for (const id of [stopped.one, stopped.other]) {
    user.done('startVirtualMachine', { id });
    user.done('stopVirtualMachine', { id });
  }
  changed(stopped, (virtualmachineid) => user.done('restoreVirtualMachine', { virtualmachineid }));
  for (const id of [stopped.one, stopped.other]) user.done('destroyVirtualMachine', { id });
  changed(stopped, (id) => admin.call('recoverVirtualMachine', { id }));
  expect(listedNames(user, { state: 'Stopped' })).toEqual(['one']);
});
