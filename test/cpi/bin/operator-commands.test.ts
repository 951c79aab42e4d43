// Proves what `cloudstack-cpi check` and `permissions` write, and how they end: the built program
// against a simulator on a port.
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { listen } from '../../../simulator/doors/listen.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { unmeasured } from '../../support/coverage.js';

const program = fileURLToPath(new URL('../../../dist/bundle/cloudstack-cpi.cjs', import.meta.url));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: unmeasured,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, stdout, stderr };
}

/** Writes a configuration for a simulator on a port. */
async function withCloud(
  work: (write: (cloudstack?: object, more?: object) => string) => Promise<void>,
): Promise<void> {
  const startTime = new Date().toISOString();
  const simulator = createSimulator({ world: { ...advancedKvm, startTime } });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const user = simulator.userWithRole('User');
  const folder = mkdtempSync(join(tmpdir(), 'check-'));
  const path = join(folder, 'cpi.json');
  try {
    await work((cloudstack = {}, more = {}) => {
      const own = {
        endpoint: `${origin}/client/api`,
        api_key: user.apiKey,
        secret_access_key: user.secretKey,
        default_zone: 'zone1',
        ...cloudstack,
      };
      const file = { cloudstack: own, agent: { mbus: 'nats://10.0.0.6' }, ...more };
      writeFileSync(path, JSON.stringify(file));
      return path;
    });
  } finally {
    rmSync(folder, { recursive: true });
    await close();
  }
}

test('check writes a line for each finding, what to do below, and ends with 0 for warnings', async () => {
  await withCloud(async (write) => {
    const { status, stdout, stderr } = await run('--config', write(), 'check');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ok {7}endpoint: http:\/\/127\.0\.0\.1:\d+\/client\/api is CloudStack 4/,
    );
    expect(stdout).toMatch(
      /\nwarning {2}expunge: [^\n]+\n( {9}[^\n]+\n)* {9}-> set the setting allow/,
    );
    expect(stdout).toMatch(/\n\nThe CPI can work: 1 warning\.\n$/);
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').every((line) => line.length <= 110)).toBe(true);
  });
});

test('check ends with 1 where something fails, and tells programs the same', async () => {
  await withCloud(async (write) => {
    const config = write({ default_zone: 'zone-9', api_kee: 'x' });
    const people = await run('--config', config, 'check', '--network', 'NET_CS', 'NET_SHARED');
    expect(people).toMatchObject({ status: 1, stderr: '' });
    expect(people.stdout).toMatch(/failed {3}zone: .*"zone-9"/);
    expect(people.stdout).toMatch(/warning {2}configuration: cloudstack\.api_kee is unknown/);
    expect(people.stdout).toMatch(/The CPI cannot work like this: 1 failed, 2 warnings\.\n$/);
    const programs = await run('--config', config, 'check', '--json');
    expect(programs).toMatchObject({ status: 1, stderr: '' });
    const zone = (JSON.parse(programs.stdout) as { about: string }[]).find(
      ({ about }) => about === 'zone',
    );
    expect(zone).toMatchObject({
      verdict: 'failed',
      advice: expect.stringMatching(/default_zone/),
    });
  });
});

test('check of a broken configuration says what is broken, and no secret', async () => {
  await withCloud(async (write) => {
    const config = write({ api_key: 'secret-api-key', state_timeout: 'soon' }, { agent: {} });
    const { status, stdout, stderr } = await run('--config', config, 'check');
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    expect(stdout).toMatch(/^failed {3}configuration: .*agent\.mbus is missing/s);
    expect(stdout).toContain(`-> correct ${config}`);
    expect(stdout).not.toContain('secret-api-key');
  });
  const missing = await run('--config', '/no/such/file', 'check');
  expect(missing).toMatchObject({ status: 1, stderr: '' });
  expect(missing.stdout).toMatch(/-> create \/no\/such\/file, or give the path of another/);
});

test('a reader that has seen enough is no failure, and the status is that of the work', async () => {
  await withCloud(async (write) => {
    for (const [status, cloudstack, command] of [
      [0, {}, 'check'],
      [0, {}, 'gc'],
      [0, {}, 'permissions'],
      [1, { default_zone: 'zone-9' }, 'check'],
    ] as const) {
      const args = ['--config', write(cloudstack), command];
      const child = spawn(process.execPath, [program, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: unmeasured,
      });
      child.stdout.destroy();
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const stderr = await text(child.stderr);
      expect({ status: await ended, stderr }, args.join(' ')).toEqual({ status, stderr: '' });
    }
  });
});

test('a stdout that cannot be written is told, and is no success', async () => {
  await withCloud(async (write) => {
    const config = write();
    for (const args of [
      ['check'],
      ['check', '--json'],
      ['gc'],
      ['gc', '--json'],
      ['permissions'],
      ['permissions', '--csv'],
      ['permissions', '--help'],
      ['--help'],
      ['--version'],
    ]) {
      const full = openSync('/dev/full', 'w');
      const child = spawn(process.execPath, [program, '--config', config, ...args], {
        stdio: ['ignore', full, 'pipe'],
        env: unmeasured,
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      const stderr = child.stderr === null ? '' : await text(child.stderr);
      expect({ status: await ended, stderr }, args.join(' ')).toEqual({
        status: 3,
        stderr: expect.stringMatching(/^cloudstack-cpi: stdout cannot be written: .*ENOSPC.*\n$/),
      });
      closeSync(full);
    }
  });
});

test('the configuration file may be named after the command, too', async () => {
  await withCloud(async (write) => {
    const config = write();
    for (const args of [['check'], ['gc']] as const) {
      const ended = await run(...args, '--config', config);
      expect(ended, args[0]).toMatchObject({ status: 0, stderr: '' });
    }
    const both = await run('--config', '/no/such/file', 'check', '--config', config);
    expect(both.status).toBe(0);
  });
});

test('permissions prints the role in each form without a configuration or a cloud', async () => {
  const table = await run('--config', '/no/such/file', 'permissions');
  expect(table).toMatchObject({ status: 0, stderr: '' });
  expect(table.stdout).toMatch(/\nallow rebootVirtualMachine +reboot_vm\n/);
  expect((await run('permissions', '--csv')).stdout).toMatch(/^rule,permission,description\n/);
  const cmk = await run('permissions', '--cmk', '--name', 'my role', 'has_vm');
  expect(cmk.stdout).toBe(
    "cmk import role 'name=my role' type=User forced=true \\\n" +
      "  'rules[0].rule=listVirtualMachines' 'rules[0].permission=allow' 'rules[0].description=has_vm' \\\n" +
      "  'rules[1].rule=*' 'rules[1].permission=deny' 'rules[1].description=nothing else'\n",
  );
  const { rules } = JSON.parse(
    (await run('permissions', '--json', '--required', 'ping')).stdout,
  ) as {
    rules: { rule: string }[];
  };
  expect(rules.map(({ rule }) => rule)).toEqual(['listZones', '*']);
});

for (const [problem, args, message] of [
  ['a method that there is not', ['permissions', 'create_vn'], /did you mean create_vm\?/],
  ['a name with a quote', ['permissions', '--name', "a'b"], /--name takes no quotes/],
  ['an unknown option of check', ['check', '--delete'], /unknown option '--delete'/],
  ['an argument of check', ['check', 'zone'], /too many arguments/],
] as const) {
  test(`${problem} ends with 2 and says why`, async () => {
    const ended = await run(...args);
    expect(ended).toMatchObject({ status: 2, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });
}

test('--help teaches, and the help of the program names the commands', async () => {
  expect((await run('check', '--help')).stdout).toContain('and changes nothing');
  expect((await run('permissions', '--help')).stdout).toContain('Roles, Import Role');
  const { stdout } = await run('--help');
  for (const command of ['check', 'permissions', 'gc']) expect(stdout).toContain(`${command} [`);
});
