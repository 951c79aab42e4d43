// The program as a user starts it: the ready file, help, wrong usage, a taken port, the event file,
// `exec`, and an orderly end.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Event } from '../../../simulator/kernel/event-log.js';
import { createSimulator } from '../../../simulator/simulator.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { LOOPBACK_HINT } from '../../../simulator/world/storage/image-hosts.js';
import { smallWorld } from '../../support/small-api.js';
import {
  runMeasured,
  runProgram,
  startMeasured,
  startProgram,
} from '../../support/simulator-process.js';
import { signedQuery, type Keys } from '../../support/simulator-client.js';

interface Ready {
  readonly endpoint: string;
  readonly console: string;
  readonly control: string;
  readonly pid: number;
  readonly admin: Keys;
  readonly user: Keys;
}

let directory = '';
test.beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'simulator-program-'));
});
test.afterEach(() => rmSync(directory, { recursive: true, force: true }));

const fileNamed = (name: string): string => join(directory, name);

async function zonesSeenWith({ endpoint }: Ready, keys: Keys): Promise<unknown> {
  const response = await fetch(`${endpoint}?${signedQuery(keys, 'listZones')}`);
  return (await response.json()) as unknown;
}

test('it tells where it is, answers there, and ends cleanly', async () => {
  const file = fileNamed('ready.json');
  writeFileSync(file, 'left by an earlier run');
  const program = startMeasured(['--port', '0', '--ready-file', file, '--seed', '7']);
  await program.says('Console');
  const ready = JSON.parse(readFileSync(file, 'utf8')) as Ready;
  expect(ready.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\/api$/);
  expect(ready.control).toBe(ready.endpoint.replace('/client/api', '/_sim'));
  expect(ready.console).toBe(ready.endpoint.replace('client/api', ''));
  expect(ready.pid).toBe(program.child.pid);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  for (const keys of [ready.admin, ready.user]) {
    expect(await zonesSeenWith(ready, keys)).toMatchObject({ listzonesresponse: { count: 1 } });
  }
  expect(((await (await fetch(`${ready.control}/clock`)).json()) as { mode: string }).mode).toBe(
    'real',
  );
  program.child.kill('SIGTERM');
  const { status, stdout, stderr } = await program.ended;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(
    `CloudStack API  ${ready.endpoint}\nConsole         ${ready.console}\n` +
      `Keys            ${file}\nCtrl-C ends it.\n`,
  );
  expect(existsSync(file)).toBe(false);
  for (const keys of [ready.admin, ready.user]) expect(stdout).not.toContain(keys.secretKey);
});

test('without a ready file it prints the keys', async () => {
  const program = startMeasured(['--port', '0']);
  await program.says('Ctrl-C ends it.');
  program.child.kill('SIGINT');
  const { stdout } = await program.ended;
  const value = (name: string): string =>
    new RegExp(`^${name} +(.*)$`, 'm').exec(stdout)?.[1] ?? '';
  const { apiKey, secretKey } = createSimulator().userWithRole('User');
  expect([value('API key'), value('Secret key')]).toEqual([apiKey, secretKey]);
  const admin = createSimulator().userWithRole('Admin');
  expect([value('Admin API key'), value('Admin secret')]).toEqual([admin.apiKey, admin.secretKey]);
});

test('a stale ready file is gone even if the program cannot start', async () => {
  const file = fileNamed('ready.json');
  writeFileSync(file, 'left by an earlier run');
  const args = ['--host', '192.0.2.1', '--port', '0', '--ready-file', file];
  expect((await runProgram(args)).status).toBe(3);
  expect(existsSync(file)).toBe(false);
});

test('a command that is not simulated, and the setting that would allow something, are told once on stderr', async () => {
  const file = fileNamed('ready.json');
  const program = startMeasured(['--port', '0', '--ready-file', file]);
  await program.says('Ctrl-C ends it.');
  const ready = JSON.parse(readFileSync(file, 'utf8')) as Ready;
  const ask = async (command: string): Promise<number> =>
    (await fetch(`${ready.endpoint}?${signedQuery(ready.user, command)}`)).status;
  expect(await ask('listSwifts')).toBe(401);
  expect(await ask('listSwifts')).toBe(401);
  expect(await ask('listZones')).toBe(200);
  for (const name of ['a', 'b']) {
    const asked = { name, zoneid: '1', url: 'http://127.0.0.1/a.iso', bootable: false };
    const query = signedQuery(ready.user, 'registerIso', asked);
    expect((await fetch(`${ready.endpoint}?${query}`)).status).toBe(431);
  }
  expect(await ask('list\u001b[2J')).toBe(401);
  program.child.kill('SIGTERM');
  const { stdout, stderr } = await program.ended;
  const told = (name: string): string =>
    `cloudstack-simulator: ${name} is not simulated; answered 401, as CloudStack does for a ` +
    'command that it does not know\n';
  const hint = `cloudstack-simulator: a request was refused. ${LOOPBACK_HINT}\n`;
  expect(stderr).toBe(told('listSwifts') + hint + told('list??2J'));
  expect(stdout).not.toContain('listSwifts');
});

test('--version prints the version of the package', async () => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string };
  expect(await runProgram(['--version'])).toEqual({
    status: 0,
    stdout: `${version}\n`,
    stderr: '',
  });
});

test('SIGINT ends it cleanly, too', async () => {
  const program = startProgram(['--port', '0']);
  await program.says('Console');
  program.child.kill('SIGINT');
  expect((await program.ended).status).toBe(0);
});

test('help is a result: on stdout, exit 0, with every option and command', async () => {
  const { status, stdout, stderr } = await runMeasured(['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  for (const word of [
    '--port',
    '--host',
    '--seed',
    '--world',
    '--clock',
    '--faults',
    '--load',
    '--events',
    '--ready-file',
    '--loose',
    'exec',
    'Examples:',
    'advanced-kvm',
    'scaled:N',
    '--version',
    'CLOUDSTACK_API_URL',
    'CLOUDSTACK_API_KEY',
    'CLOUDSTACK_SECRET_KEY',
    'options of the simulator stand before exec',
    'without --ready-file they are printed',
    '/_sim/invariants',
    'Exit status: 0 it was ended, 1 why found nothing, 2 wrong usage, 3 the environment',
  ]) {
    expect(stdout).toContain(word);
  }
  expect(stdout).not.toContain('{}');
});

const wrongUsage: readonly (readonly [string, string[], string])[] = [
  ['an unknown option', ['--colour'], "unknown option '--colour'"],
  ['an unknown command', ['exce'], 'there is no command exce; there are exec and why'],
  ['an unknown command with options', ['exce', '--admin', '--', 'x'], 'there is no command exce'],
  [
    'an option of the simulator after exec',
    ['exec', '--port', '0', '--', 'x'],
    'stand before exec',
  ],
  ['a port that is no number', ['--port', 'http'], 'Not a whole number'],
  ['a port above 65535', ['--port', '70000'], 'A port is at most 65535'],
  ['a seed that is no number', ['--seed', '-1'], 'Not a whole number'],
  ['an unknown clock', ['--clock', 'fast'], 'manual, auto, on-poll, real or scaled:N'],
  [
    'a world that does not exist',
    ['--world', 'atlantis'],
    'neither a preset (advanced-kvm, advanced-xenserver, advanced-vmware, several-clusters, large) nor a file',
  ],
  [
    'a misspelt preset',
    ['--world', 'advanced-kvmm'],
    'nor a file that can be read (did you mean advanced-kvm?)',
  ],
  ['a setting without a value', ['--setting', 'expunge.delay'], 'write expunge.delay=86400'],
  ['exec without a command', ['exec'], "missing required argument 'command'"],
];
for (const [what, args, message] of wrongUsage) {
  test(`${what}: exit 2, told on stderr`, async () => {
    const { status, stdout, stderr } = await runProgram(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^cloudstack-simulator: /);
    expect(stderr).toMatch(/\n\(cloudstack-simulator --help tells how to use it\)\n$/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
}

test('a world file is read; of a wrong one every problem is named', async () => {
  const file = fileNamed('world.json');
  writeFileSync(file, JSON.stringify({ ...smallWorld, settings: { 'expunge.delay': 5 } }));
  const args = ['--world', file, 'exec', '--admin', '--', process.execPath, '-e', PRINT_ZONES];
  expect((await runProgram(args)).stdout).toBe('401');

  writeFileSync(file, JSON.stringify({ ...smallWorld, zones: [], colour: 1 }));
  const wrong = await runMeasured(['--world', file]);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain(`${file} does not describe a world:`);
  expect(wrong.stderr).toContain('zones: ');
  expect(wrong.stderr).toContain('colour');

  const crowd = { name: 'vm-', account: 'bosh', zone: 'zone1', template: 'ubuntu-jammy' };
  const crowded = {
    ...advancedKvm,
    virtualMachines: [{ ...crowd, count: 49, serviceOffering: 'm1.small', networks: ['NET_CS'] }],
  };
  writeFileSync(file, JSON.stringify(crowded));
  expect((await runProgram(['--world', file])).stderr).toContain(
    `${file} does not describe a world:\n  virtualMachines.0.count: zone zone1 has room for 48 of`,
  );

  writeFileSync(file, 'no world\nat all\n');
  const broken = await runProgram(['--world', file]);
  expect(broken.status).toBe(2);
  expect(broken.stderr.split('\n')).toEqual([
    expect.stringContaining(`${file} is not JSON: `),
    '(cloudstack-simulator --help tells how to use it)',
    '',
  ]);
});

test('a fault plan is read; of a wrong one every problem is named', async () => {
  const file = fileNamed('faults.json');
  writeFileSync(file, JSON.stringify([{ then: { effect: 'proxy-error', status: 503 } }]));
  const args = ['--faults', file, 'exec', '--', process.execPath, '-e', PRINT_ZONES];
  expect((await runProgram(args)).stdout).toBe('503');

  writeFileSync(file, JSON.stringify([{ then: { effect: 'fire' } }, { when: {} }]));
  const wrong = await runMeasured(['--faults', file]);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain(`${file} is no fault plan:`);
  for (const place of ['1 (rule-1): then.effect: ', '2 (rule-2): then: '])
    expect(wrong.stderr).toContain(place);

  const missing = await runProgram(['--faults', fileNamed('nothing.json')]);
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain('nothing.json cannot be read: ENOENT: no such file');
});

test('a saved world goes on where it was, with its keys and its time', async () => {
  const file = fileNamed('saved.json');
  const saved = createSimulator({ seed: 7, faults: [{ then: { effect: 'proxy-error' } }] });
  saved.kernel.advanceBy(60_000);
  writeFileSync(file, JSON.stringify(saved.save()));
  const print = '["ENDPOINT","KEY"].map((name) => process.env["CLOUDSTACK_" + name]).join(" ")';
  const script =
    'fetch(process.env.CLOUDSTACK_ENDPOINT.replace("client/api", "_sim/health"))' +
    `.then((r) => r.json()).then((h) => process.stdout.write(h.worldTime + " " + h.clock + " " + ${print}))`;
  const args = ['--load', file, 'exec', '--', process.execPath, '-e', script];
  const [time, clock, , key] = (await runMeasured(args)).stdout.split(' ');
  expect([time, clock]).toEqual(['2026-01-01T00:01:00.000Z', 'manual']);
  expect(key).toBe(saved.userWithRole('User').apiKey);
  expect((await runProgram([...args.slice(0, 5), '-e', PRINT_ZONES])).stdout).toBe('502');
  const others = ['--clock', 'on-poll', '--faults', fileNamed('none.json')];
  writeFileSync(fileNamed('none.json'), '[]');
  expect((await runProgram([...others, ...args])).stdout).toContain('Z on-poll ');
  expect((await runProgram([...others, ...args.slice(0, 5), '-e', PRINT_ZONES])).stdout).toBe(
    '401',
  );
});

test('what is no saved world is refused, and so is another seed beside it', async () => {
  const file = fileNamed('saved.json');
  writeFileSync(file, JSON.stringify(smallWorld));
  const foreign = await runProgram(['--load', file]);
  expect(foreign.status).toBe(2);
  expect(foreign.stderr).toContain(
    `${file} cannot be loaded: it is no snapshot of a simulated world`,
  );
  writeFileSync(file, JSON.stringify(createSimulator().save()));
  const seeded = await runProgram(['--seed', '2', '--load', file]);
  expect(seeded.status).toBe(2);
  expect(seeded.stderr).toContain('--seed cannot be given with --load');
});

/** Asks the endpoint without a signature, which needs no library, and prints the status. */
const PRINT_ZONES =
  "fetch(process.env.CLOUDSTACK_ENDPOINT + '?command=listZones').then((r) => process.stdout.write(String(r.status)))";

test('a port that is taken: exit 3', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { status, stderr } = await runProgram(['--port', String(port)]);
  other.close();
  expect(status).toBe(3);
  expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}`);
  expect(stderr).toContain('EADDRINUSE');
  expect(stderr).toContain('--port 0 picks a free one');
});

for (const flag of ['--events', '--ready-file']) {
  test(`${flag} in a folder that does not exist: exit 3`, async () => {
    const { status, stderr } = await runProgram(['--port', '0', flag, fileNamed('no/such.file')]);
    expect(status).toBe(3);
    expect(stderr).toContain('cannot be written: ENOENT');
    expect(existsSync(fileNamed('no'))).toBe(false);
  });
}

test('--events writes every change, and the same again for the same seed', async () => {
  const record = async (name: string): Promise<string> => {
    const args = ['--events', fileNamed(name), '--clock', 'manual', 'exec', '--', process.execPath];
    expect((await runMeasured([...args, '-e', ''])).status).toBe(0);
    return readFileSync(fileNamed(name), 'utf8');
  };
  const first = await record('first.jsonl');
  expect(await record('second.jsonl')).toBe(first);
  const events = first
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Event);
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(events[0]).toMatchObject({ entity: 'domain', cause: 'world', data: { name: 'ROOT' } });
  expect(first).toContain('"secretKey":"(secret)"');
  expect(first).toContain('"apiKey":"(secret)"');
});

test.describe('exec', () => {
  const print = (expression: string): string[] => [
    '--',
    process.execPath,
    '-e',
    `console.log(JSON.stringify(${expression}))`,
  ];
  const VARIABLES =
    '[process.env.CLOUDSTACK_ENDPOINT, process.env.CLOUDSTACK_KEY, process.env.CLOUDSTACK_SECRET,' +
    ' process.env.CLOUDSTACK_API_URL, process.env.CLOUDSTACK_API_KEY,' +
    ' process.env.CLOUDSTACK_SECRET_KEY, process.env.FROM_OUTSIDE]';

  test("gives the command the ordinary user's keys, or the admin's, beside its environment", async () => {
    const seen = async (...flags: string[]): Promise<string[]> => {
      const { stdout } = await runProgram(['exec', ...flags, ...print(VARIABLES)], {
        FROM_OUTSIDE: 'yes',
      });
      return JSON.parse(stdout) as string[];
    };
    const [user, admin] = [await seen(), await seen('--admin')];
    for (const variables of [user, admin]) {
      const [endpoint, key, secret] = variables;
      expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/client\/api$/);
      expect(variables.slice(3)).toEqual([endpoint, key, secret, 'yes']);
      expect(key).not.toBe(secret);
    }
    expect(user[1]).not.toBe(admin[1]);
  });

  test('passes on arguments and exit status', async () => {
    const script =
      'process.exit(process.argv.length === 3 && process.argv[2] === "--help" ? 17 : 1)';
    const args = ['exec', '--', process.execPath, '-e', script, 'x', '--help'];
    expect((await runProgram(args)).status).toBe(17);
  });

  test('has an answering simulator as long as the command runs', async () => {
    const { stdout, status } = await runProgram([
      'exec',
      '--',
      process.execPath,
      '-e',
      PRINT_ZONES,
    ]);
    expect({ stdout, status }).toEqual({ stdout: '401', status: 0 });
  });

  test('a command that cannot be started: exit 3', async () => {
    const { status, stderr } = await runProgram(['exec', '--', fileNamed('nothing')]);
    expect(status).toBe(3);
    expect(stderr).toContain('cannot be started');
  });

  test('a command that a signal ended: 128 and its number', async () => {
    const args = ['exec', '--', process.execPath, '-e', "process.kill(process.pid, 'SIGKILL')"];
    expect((await runProgram(args)).status).toBe(137);
  });

  test('a signal is handed to the command, whose status counts', async () => {
    const script = [
      "process.on('SIGTERM', () => process.exit(9));",
      "console.log('waiting');",
      'setInterval(() => {}, 1000);',
    ].join(' ');
    const program = startMeasured(['exec', '--', process.execPath, '-e', script]);
    await program.says('waiting');
    program.child.kill('SIGTERM');
    expect((await program.ended).status).toBe(9);
  });

  test('needs --admin in a world without ordinary users', async () => {
    const file = fileNamed('world.json');
    writeFileSync(file, JSON.stringify({ ...smallWorld, accounts: [smallWorld.accounts[0]] }));
    const args = ['--world', file, 'exec'];
    const without = await runProgram([...args, ...print('1')]);
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('add --admin');
    expect((await runProgram([...args, '--admin', ...print('1')])).status).toBe(0);
  });
});

test('settings are laid over the world, and a wrong one is wrong usage', async () => {
  const file = fileNamed('ready.json');
  const setting = ['--setting', 'kvm.snapshot.enabled=true'];
  const program = startProgram(['--port', '0', '--ready-file', file, ...setting]);
  await program.says('Console');
  const { endpoint, user } = JSON.parse(readFileSync(file, 'utf8')) as Ready;
  const response = await fetch(`${endpoint}?${signedQuery(user, 'listCapabilities')}`);
  expect(await response.json()).toMatchObject({
    listcapabilitiesresponse: { capability: { kvmsnapshotenabled: true } },
  });
  program.child.kill('SIGTERM');
  await program.ended;

  const wrong = await runMeasured(['--setting', 'expunge.delay=soon']);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toContain('expunge.delay is a number, not "soon"');
  const misspelt = await runProgram(['--setting', 'expunge.dely=60']);
  expect(misspelt.stderr).toContain('(did you mean expunge.delay?)');
});
