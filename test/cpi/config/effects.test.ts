// Proves that every property of the configuration has an effect: each is named here with the test that
// shows it, or has its test here, in the file as well as in the context of a request; and that the
// names which properties had in earlier CPIs are read.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import type { NodeTransportOptions } from '../../../cpi/cloudstack/transport-node.js';
import { mergeConfiguration, validateConfiguration } from '../../../cpi/config/load.js';
import { olderNames, retiredNames } from '../../../cpi/config/older-names.js';
import { sections } from '../../../cpi/config/properties.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { openCall } from '../../../cpi/methods/call/open-call.js';
import { Redactor } from '../../../cpi/protocol/redactor.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from '../methods/vm-requests.js';

/** Where another test shows the effect. */
const elsewhere: Readonly<Record<string, string>> = {
  'cloudstack.endpoint': 'check/inspect.test.ts',
  'cloudstack.api_key': 'methods/ping-and-current-vm.test.ts',
  'cloudstack.secret_access_key': 'methods/call/error-table.test.ts',
  'cloudstack.default_zone': 'methods/calculate-vm-cloud-properties.test.ts',
  'cloudstack.default_key_name': 'methods/key-pairs.test.ts',
  'cloudstack.private_key': 'methods/key-pairs.test.ts',
  'cloudstack.project_id': 'methods/owners.test.ts',
  'cloudstack.account': 'methods/owners.test.ts',
  'cloudstack.domain_id': 'methods/owners.test.ts',
  'cloudstack.default_disk_offering': 'methods/disks.test.ts',
  'cloudstack.default_ephemeral_disk_offering': 'methods/create-vm.test.ts',
  'cloudstack.enable_auto_anti_affinity': 'methods/affinity-groups.test.ts',
  'cloudstack.auto_anti_affinity_type': 'methods/affinity-groups.test.ts',
  'cloudstack.state_timeout': 'methods/call/error-table.test.ts',
  'cloudstack.state_timeout_volume': 'methods/call/error-table.test.ts',
  'cloudstack.state_timeout_snapshot': 'methods/snapshots.test.ts',
  'cloudstack.strict_properties': 'methods/create-vm.test.ts',
  'cloudstack.log_level': 'methods/call/log.test.ts',
  'stemcell_server.url': 'stemcells/publish.test.ts',
  'stemcell_server.username': 'stemcells/publish.test.ts',
  'stemcell_server.password': 'stemcells/publish.test.ts',
  'stemcell_server.host': 'stemcells/publish.test.ts',
  'stemcell_server.port': 'stemcells/publish.test.ts',
  'stemcell_server.public_url': 'stemcells/publish.test.ts',
  'registry.host': 'methods/registry-settings.test.ts',
  'registry.port': 'methods/registry-settings.test.ts',
  'registry.endpoint': 'methods/registry-settings.test.ts',
  'registry.username': 'methods/registry-failures.test.ts',
  'registry.password': 'methods/registry-failures.test.ts',
  'registry.ca_cert': 'agent/registry-client.test.ts',
  'registry.credentials_in_endpoint': 'methods/registry-settings.test.ts',
  'cloudstack.calculate': 'methods/offering-tags.test.ts',
  'cloudstack.timeout': 'methods/timeouts.test.ts',
  'cloudstack.expunge_vm': 'methods/expunge-vm.test.ts',
};

interface Opened {
  readonly transports: NodeTransportOptions[];
  readonly poll: unknown;
}

/** What a call with these properties makes of them, where it can be seen at no cloud. */
function opened(cloudstack: object): Opened {
  const transports: NodeTransportOptions[] = [];
  const file = {
    cloudstack: {
      endpoint: 'https://cloud.example.com/client/api',
      api_key: 'key',
      secret_access_key: 'secret-key',
      default_zone: 'zone1',
      ...cloudstack,
    },
    agent: { mbus: 'nats://10.0.0.6' },
  };
  const call = openCall(
    {
      readConfiguration: () => JSON.stringify(file),
      createTransport: (options) => {
        transports.push(options);
        return { send: () => Promise.reject(new Error('nobody is asked')), close: () => undefined };
      },
      openImageServer: () => Promise.reject(new Error('nothing is served')),
      clock: realClock,
      random: () => 0,
      newId: () => 'id',
      networkInterfaces: () => [],
      signal: new AbortController().signal,
    },
    { method: '', arguments: [], apiVersion: 2, context: { directorUuid: 'd', properties: {} } },
    new Redactor(),
    () => undefined,
  );
  call.uploadTransport();
  return { transports, poll: call.client.poll };
}

const certificate = '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n';
const proxy = { host: 'proxy', port: 3128, user: 'me', password: 'my-password' };
const proxied = {
  proxy_host: 'proxy',
  proxy_port: 3128,
  proxy_user: 'me',
  proxy_password: 'my-password',
};

/** Makes a template of a stemcell under this configuration. */
async function templateUnder(properties: object, settings = {}): Promise<[unknown, string]> {
  const folder = mkdtempSync(join(tmpdir(), 'effects-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  await using zone = await startZone({ world: { ...advancedKvm, settings } });
  const cid = await zone.result('create_stemcell', [image, { name: 'x' }], { properties });
  rmSync(folder, { recursive: true });
  const row = zone.simulator.world.templates.all().find(({ id }) => id === cid);
  return [row, zone.diagnostics.join('\n')];
}

async function settingsOfVm(zone: CpiZone, properties: object): Promise<unknown> {
  const vm = at(await zone.result('create_vm', vmArguments(), { properties }), 0);
  const { virtualmachineuserdata } = zone.user.call('getVirtualMachineUserData', {
    virtualmachineid: String(vm),
  });
  const encoded = String(at(virtualmachineuserdata, 'userdata'));
  return JSON.parse(Buffer.from(encoded, 'base64').toString());
}

const here: Readonly<Record<string, () => Promise<void> | void>> = {
  'cloudstack.ca_cert': () => {
    const { transports } = opened({ ca_cert: certificate });
    expect(transports.map(({ caCert }) => caCert)).toEqual([certificate, certificate]);
  },
  'cloudstack.skip_verify_ssl': () => {
    expect(opened({ skip_verify_ssl: true }).transports.map(({ verifyTls }) => verifyTls)).toEqual([
      false,
      true,
    ]);
  },
  'cloudstack.upload_verify_tls': () => {
    const { transports } = opened({ upload_verify_tls: false });
    expect(transports.map(({ verifyTls }) => verifyTls)).toEqual([true, false]);
  },
  ...Object.fromEntries(
    Object.keys(proxied).map((name) => [
      `cloudstack.${name}`,
      () => {
        expect(opened(proxied).transports.map((options) => options.proxy)).toEqual([proxy, proxy]);
        expect(opened({}).transports.map((options) => options.proxy)).toEqual([
          undefined,
          undefined,
        ]);
      },
    ]),
  ),
  'cloudstack.poll': () => {
    const poll = { first_ms: 7, factor: 3, cap_ms: 70 };
    const expected = { firstMs: 7, factor: 3, capMs: 70 };
    expect(opened({ poll }).poll).toEqual({ job: expected, template: expected });
  },
  'cloudstack.user_data_max_length': async () => {
    await using zone = await startZone({}, 'direct');
    const env = { bosh: { group: 'g', big: 'x'.repeat(2_000) } };
    const options = { properties: { user_data_max_length: 1_024 } };
    const { message } = await zone.error('create_vm', vmArguments({ env }), options);
    expect(message).toContain('1024');
    expect(zone.simulator.world.vms.all()).toEqual([]);
  },
  'cloudstack.vm_expunge_delay': async () => {
    const networks = { a: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } };
    await using zone = await startZone({}, 'direct');
    const vm = at(await zone.result('create_vm', vmArguments({ networks })), 0);
    await zone.result('delete_vm', [vm], {
      properties: { vm_expunge_delay: 1 },
      refuse: 'updateVmNicIp',
    });
    expect(zone.diagnostics.join('\n')).toContain('waiting 1 s (cloudstack.vm_expunge_delay)');
  },
  'cloudstack.stemcell_public_visibility': async () => {
    const wanted = { stemcell_public_visibility: true };
    const allowed = { 'allow.public.user.templates': true };
    expect((await templateUnder(wanted, allowed))[0]).toMatchObject({ isPublic: true });
    expect((await templateUnder({}, allowed))[0]).toMatchObject({ isPublic: false });
    const refusing = { 'allow.public.user.templates': false };
    const [row, told] = await templateUnder(wanted, refusing);
    expect(row).toMatchObject({ isPublic: false });
    expect(told).toContain('warning: the account may not make public templates');
  },
  'agent.mbus': async () => {
    await using zone = await startZone({}, 'direct');
    const agent = { mbus: 'nats://10.9.9.9:4222' };
    expect(await settingsOfVm(zone, { agent })).toMatchObject({ mbus: 'nats://10.9.9.9:4222' });
  },
  'agent.ntp': async () => {
    await using zone = await startZone({}, 'direct');
    expect(await settingsOfVm(zone, { agent: { ntp: ['time'] } })).toMatchObject({ ntp: ['time'] });
  },
  'agent.blobstore': async () => {
    await using zone = await startZone({}, 'direct');
    const blobstore = { provider: 'dav', options: { endpoint: 'http://10.0.0.6:25250' } };
    expect(await settingsOfVm(zone, { agent: { blobstore } })).toMatchObject({ blobstore });
  },
  'stemcell.publish': () => {
    expect(() => opened({})).not.toThrow();
    const file = JSON.stringify({ stemcell: { publish: 'pigeon' } });
    expect(() => validateConfiguration(mergeConfiguration(file, {}))).toThrow(/stemcell\.publish/);
  },
  'stemcell.os_type': async () => {
    const [row] = await templateUnder({ stemcell: { os_type: 'Ubuntu 22.04 LTS' } });
    const [usual] = await templateUnder({});
    expect(at(row, 'osTypeId')).not.toBe(at(usual, 'osTypeId'));
  },
  'stemcell.requires_hvm': async () => {
    const [row] = await templateUnder({ stemcell: { requires_hvm: false } });
    expect(row).toMatchObject({ requiresHvm: false });
    expect((await templateUnder({}))[0]).toMatchObject({ requiresHvm: true });
  },
};

const names = Object.entries(sections).flatMap(([section, properties]) =>
  Object.keys(properties).map((name) => `${section}.${name}`),
);

test('every property has a test of its effect', () => {
  const shown = [...Object.keys(elsewhere), ...Object.keys(here)];
  expect(names.filter((name) => !shown.includes(name))).toEqual([]);
  expect(shown.filter((name) => !names.includes(name))).toEqual([]);
});

for (const [name, file] of Object.entries(elsewhere)) {
  test(`${name} is used in ${file}`, () => {
    const path = new URL(`../${file}`, import.meta.url);
    expect(existsSync(path)).toBe(true);
    expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`\\b${name.split('.')[1]}\\b`));
  });
}

for (const [name, shows] of Object.entries(here)) test(`${name} has its effect`, () => shows());

const smallest = {
  cloudstack: {
    endpoint: 'https://cloud.example.com/client/api',
    api_key: 'key',
    secret_access_key: 'secret-key',
    default_zone: 'zone1',
  },
  agent: { mbus: 'nats://10.0.0.6' },
};

/** An object with a value at a path. */
function withValue(path: string, value: unknown): object {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
}

/** As the properties of a cpi-config come: those of no section, and of `cloudstack`, flat. */
function contextOf(name: string, value: unknown): Record<string, never> {
  return withValue(name.replace(/^cloudstack\./, ''), value) as Record<string, never>;
}

function valueOf(context: Record<string, never>, path: string, file: object = smallest): unknown {
  const raw = mergeConfiguration(JSON.stringify(file), context);
  const { configuration, warnings } = validateConfiguration(raw);
  expect(warnings).toEqual([]);
  return at(configuration, ...path.split('.'));
}

const credentials = { registry: { username: 'me', password: 'a-password' } };

for (const { older, present } of olderNames.filter(({ convert }) => convert === undefined)) {
  test(`${older} of an earlier CPI is read as ${present}`, () => {
    const [section = '', name = ''] = present.split('.');
    const { example } = Reflect.get(Reflect.get(sections, section) as object, name) as {
      example: never;
    };
    const beside = present === 'registry.endpoint' ? credentials : {};
    const here = { ...smallest, ...beside };
    expect(valueOf(contextOf(older, example), present, here)).toEqual(example);
    const both = { ...contextOf(older, example), ...contextOf(present, example) };
    expect(valueOf(both, present, here)).toEqual(example);
    // And as a file has it that was written by hand from the properties of a job.
    const group = older.split('.')[0] ?? '';
    if (['agent', 'stemcell', 'cloudstack', 'registry'].includes(group)) return;
    const file = { ...smallest, ...beside, ...withValue(older, example) };
    if (present !== 'agent.mbus') expect(valueOf({}, present, file)).toEqual(example);
  });
}

const converted: Readonly<
  Record<string, readonly (readonly [string, unknown, unknown, unknown])[]>
> = {
  'cloudstack.stemcell_publish_timeout': [['cloudstack.timeout', 5, { poll_template: 300 }, {}]],
  'cpi.calculate_vm_cloud_properties.disk.tags': [
    ['cloudstack.calculate', 'ssd, fast', { disk_tags: ['ssd', 'fast'] }, {}],
  ],
  'cpi.calculate_vm_cloud_properties.compute.tags': [
    ['cloudstack.calculate', 'bosh', { compute_tags: ['bosh'] }, {}],
  ],
  'cpi.blobstore': [
    [
      'agent.blobstore',
      {
        provider: 'dav',
        address: '10.0.0.6',
        port: 25250,
        agent: { user: 'agent', password: 'agent-password' },
      },
      {
        provider: 'dav',
        options: { endpoint: 'http://10.0.0.6:25250', user: 'agent', password: 'agent-password' },
      },
      undefined,
    ],
    [
      'agent.blobstore',
      { provider: 'local', path: '/var/vcap/cache' },
      { provider: 'local', options: { blobstore_path: '/var/vcap/cache' } },
      undefined,
    ],
    ['agent.blobstore', { path: '/var/vcap/cache' }, undefined, undefined],
  ],
  'env.https_proxy': [
    ['cloudstack.proxy_host', 'http://proxy.example.com:3128', 'proxy.example.com', undefined],
    ['cloudstack.proxy_port', 'http://proxy.example.com:3128', 3128, 8080],
    ['cloudstack.proxy_port', 'proxy.example.com', 80, 8080],
    ['cloudstack.proxy_user', 'http://me:a%20word@proxy', 'me', undefined],
    ['cloudstack.proxy_password', 'http://me:a%20word@proxy', 'a word', undefined],
  ],
  // The endpoint is encrypted.
  'env.http_proxy': [['cloudstack.proxy_host', 'http://proxy:3128', undefined, undefined]],
  'env.no_proxy': [['cloudstack.proxy_host', 'example.com', undefined, undefined]],
};

for (const [older, cases] of Object.entries(converted)) {
  for (const [path, value, present, otherwise] of cases) {
    test(`${older} of an earlier CPI, ${JSON.stringify(value)}, becomes ${path}`, () => {
      expect(valueOf(contextOf(older, value), path)).toEqual(present);
      expect(valueOf({}, path)).toEqual(otherwise);
    });
  }
}

test('each name whose value becomes another one has a test of it', () => {
  const names = olderNames.filter(({ convert }) => convert !== undefined);
  expect([...new Set(names.map(({ older }) => older))].sort()).toEqual(
    Object.keys(converted).sort(),
  );
});

for (const [noProxy, isUsed] of [
  ['', true],
  ['other.example.com', true],
  ['*', false],
  ['cloud.example.com', false],
  ['example.com:443', false],
  ['.example.com', false],
  ['ample.com', true],
  ['10.0.0.0/8, cloud.example.com', false],
  ['10.0.0.0/8', true],
] as const) {
  test(`no_proxy of "${noProxy}" ${isUsed ? 'leaves' : 'takes'} the proxy`, () => {
    const env = { https_proxy: 'http://proxy:3128', no_proxy: noProxy };
    const host = valueOf({ env } as never, 'cloudstack.proxy_host');
    expect(host).toBe(isUsed ? 'proxy' : undefined);
  });
}

test('a range in no_proxy covers the addresses in it', () => {
  const env = { http_proxy: 'http://proxy:3128', no_proxy: '10.0.0.0/8' };
  for (const [address, host] of [
    ['10.1.2.3', undefined],
    ['192.0.2.1', 'proxy'],
  ] as const) {
    const cloudstack = { ...smallest.cloudstack, endpoint: `http://${address}/client/api` };
    const file = { ...smallest, cloudstack };
    expect(valueOf({ env } as never, 'cloudstack.proxy_host', file)).toBe(host);
  }
});

for (const [name, why] of Object.entries(retiredNames)) {
  test(`${name} of an earlier CPI is said to have no effect, and why`, () => {
    const raw = mergeConfiguration(JSON.stringify(smallest), contextOf(name, 'x'));
    expect(validateConfiguration(raw).warnings).toEqual([`${name} has no effect: ${why}`]);
  });
}
