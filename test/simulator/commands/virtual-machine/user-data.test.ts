// Proves the rules of user data, in deployVirtualMachine and updateVirtualMachine alike: base64,
// the limits on its encoded length, stored with padding, and shown only when asked for.
import { expect, test } from '@playwright/test';
import { inProcess } from '../../../../simulator/doors/in-process.js';
import {
  signedQuery,
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, listed, refusedUnchanged } from '../../../support/simulator-vms.js';

/** Base64 of exactly so many characters. */
const encoded = (length: number): string => Buffer.alloc((length / 4) * 3, 'x').toString('base64');

function byGet({ simulator, user }: TestWorld, command: string, values: Values): Reply {
  const url = `/client/api?${signedQuery(user.keys, command, values)}`;
  const { body } = inProcess(simulator)({ method: 'GET', url });
  return Object.values(JSON.parse(body) as Reply)[0] as Reply;
}

test('is stored with padding, and listed only with userdata=true', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { userdata: 'e30' });
  expect(listed(world.user, { id })).not.toHaveProperty('userdata');
  expect(listed(world.user, { id, userdata: true })?.['userdata']).toBe('e30=');
});

test('may be URL-encoded once more', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { userdata: 'e30%3D' });
  expect(listed(world.user, { id, userdata: true })?.['userdata']).toBe('e30=');
});

for (const [what, userdata, text] of [
  ['no base64', '{}', 'User data is not base64 encoded.'],
  ['a broken URL encoding', '%zz', 'Url decoding of userdata failed.'],
  ['nothing', '=', 'User data is too short.'],
  ['too long', encoded(32_772), 'User data has exceeded configurable max length: 32768'],
] as const) {
  test(`is refused when it is ${what}`, () => {
    const world = testSimulator();
    const { id } = deployed(world, world.user, { startvm: false, userdata: 'e30=' });
    for (const [command, values] of [
      ['deployVirtualMachine', deployment(world, { userdata })],
      ['updateVirtualMachine', { id, userdata }],
    ] as const) {
      const refused = refusedUnchanged(world, world.user, command, values);
      expect(refused).toMatchObject({ httpStatus: 431, errortext: text });
    }
    expect(listed(world.user, { id, userdata: true })?.['userdata']).toBe('e30=');
  });
}

test('may have 32,768 characters in a POST and 4,096 in a GET', () => {
  const world = testSimulator();
  expect(deployed(world, world.user, { userdata: encoded(32_768) })['state']).toBe('Running');
  const fits = byGet(
    world,
    'deployVirtualMachine',
    deployment(world, { userdata: encoded(4_096) }),
  );
  expect(fits).toHaveProperty('jobid');
  const tooLong = deployment(world, { userdata: encoded(4_100) });
  expect(byGet(world, 'deployVirtualMachine', tooLong)).toMatchObject({
    errorcode: 431,
    errortext: 'User data is too long for http GET request',
  });
});

test('has a limit of its own setting', () => {
  const world = testSimulator();
  world.simulator.world.settings.set('vm.userdata.max.length', 8);
  const values = deployment(world, { userdata: encoded(12) });
  expect(refusedUnchanged(world, world.user, 'deployVirtualMachine', values).errortext).toBe(
    'User data has exceeded configurable max length: 8',
  );
});

test('beyond a million characters the parameter itself is too long', () => {
  const world = testSimulator();
  const values = deployment(world, { userdata: encoded(1_048_580) });
  expect(refusedUnchanged(world, world.user, 'deployVirtualMachine', values).errortext).toContain(
    'Value greater than max allowed length 1048576 for param: userdata',
  );
});

test('never stands in the event log', () => {
  const world = testSimulator();
  deployed(world, world.user, { userdata: 'c2VjcmV0' });
  const events = JSON.stringify(world.simulator.kernel.log.after(0));
  expect(events).not.toContain('c2VjcmV0');
});

test('an empty value is none', () => {
  const world = testSimulator();
  const { id } = deployed(world, world.user, { startvm: false, userdata: '' });
  expect(listed(world.user, { id, userdata: true })).not.toHaveProperty('userdata');
  world.user.call('updateVirtualMachine', { id, userdata: 'e30=' });
  world.user.call('updateVirtualMachine', { id, userdata: '' });
  expect(listed(world.user, { id, userdata: true })?.['userdata']).toBe('e30=');
});
