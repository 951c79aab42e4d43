// Tests that pass and tell secrets, each in another way: what secrets-reporter.test.ts runs in a
// process of its own. They are no tests of the suite.
import { test } from '@playwright/test';
import { canaryOf } from '../../canaries.js';
import { testSimulator } from '../../simulator-client.js';

const secret = canaryOf('agent.mbus');

test('on stdout', () => {
  process.stdout.write(`connected to nats://nats:${secret}@10.0.0.6\n`);
});

test('on stderr, in base64', () => {
  process.stderr.write(`${Buffer.from(`x:${secret}`).toString('base64')}\n`);
});

test('in an attachment', async () => {
  await test.info().attach('log', { body: secret });
});

test('in an event', () => {
  const { world } = testSimulator().simulator;
  const [zone] = world.zones.all();
  world.zones.change(zone!, { name: `zone of ${secret}` });
});

test('nowhere', () => {
  process.stdout.write('connected to nats://nats:<redacted>@10.0.0.6\n');
});
