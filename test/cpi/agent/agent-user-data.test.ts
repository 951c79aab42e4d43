// Proves what user data tell an agent for each place that its settings can be in, and that the VM they
// are for is told from them; by cases.
import { expect, test } from '@playwright/test';
import { agentUserData, type SettingsHome } from '../../../cpi/agent/agent-user-data.js';
import { parseNetworks } from '../../../cpi/agent/network-spec.js';
import { encodeUserData, stemIn } from '../../../cpi/agent/user-data.js';
import type { JsonObject } from '../../../cpi/protocol/json-value.js';

const settings = {
  agent_id: 'a1',
  vm: { name: 'vm-a1' },
  networks: { private: { type: 'dynamic' } },
  disks: { system: '/dev/sda', persistent: {} },
  env: { secret: 1 },
};
const endpoint = 'http://user:password@10.0.0.6:25777';

function userData(home: SettingsHome, registryEndpoint: string | undefined = endpoint): JsonObject {
  const [spec] = parseNetworks({ private: { type: 'dynamic', dns: ['8.8.8.8'] } });
  return agentUserData({
    home,
    serverName: 'server',
    registryEndpoint,
    settings,
    networks: [{ spec: spec! }],
  });
}

const pointer = { server: { name: 'server' }, dns: { nameserver: ['8.8.8.8'] } };
const toRegistry = { ...pointer, registry: { endpoint } };

test('settings in the user data stand beside name and name servers', () => {
  expect(userData('user data')).toEqual({ ...pointer, ...settings });
});

test('settings with the registry: where it is, and how to get there; no agent id', () => {
  const { vm, networks } = settings;
  expect(userData('registry')).toEqual({ ...toRegistry, vm, networks });
});

test('settings in both places', () => {
  expect(userData('both')).toEqual({ ...toRegistry, ...settings });
});

for (const [what, data, stem] of [
  ['settings', userData('user data'), 'vm-a1'],
  ['settings in both places', userData('both'), 'vm-a1'],
  ['a pointer to the registry', userData('registry'), 'vm-a1'],
  ['a VM alone', { vm: { name: 'vm-a1' } }, undefined],
  ['a registry alone', { registry: { endpoint } }, undefined],
  ['anything', {}, undefined],
] as const) {
  test(`${what} ${stem === undefined ? 'do not tell' : 'tell'} for which VM they are`, () => {
    expect(stemIn(encodeUserData(data, 32_768))).toBe(stem);
  });
}

test('what is no user data of ours tells nothing', () => {
  for (const text of [undefined, '', '#cloud-config', Buffer.from('[]').toString('base64')]) {
    expect(stemIn(text)).toBeUndefined();
  }
});
