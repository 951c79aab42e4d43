// Proves that stderr and `log` let an operator follow a call: which call, when, which requests and
// jobs, how long they took; that the configuration says how much; and that no secret ever leaves, in
// whatever form, from any method, gc or check; against the simulated zone.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../../bats-runner/stemcell/stemcell-image.js';
import { describe as describeCollected } from '../../../../cpi/gc/report.js';
import { isTold } from '../../../../cpi/methods/call/log-level.js';
import { methods } from '../../../../cpi/methods/index.js';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CallOptions } from '../../../support/cpi-zone.js';
import { casesIn } from '../../permissions/cases.js';
import { vmArguments } from '../vm-requests.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
const image = join(folder, 'image');
test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function rebootAt(level: string | undefined): Promise<{ lines: string[]; log: string }> {
  await using zone = await startZone({}, 'direct');
  const vm = String(at(await zone.result('create_vm', vmArguments()), 0));
  zone.rawDiagnostics.length = 0;
  const properties = { agnet: {}, ...(level !== undefined && { log_level: level }) };
  const answer = await zone.call('reboot_vm', [vm], { properties });
  return { lines: [...zone.rawDiagnostics], log: String(at(JSON.parse(answer), 'log')) };
}

test('each line says which call it is of and when; requests, jobs and times are told', async () => {
  const { lines, log } = await rebootAt(undefined);
  const head = String.raw`^\[cpi-1 reboot_vm \+\d+\.\d s\] `;
  expect(lines.every((line) => new RegExp(head).test(line))).toBe(true);
  const said = lines.map((line) => line.replace(/^\[[^\]]*\] /, ''));
  expect(said).toEqual([
    expect.stringMatching(/^warning: configuration: cloudstack\.agnet is unknown/),
    expect.stringMatching(/^cloudstack listVirtualMachines ok \d+ ms$/),
    expect.stringMatching(/^cloudstack rebootVirtualMachine ok \d+ ms$/),
    expect.stringMatching(/^job [0-9a-f-]{36} of rebootVirtualMachine done after \d+ ms$/),
  ]);
  expect(log).toMatch(/^cpi-1 reboot_vm succeeded after \d+ ms, [4-9] CloudStack requests\n$/);
});

test('cloudstack.log_level says how much', async () => {
  const debug = (await rebootAt('debug')).lines.join('\n');
  expect(debug).toMatch(/\] debug: cloudstack queryAsyncJobResult ok \d+ ms/);
  const { lines } = await rebootAt('warning');
  expect(lines).toEqual([expect.stringMatching(/\] warning: configuration: /)]);
  expect(isTold('debug: x', 'info')).toBe(false);
  expect(isTold('x', 'info')).toBe(true);
  expect(isTold('warning: x', 'warning')).toBe(true);
});

test('a failure is told with its causes', async () => {
  await using zone = await startZone({}, 'direct');
  const answer = await zone.call('ping', [], { properties: { secret_access_key: 'wrong-secret' } });
  expect(String(at(JSON.parse(answer), 'log'))).toMatch(
    /^cpi-1 ping failed after \d+ ms, 1 CloudStack requests\nCloudStackError: CloudStack listZones failed with code 401/,
  );
});

const secret = (name: string): string => `canary+${name}/ÿ"secret`;
const properties = {
  log_level: 'debug',
  private_key: secret('private-key'),
  cloudstack: { token: secret('token') },
  agent: {
    mbus: `nats://nats:canary-bus-secret@10.0.0.6:4222`,
    blobstore: { provider: 'dav', options: { password: secret('blobstore') } },
  },
};
const env = {
  bosh: {
    group: 'g',
    password: secret('env'),
    mbus: { cert: { private_key: secret('mbus-key'), certificate: 'x' } },
  },
};

/** A text with every run of base64 in it decoded, too, at each of the offsets that it may have. */
function revealed(text: string): string {
  const runs = text.match(/[A-Za-z0-9+/_-]{12,}/g) ?? [];
  const decoded = runs.flatMap((run) =>
    [0, 1, 2, 3].map((offset) => Buffer.from(run.slice(offset), 'base64').toString('latin1')),
  );
  return [text, decodeURIComponent(text.replace(/%(?![0-7][0-9a-f])/gi, '%25')), ...decoded].join(
    '\n',
  );
}

/** Notes what lets anybody upload an image who has it. */
function noting(permits: string[]): NonNullable<CallOptions['through']> {
  return (transport) => ({
    close: () => {
      transport.close();
    },
    send: (request) => {
      const { 'x-signature': signature, 'x-metadata': metadata } = request.headers ?? {};
      if (signature !== undefined && metadata !== undefined) permits.push(signature, metadata);
      return transport.send(request);
    },
  });
}

test('an upload has a permit, which is looked for in what is told', async () => {
  await using zone = await startZone({});
  const permits: string[] = [];
  const through = noting(permits);
  await zone.result('create_stemcell', [image, { name: 'x' }], { through });
  expect(permits).toHaveLength(2);
  for (const permit of permits) expect(zone.rawDiagnostics.join('\n')).not.toContain(permit);
});

for (const { name } of methods) {
  test(`${name}: no secret leaves`, async () => {
    const cases = casesIn(image).filter(({ method }) => method === name);
    expect(cases).not.toEqual([]);
    for (const one of cases) {
      const { about, world, settings = {}, options = {} } = one;
      await using zone = await startZone(
        { world: world ?? { ...advancedKvm, settings } },
        'direct',
      );
      const args = [...(await one.prepare(zone))];
      if (name === 'create_vm') args[5] = env;
      const { apiKey, secretKey } = zone.simulator.userWithRole('User');
      const own = { ...options, properties: { ...properties, ...options.properties } };
      const permits: string[] = [];
      const answers = [
        await zone.call(name, args, { ...own, through: noting(permits) }),
        await zone.call(name, args, { ...own, refuse: 'queryAsyncJobResult' }),
      ];
      const told = revealed([...answers, ...zone.rawDiagnostics].join('\n'));
      expect(told, about).not.toMatch(/canary.{1,20}secret|cr.*canary/i);
      expect(told, about).not.toContain(secretKey);
      expect(told, about).not.toContain(apiKey);
      for (const permit of permits) expect(told, about).not.toContain(permit);
    }
  });
}

test('gc and check: no secret leaves', async () => {
  await using zone = await startZone({}, 'direct');
  await zone.result('create_vm', vmArguments({ env }));
  zone.simulator.kernel.advanceBy(30 * 24 * 3_600_000);
  const { apiKey, secretKey } = zone.simulator.userWithRole('User');
  const own = { log_level: 'debug', private_key: secret('private-key') };
  const collected = await zone.gc({ isToBeDeleted: false, properties: own });
  const findings = [
    ...(await zone.check({ properties: own })),
    ...(await zone.check({ properties: { ...own, secret_access_key: secret('key') } })),
  ];
  const told = revealed(
    [
      ...collected.map((one) => describeCollected(one)),
      ...findings.map((finding) => JSON.stringify(finding)),
      ...zone.rawDiagnostics,
    ].join('\n'),
  );
  expect(collected).not.toEqual([]);
  expect(told).not.toMatch(/canary.{1,20}secret/);
  for (const key of [apiKey, secretKey]) expect(told).not.toContain(key);
});
