// `cloudstack-simulator why` as a user calls it: the answer as text and as JSON, the simulator of
// `exec`, and what it says and ends with when there is no such thing, no simulator, or something else.
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { whileListening } from '../../support/listening.js';
import { runMeasured, runProgram, startProgram } from '../../support/simulator-process.js';

const GATEWAY = '10.203.7.254';

test('the answer as a person and as a program read it', async () => {
  await whileListening({}, async ({ origin }) => {
    const text = await runMeasured(['why', 'address', GATEWAY, '--at', origin]);
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /^address 10\.203\.7\.254 of network NET_CS \(\S+\)\n {2}It is the gateway/,
    );
    const json = await runProgram(['why', 'address', GATEWAY, '--json'], {
      CLOUDSTACK_ENDPOINT: `${origin}/client/api`,
    });
    expect(json).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(json.stdout)).toMatchObject({ why: [{ lostEvents: 0 }] });
  });
});

test('what there is not ends with 1, and a wrong question with 2', async () => {
  await whileListening({}, async ({ origin }) => {
    expect(await runMeasured(['why', 'vm', 'web', '--at', origin])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'cloudstack-simulator: there is and was no VM with the id or the name web\n',
    });
    const { status, stderr } = await runProgram(['why', 'pod', 'pod1', '--at', origin]);
    expect(status).toBe(2);
    expect(stderr).toContain(
      'Allowed choices are address, vm, volume, pool, template, iso, network, router, host',
    );
  });
});

test('no simulator at all, and something else that answers, end with 3', async () => {
  const other = createServer((_request, response) => void response.end('hello')).listen(0);
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const at = `http://127.0.0.1:${port}`;
  expect(await runProgram(['why', 'vm', 'web', '--at', at])).toMatchObject({
    status: 3,
    stderr: `cloudstack-simulator: ${at} is no simulator: it answered 200\n`,
  });
  other.close();
  await once(other, 'close');
  expect(await runMeasured(['why', 'vm', 'web', '--at', at])).toMatchObject({
    status: 3,
    stderr: `cloudstack-simulator: nothing answers at ${at}; --at says where the simulator is\n`,
  });
  expect(await runProgram(['why', 'vm', 'web', '--at', 'here'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining(
      'cloudstack-simulator: --at: here is no URL, such as http://127.0.0.1:8080\n',
    ),
  });
});

test('a reader that has seen enough is no failure, a full disk is one and told', async () => {
  await whileListening({}, async ({ origin }) => {
    const args = ['why', 'address', GATEWAY, '--at', origin];
    const unread = startProgram(args);
    unread.child.stdout?.destroy();
    expect(await unread.ended).toMatchObject({ status: 0, stderr: '' });
    const full = openSync('/dev/full', 'w');
    expect(await startProgram(args, {}, full).ended).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(
        /^cloudstack-simulator: stdout cannot be written: .*ENOSPC.*\n$/,
      ),
    });
    closeSync(full);
  });
});
