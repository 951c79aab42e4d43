// Proves that the types of all events that can come about are listed, each once, and to everybody.
import { expect, test } from '@playwright/test';
import { commandEvents } from '../../../../simulator/declare/command-events.js';
import { createOfferingWorld } from '../../../support/offering-world.js';
import type { Reply, TestClient } from '../../../support/simulator-client.js';

const listed = (client: TestClient): string[] =>
  (client.call('listEventTypes')['eventtype'] as Reply[]).map(({ name }) => name as string);

test('every type that an event can have is there once', () => {
  const types = listed(createOfferingWorld().clientOf('admin'));
  expect(types).toContain('VM.CREATE');
  expect([...types].sort()).toEqual(
    [...new Set([...commandEvents.values()].map(({ type }) => type))].sort(),
  );
});

test('by the type of an event that happened, the event is listed', () => {
  const cloud = createOfferingWorld();
  const user = cloud.clientOf('bosh');
  user.call('registerSSHKeyPair', {
    name: 'key',
    publickey: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQC7',
  });
  const occurred = listed(user).filter(
    (type) => Number(user.call('listEvents', { type })['count'] ?? 0) > 0,
  );
  expect(occurred).toEqual(['REGISTER.SSH.KEYPAIR']);
});
