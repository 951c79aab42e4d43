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
  'registry.host': 'methods/registry-settings.test.ts',
  'registry.port': 'methods/registry-settings.test.ts',
  'registry.endpoint': 'methods/registry-settings.test.ts',
  'registry.username': 'methods/registry-failures.test.ts',
  'registry.password': 'methods/registry-failures.test.ts',
  'registry.ca_cert': 'agent/registry-client.test.ts',
  'registry.credentials_in_endpoint': 'methods/registry-settings.test.ts',
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
      clock: realClock,
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

for (const [older, present] of olderNames) {
  test(`${older} of an earlier CPI is read as ${present}`, () => {
    const [section = '', name = ''] = present.split('.');
    const { example } = Reflect.get(Reflect.get(sections, section) as object, name) as {
      example: never;
    };
    // As the properties of a cpi-config come: flat.
    const context = withValue(older.replace(/^cloudstack\./, ''), example) as Record<string, never>;
    const file = JSON.stringify(smallest);
    const { configuration, warnings } = validateConfiguration(mergeConfiguration(file, context));
    expect(at(configuration, section, name)).toEqual(example);
    expect(warnings).toEqual([]);
    const both = { ...context, ...(section === 'cloudstack' && { [name]: example }) };
    expect(
      at(validateConfiguration(mergeConfiguration(file, both)).configuration, section, name),
    ).toEqual(example);
  });
}

for (const [name, why] of Object.entries(retiredNames)) {
  test(`${name} of an earlier CPI is said to have no effect, and why`, () => {
    const raw = mergeConfiguration(JSON.stringify(smallest), { [name]: true });
    expect(validateConfiguration(raw).warnings).toEqual([
      `cloudstack.${name} has no effect: ${why}`,
    ]);
  });
}
