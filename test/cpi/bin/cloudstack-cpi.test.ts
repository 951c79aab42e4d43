// Proves that the built CPI answers every bad input with one response, exit code 0 and no secret in
// any output, started as a Director starts it, against servers on loopback that misbehave.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { installCpi, type FinishedCall } from '../../support/cpi-process.js';
import { errorOf, parseResponse, resultOf } from '../../support/director-response.js';

const context = { director_uuid: 'director-1', request_id: 'cpi-123456' };
const secrets = ['secret-api-key', 'secret-secret-key', 'secret-bus-password'];

function configurationOf(endpoint: string): object {
  return {
    cloudstack: {
      endpoint,
      api_key: 'secret-api-key',
      secret_access_key: 'secret-secret-key',
      default_zone: 'zone1',
      poll: { first_ms: 1, cap_ms: 1 },
    },
    agent: { mbus: 'nats://nats:secret-bus-password@10.0.0.6:4222' },
  };
}

const unusedEndpoint = 'http://127.0.0.1:9/client/api';

async function serve(listener: RequestListener): Promise<{ server: Server; endpoint: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { server, endpoint: `http://127.0.0.1:${port}/client/api` };
}

function expectNoSecret({ stdout, stderr }: FinishedCall): void {
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
}

test('the bundle that an operator installs answers like the compiled files', async () => {
  const broken = { cloudstack: { endpoint: 'x' }, agent: {} };
  const request = { method: 'has_vm', arguments: ['a'], context: { director_uuid: 'd' } };
  using bundle = installCpi(broken, 'bundle');
  using compiled = installCpi(broken, 'compiled');
  const [one, other] = await Promise.all([bundle.call(request), compiled.call(request)]);
  expect(one.exitCode).toBe(0);
  const [error, expected] = [one, other].map(
    ({ stdout }) => (JSON.parse(stdout) as { error: unknown }).error,
  );
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError' });
  expect(error).toEqual(expected);
});

test('info needs no configuration file', async () => {
  using cpi = installCpi();
  for (const request of [
    { method: 'info', arguments: [], context: { director_uuid: 'd' } },
    { method: 'info', arguments: [], context, api_version: 1 },
    {
      method: 'info',
      arguments: [],
      context: { ...context, vm: { stemcell: {} } },
      api_version: 2,
    },
  ]) {
    const { exitCode, stderr, stdout } = await cpi.call(request, []);
    expect(resultOf('info', 1, stdout)).toMatchObject({ api_version: 3 });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  }
});

for (const [problem, input, type, message] of [
  ['empty input', '', 'CpiError', /empty/],
  ['truncated JSON', '{"method":"has_vm","argum', 'CpiError', /not valid JSON/],
  ['an array', '[]', 'CpiError', /JSON object/],
  ['no context', { method: 'info', arguments: [] }, 'CpiError', /context/],
  [
    'a wrong api_version',
    { method: 'info', arguments: [], context, api_version: 'x' },
    'CpiError',
    /api_version/,
  ],
  ['an unknown method', { method: 'zzz', arguments: [], context }, 'NotImplemented', /"zzz"/],
  [
    'arguments for info',
    { method: 'info', arguments: [1], context },
    'CpiError',
    /takes no arguments/,
  ],
  [
    'too few arguments',
    { method: 'create_vm', arguments: ['a'], context },
    'CpiError',
    /Arguments are not correct.*agent_id/,
  ],
  ['too many arguments', { method: 'has_vm', arguments: ['a', 'b'], context }, 'CpiError', /got 2/],
  [
    'a wrong type',
    { method: 'create_disk', arguments: ['big', {}], context },
    'CpiError',
    /argument 1 \(size_mib\) must be a whole number from 1 to \d+, got a string/,
  ],
] as const) {
  test(`${problem}: one response with what is wrong, nothing asked of the cloud`, async () => {
    using cpi = installCpi(configurationOf(unusedEndpoint));
    const call = await cpi.call(input);
    const error = errorOf(call.stdout);
    expect(error.type).toBe(`Bosh::Clouds::${type}`);
    expect(error.message).toMatch(message);
    expect(call.exitCode).toBe(0);
  });
}

const hasVm = { method: 'has_vm', arguments: ['d2b5e1a0-0000-4000-8000-000000000001'], context };

test('a missing configuration file is named', async () => {
  using cpi = installCpi();
  const { exitCode, stdout } = await cpi.call(hasVm);
  expect(errorOf(stdout)).toMatchObject({ type: 'Bosh::Clouds::CpiError' });
  expect(errorOf(stdout).message).toMatch(/cpi\.json/);
  expect(exitCode).toBe(0);
});

test('a broken configuration names every problem at once', async () => {
  using cpi = installCpi({ cloudstack: { endpoint: 'x', api_key: 'secret-api-key' }, agent: {} });
  const call = await cpi.call(hasVm);
  const { message } = errorOf(call.stdout);
  for (const name of ['endpoint', 'secret_access_key', 'default_zone', 'agent.mbus']) {
    expect(message).toContain(name);
  }
  expectNoSecret(call);
});

test('a configuration that is no JSON', async () => {
  using cpi = installCpi('{"cloudstack": {"api_key": "secret-api-key"');
  const call = await cpi.call(hasVm);
  expect(errorOf(call.stdout).message).toMatch(/not valid JSON/);
  expectNoSecret(call);
});

test('an endpoint where nobody listens', async () => {
  const { server, endpoint } = await serve(() => undefined);
  await new Promise((resolve) => server.close(resolve));
  using cpi = installCpi(configurationOf(endpoint));
  const call = await cpi.call(hasVm);
  expect(errorOf(call.stdout).message).toMatch(/cloudstack\.endpoint/);
  expect(call.exitCode).toBe(0);
  expectNoSecret(call);
});

for (const [problem, listener, message] of [
  [
    'an HTML page',
    (_: unknown, response) => {
      response.setHeader('content-type', 'text/html').end('<html><body>Welcome</body></html>');
    },
    /cloudstack\.endpoint/,
  ],
  [
    'an HTML error page',
    (_: unknown, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>Not found</html>');
    },
    /cloudstack\.endpoint/,
  ],
  [
    'truncated JSON',
    (_: unknown, response) => {
      response.setHeader('content-type', 'application/json').end('{"listvirtualmachinesresponse":');
    },
    /cloudstack\.endpoint/,
  ],
  [
    'an empty answer',
    (_: unknown, response) => {
      response.end();
    },
    /cloudstack\.endpoint/,
  ],
  [
    'a refused signature',
    (_: unknown, response) => {
      response
        .writeHead(401, { 'content-type': 'application/json' })
        .end(
          '{"listvirtualmachinesresponse":{"uuidList":[],"errorcode":401,"errortext":"unable to verify user credentials and/or request signature"}}',
        );
    },
    /api_key.*secret_access_key.*clock/,
  ],
  [
    'an answer that repeats the keys',
    (request, response) => {
      request.setEncoding('utf8').on('data', (body: string) => {
        response.writeHead(530, { 'content-type': 'application/json' }).end(
          JSON.stringify({
            errorresponse: { errorcode: 530, errortext: `bad request ${body} secret-secret-key` },
          }),
        );
      });
    },
    /bad request/,
  ],
] as [string, RequestListener, RegExp][]) {
  test(`an endpoint that answers with ${problem}`, async () => {
    const { server, endpoint } = await serve(listener);
    using cpi = installCpi(configurationOf(endpoint));
    const call = await cpi.call(hasVm);
    server.close();
    const { log } = parseResponse(call.stdout);
    expect(errorOf(call.stdout).message).toMatch(message);
    expect(errorOf(call.stdout).ok_to_retry).toBe(false);
    expect(log).toContain('cpi-123456 has_vm failed');
    expect(call.exitCode).toBe(0);
    expectNoSecret(call);
  });
}

test('secrets of the context are as secret as those of the file', async () => {
  using cpi = installCpi(configurationOf(unusedEndpoint));
  const properties = { api_key: 'secret api key of the context', endpoint: 'secret://x' };
  const call = await cpi.call({ ...hasVm, context: { ...context, ...properties } });
  expect(errorOf(call.stdout).message).toContain('cloudstack.api_key must be');
  expect(call.stdout + call.stderr).not.toContain('secret api key of the context');
});

test('SIGTERM during a call ends it with an error', async () => {
  let asked = (): void => undefined;
  const request = new Promise<void>((resolve) => (asked = resolve));
  const { server, endpoint } = await serve(() => {
    asked();
  });
  using cpi = installCpi(configurationOf(endpoint));
  const { child, finished } = cpi.start(hasVm);
  await request;
  // The shell has replaced itself by Node, so this is the CPI's own process.
  child.kill('SIGTERM');
  const { exitCode, stdout, stderr } = await finished;
  server.closeAllConnections();
  server.close();
  expect(stderr).toMatch(
    /^told to end \(SIGTERM\): what this call began is undone, for at most 20 s$/m,
  );
  expect(errorOf(stdout).message).toMatch(/interrupted/);
  expect(exitCode).toBe(0);
});

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} before the request is complete is answered, too`, async () => {
    using cpi = installCpi(configurationOf(unusedEndpoint));
    const { child, finished } = cpi.start(undefined);
    // More than a pipe holds: when it is written, the program reads, and is ready for signals.
    await new Promise((resolve) => child.stdin?.write('{"x":"'.padEnd(2_000_000, 'x'), resolve));
    child.kill(signal);
    const { exitCode, stdout } = await finished;
    expect(errorOf(stdout).message).toMatch(/interrupted before its request had arrived/);
    expect(exitCode).toBe(0);
  });
}

test('secrets that are numbers, as YAML makes them of digits, are as secret as others', async () => {
  using cpi = installCpi({
    cloudstack: { endpoint: 'http://x', api_key: 123456789012, secret_access_key: 98765432.1 },
    agent: { mbus: 456456456 },
  });
  const request = { ...hasVm, arguments: [{ password: 777888999 }] };
  const { stdout, stderr } = await cpi.call(request);
  expect(errorOf(stdout).message).toMatch(/argument 1/);
  const call = await cpi.call(hasVm);
  expect(errorOf(call.stdout).message).toMatch(/api_key must be .*, got a number/);
  expect(call.stdout + call.stderr + stdout + stderr).not.toMatch(/123456789|98765432|456456456/);
});

test('a reader that goes away does not change the exit code', async () => {
  using cpi = installCpi();
  const { child, finished } = cpi.start({ method: 'info', arguments: [], context }, []);
  finished.catch(() => undefined);
  const closed = once(child, 'close');
  child.stdout?.destroy();
  expect(await closed).toEqual([0, null]);
});

test('input of several megabytes is read to its end', async () => {
  using cpi = installCpi(configurationOf(unusedEndpoint));
  const call = await cpi.call({ ...hasVm, arguments: ['x'.repeat(5_000_000), 1] });
  expect(errorOf(call.stdout).message).toMatch(/got 2/);
});

test('an image file as configuration is an error like any other', async () => {
  using cpi = installCpi();
  writeFileSync(join(cpi.folder, 'cpi.json'), Buffer.from([0xff, 0xfe, 0x00, 0x80]));
  expect(errorOf((await cpi.call(hasVm)).stdout).message).toMatch(/not valid JSON/);
});

for (const [options, exitCode, output] of [
  [['--help'], 0, /A smallest cpi\.json/],
  [['--version'], 0, /^\d+\.\d+\.\d+/],
  [['--bogus'], 2, /unknown option '--bogus'/],
  [['--config'], 2, /argument missing/],
  [
    ['surplus', '--delete'],
    2,
    /there is no command surplus; a call has none, and there are check, permissions, gc/,
  ],
] as const) {
  test(`${options.join(' ')} ends with ${exitCode}`, async () => {
    using cpi = installCpi();
    const call = await cpi.call('', options);
    expect(call.exitCode).toBe(exitCode);
    expect(call.stdout + call.stderr).toMatch(output);
  });
}
