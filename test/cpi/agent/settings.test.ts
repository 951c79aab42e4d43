// Proves that agent settings hold what an agent decodes, pass env on unchanged, and travel as user
// data within CloudStack's limit; by cases.
import { expect, test } from '@playwright/test';
import { echoedNetworks, parseNetworks } from '../../../cpi/agent/network-spec.js';
import { agentSettings, setPersistentDisk } from '../../../cpi/agent/settings.js';
import { decodeUserData, encodeUserData } from '../../../cpi/agent/user-data.js';
import type { JsonValue } from '../../../cpi/protocol/json-value.js';

const networks = {
  private: {
    type: 'manual',
    ip: '10.0.1.6',
    prefix: '32',
    netmask: '255.255.255.0',
    gateway: '10.0.1.1',
    dns: ['8.8.8.8'],
    default: ['dns', 'gateway'],
    cloud_properties: { name: 'net-a' },
  },
  dyn: {
    type: 'dynamic',
    ip: '10.9.9.9',
    netmask: '255.0.0.0',
    gateway: '10.9.9.1',
    dns: ['9.9.9.9'],
    cloud_properties: { name: 'net-b' },
  },
  public: { type: 'vip', ip: '203.0.113.5', prefix: '32', cloud_properties: {} },
};
const env = { bosh: { mbus: { cert: { ca: 'line one\nline two\n' } }, groups: ['a', 'b'] } };

function settingsOf(): ReturnType<typeof agentSettings> {
  const [priv, dyn, vip] = parseNetworks(networks);
  return agentSettings({
    agentId: 'agent-1',
    vmName: 'vm-agent-1',
    networks: [
      { spec: priv!, macAddress: '02:00:4C:AA:00:01' },
      { spec: dyn!, macAddress: '02:00:4c:aa:00:02', ipAddress: '10.2.0.7' },
      { spec: vip! },
    ],
    ephemeralDisk: { path: '/dev/disk/by-id/virtio-1' },
    env,
    defaults: { mbus: 'nats://10.0.0.6:4222', ntp: ['ntp.example.com'] },
  });
}

test('holds everything that an agent reads', () => {
  expect(settingsOf()).toEqual({
    agent_id: 'agent-1',
    vm: { name: 'vm-agent-1' },
    networks: {
      private: {
        type: 'manual',
        ip: '10.0.1.6',
        prefix: '32',
        netmask: '255.255.255.0',
        gateway: '10.0.1.1',
        dns: ['8.8.8.8'],
        default: ['dns', 'gateway'],
        mac: '02:00:4c:aa:00:01',
      },
      dyn: { type: 'dynamic', dns: ['9.9.9.9'], mac: '02:00:4c:aa:00:02' },
      public: { type: 'vip', ip: '203.0.113.5', prefix: '32' },
    },
    disks: {
      system: '/dev/sda',
      ephemeral: { path: '/dev/disk/by-id/virtio-1' },
      persistent: {},
    },
    env,
    mbus: 'nats://10.0.0.6:4222',
    ntp: ['ntp.example.com'],
  });
});

test('a dynamic network is echoed with what CloudStack gave it, a manual one as it was', () => {
  const [priv, dyn] = parseNetworks(networks);
  const echoed = echoedNetworks([
    { spec: priv!, macAddress: '02:00:00:00:00:01', ipAddress: '10.0.1.6' },
    { spec: dyn!, ipAddress: '10.2.0.7', netmask: '255.255.0.0', gateway: '10.2.0.1' },
  ]);
  expect(echoed.private).toEqual({ ...networks.private, mac: '02:00:00:00:00:01' });
  expect(echoed.dyn).toMatchObject({
    ip: '10.2.0.7',
    netmask: '255.255.0.0',
    gateway: '10.2.0.1',
    cloud_properties: { name: 'net-b' },
  });
});

const good = { ip: '10.0.1.6', prefix: '32' };

for (const [problem, network, message] of [
  ['no object', 'x', /network n must be an object, got a string/],
  ['an unknown type', { type: 'magic' }, /type "magic"/],
  ['a manual one without ip', { type: 'manual' }, /needs an ip, got nothing/],
  ['a vip without ip', { type: 'vip', ip: 5 }, /needs an ip, got the integer 5/],
  ['a prefix', { ip: '10.0.0.0', prefix: '28' }, /single addresses/],
  ['one with a number as prefix', { ...good, prefix: 32 }, /prefix that is no string, but the int/],
  ['one with properties that are text', { ...good, cloud_properties: 'x' }, /no object, but a str/],
  ['one with a list of properties', { ...good, cloud_properties: [] }, /that are no object/],
  ['one with a default that is text', { ...good, default: 'gateway' }, /no list of strings/],
  ['one with a default of numbers', { ...good, default: [1] }, /no list of strings/],
  ['one with a NIC group that is a list', { ...good, nic_group: ['1'] }, /nic_group that is no/],
] satisfies [string, JsonValue, RegExp][]) {
  test(`refuses a network that is ${problem}`, () => {
    expect(() => parseNetworks({ n: network })).toThrow(message);
  });
}

test('a network may leave out what it does not need, or say null', () => {
  const rest = { cloud_properties: null, default: null, nic_group: null, prefix: null };
  const [network] = parseNetworks({ n: { ip: '10.0.1.6', ...rest } });
  expect(network).toMatchObject({
    type: 'manual',
    isDefaultGateway: false,
    cloudProperties: {},
  });
  expect(network).not.toHaveProperty('nicGroup');
});

test('user data is JSON in base64 and comes back as it was', () => {
  const encoded = encodeUserData(settingsOf(), 32_768);
  expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toEqual(settingsOf());
  expect(decodeUserData(encoded)).toEqual(settingsOf());
});

test('user data of others is not taken for settings', () => {
  expect(decodeUserData(Buffer.from('#cloud-config').toString('base64'))).toBeUndefined();
  expect(decodeUserData('')).toBeUndefined();
});

test('user data that is too long is refused with its largest part', () => {
  const settings = {
    ...settingsOf(),
    env: { bosh: { mbus: { cert: { ca: 'x'.repeat(40_000) } } } },
  };
  expect(() => encodeUserData(settings, 32_768)).toThrow(/env\.bosh\.mbus\.cert\.ca with 40002/);
  const length = encodeUserData(settings, 1_000_000).length;
  expect(() => encodeUserData(settings, length)).not.toThrow();
  expect(() => encodeUserData(settings, length - 1)).toThrow(/vm\.userdata\.max\.length/);
});

test('a persistent disk is entered, entered once, and taken out', () => {
  const hint = { path: '/dev/sdc' };
  const entered = setPersistentDisk(settingsOf(), 'disk-1', hint);
  expect(entered).toMatchObject({
    changed: true,
    settings: { disks: { system: '/dev/sda', persistent: { 'disk-1': hint } } },
  });
  expect(setPersistentDisk(entered.settings, 'disk-1', hint).changed).toBe(false);
  expect(setPersistentDisk(entered.settings, 'disk-1', undefined).settings).toEqual(settingsOf());
  expect(setPersistentDisk(settingsOf(), 'disk-2', undefined).changed).toBe(false);
});
