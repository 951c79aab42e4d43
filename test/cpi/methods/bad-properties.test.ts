// Proves for each property of each kind of cloud_properties, as their tables have them: a value of
// another kind is told by its name, as a CpiError and before anything is changed; a name that is
// misspelled is told with the right one; and sizes that no cloud has are typed errors that leave the
// zone as it was.
import { deepStrictEqual, match, ok, strictEqual } from 'node:assert';
import { test } from '@playwright/test';
import type { Property } from '../../../cpi/config/property.js';
import * as tables from '../../../cpi/methods/shared/cloud-properties.js';
import { possessionsOf } from '../../crash/possessions.js';
import { warmNetwork } from '../../crash/made-before.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { usersMayExpunge } from './load-balancer-requests.js';
import { isolatedOffering } from './network-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

type Call = readonly [method: string, args: readonly unknown[]];

interface Use {
  readonly table: Readonly<Record<string, Property<unknown>>>;
  /** A call that is good, with these laid over its cloud_properties. */
  readonly call: (given: object, disk: string) => Call;
}

const shared = { disk_offering: 'shared.custom' };

const withVip = (cloudProperties: object): Call => [
  'create_vm',
  vmArguments({
    networks: {
      private: manualNetwork(),
      public: { type: 'vip', ip: '203.0.113.15', cloud_properties: cloudProperties },
    },
  }),
];

const uses: Readonly<Record<string, Use>> = {
  vmProperties: {
    table: tables.vmProperties,
    call: (given) => ['create_vm', vmArguments({ properties: given })],
  },
  loadBalancerProperties: {
    table: tables.loadBalancerProperties,
    call: (given) => {
      const rule = { name: 'web', public_port: 80, private_port: 8080, ...given };
      return ['create_vm', vmArguments({ properties: { lbs: [rule] } })];
    },
  },
  networkProperties: {
    table: tables.networkProperties,
    call: (given) => {
      const network = manualNetwork('10.203.6.40', {
        cloud_properties: { name: 'NET_CS', ...given },
      });
      return ['create_vm', vmArguments({ networks: { private: network } })];
    },
  },
  vipProperties: { table: tables.vipProperties, call: (given) => withVip(given) },
  forwardingProperties: {
    table: tables.forwardingProperties,
    call: (given) => withVip({ port_forwarding: [{ public_port: 2222, ...given }] }),
  },
  diskProperties: {
    table: tables.diskProperties,
    call: (given) => ['create_disk', [1024, { ...shared, ...given }, null]],
  },
  'diskProperties of update_disk': {
    table: tables.diskProperties,
    call: (given, disk) => ['update_disk', [disk, 1024, { ...shared, ...given }]],
  },
  managedNetworkProperties: {
    table: tables.managedNetworkProperties,
    call: (given) => [
      'create_network',
      [{ type: 'manual', cloud_properties: { network_offering: isolatedOffering, ...given } }],
    ],
  },
};

/** Of every kind of JSON, numbers at and beyond all limits among them. */
const values = [0, -1, 1.5, 1e300, 2 ** 52, 'x', '7', true, [], [7], {}, { a: 1 }];

async function errorOf(
  zone: CpiZone,
  [method, args]: Call,
  properties: object = {},
): Promise<{ type: string; message: string; ok_to_retry: boolean }> {
  const before = zone.simulator.kernel.log.lastSeq;
  const error = await zone.error(method, args, { properties });
  strictEqual(zone.simulator.kernel.log.lastSeq, before, `nothing is changed: ${error.message}`);
  return error;
}

async function newDisk(zone: CpiZone): Promise<string> {
  return String(await zone.result('create_disk', [1024, shared, null]));
}

test('each table of cloud_properties has a use here', () => {
  const named = Object.keys(tables).filter((name) => name.endsWith('Properties'));
  const used = Object.keys(uses).map((name) => name.split(' ')[0]);
  deepStrictEqual(
    named.filter((name) => name !== 'readCloudProperties' && !used.includes(name)),
    [],
  );
});

for (const [name, { table, call }] of Object.entries(uses)) {
  test(`${name}: a value of another kind is told by its name, and changes nothing`, async () => {
    await using zone = await startZone({}, 'direct');
    const disk = await newDisk(zone);
    for (const [key, property] of Object.entries(table)) {
      const bad = values.filter((value) => !property.includes(value));
      ok(bad.length > 0, `${key} takes anything`);
      for (const value of bad) {
        const {
          type,
          message,
          ok_to_retry: again,
        } = await errorOf(zone, call({ [key]: value }, disk));
        strictEqual(type, 'Bosh::Clouds::CpiError', message);
        match(message, new RegExp(`\\b${key} must be `));
        strictEqual(again, false);
      }
    }
  });

  test(`${name}: a misspelled name is told with the right one`, async () => {
    await using zone = await startZone({}, 'direct');
    const disk = await newDisk(zone);
    for (const key of Object.keys(table)) {
      const given = call({ [`${key}${key.at(-1)}`]: 'x' }, disk);
      const { type, message } = await errorOf(zone, given, { strict_properties: true });
      strictEqual(type, 'Bosh::Clouds::CpiError', message);
      ok(message.includes(`(did you mean ${key}?)`), `${key}: ${message}`);
    }
  });
}

const largest = Number.MAX_SAFE_INTEGER;
const mostMib = 1_073_741_824;
const custom = { compute_offering: 'custom', cpu: 1, ram: 1024 };

for (const [what, callWith] of [
  ['create_disk', () => ['create_disk', [largest, shared, null]]],
  ['resize_disk', (disk) => ['resize_disk', [disk, largest]]],
  ['update_disk', (disk) => ['update_disk', [disk, largest, shared]]],
  ['root_disk_size', () => ['create_vm', vmArguments({ properties: { root_disk_size: mostMib } })]],
  [
    'disk',
    () => [
      'create_vm',
      vmArguments({ properties: { disk: mostMib, ephemeral_disk_offering: 'ephemeral' } }),
    ],
  ],
  ['cpu', () => ['create_vm', vmArguments({ properties: { ...custom, cpu: 1024 } })]],
  ['ram', () => ['create_vm', vmArguments({ properties: { ...custom, ram: mostMib } })]],
  [
    'cpu_speed',
    () => ['create_vm', vmArguments({ properties: { ...custom, cpu_speed: 100_000 } })],
  ],
] as const satisfies readonly (readonly [string, (disk: string) => Call])[]) {
  test(`the largest ${what} that can be asked for is an error, and leaves nothing`, async () => {
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    await warmNetwork(zone);
    const disk = await newDisk(zone);
    const before = possessionsOf(zone.simulator);
    const [method, args] = callWith(disk);
    const { type, message } = await zone.error(method, args);
    match(type, /^Bosh::Clouds::(CloudError|CpiError|NotSupported|VMCreationFailed)$/);
    ok(message.length > 0);
    deepStrictEqual(possessionsOf(zone.simulator), before, message);
  });
}
