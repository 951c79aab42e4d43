// Proves of every size that a Director or a manifest can tell, in arguments and cloud_properties, that
// one which is no size is told before anything is changed, and that one which this cloud does not
// have is a typed error that leaves the zone as it was, with what was made for the VM before its deployment
// taken back. Ordinary accounts see the limits of a compute offering and the size of a template, which the
// CPI looks at itself, and `custom.diskoffering.size.max`, at which it looks for disks beyond the usual one;
// not `storage.max.volume.size`, which CloudStack alone knows.
import { deepStrictEqual, match, strictEqual } from 'node:assert';
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { sizeInMib } from '../../../cpi/methods/call/argument.js';
import { vmProperties } from '../../../cpi/methods/shared/cloud-properties.js';
import type { JsonValue } from '../../../cpi/protocol/json-value.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { warmNetwork } from '../../crash/made-before.js';
import { possessionsOf } from '../../crash/possessions.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

type Request = readonly [method: string, args: readonly unknown[]];

const customGib = 100;
const volumeGib = 80;
const mibOf = (gib: number): number => gib * 1024;

const world = {
  ...advancedKvm,
  settings: {
    'allow.user.expunge.recover.vm': true,
    'custom.diskoffering.size.max': customGib,
    'storage.max.volume.size': volumeGib,
  },
  serviceOfferings: [
    ...advancedKvm.serviceOfferings!,
    {
      name: 'constrained',
      cpuMhz: 1_500,
      constraints: { minCpuNumber: 2, maxCpuNumber: 4, minMemoryMib: 1_024, maxMemoryMib: 4_096 },
    },
  ],
};

const shared = { disk_offering: 'shared.custom' };
const fixed = { disk_offering: 'DO1 - Small STD' };

/** With what is made before the deployment: an affinity group, and a key pair. */
const options = {
  properties: {
    default_key_name: 'bosh',
    private_key: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
  },
};

function vm(properties: object): Request {
  return ['create_vm', vmArguments({ properties: { affinity_group: 'web', ...properties } })];
}

/** What is asked for with a size, for a disk of 1 GiB. */
const sizes: Readonly<Record<string, (size: unknown, disk: string) => Request>> = {
  create_disk: (size) => ['create_disk', [size, shared, null]],
  resize_disk: (size, disk) => ['resize_disk', [disk, size]],
  update_disk: (size, disk) => ['update_disk', [disk, size, shared]],
  root_disk_size: (size) => vm({ root_disk_size: size }),
  disk: (size) => vm({ disk: size, ephemeral_disk_offering: 'ephemeral' }),
  cpu: (size) => vm({ compute_offering: 'constrained', cpu: size, ram: 2_048 }),
  ram: (size) => vm({ compute_offering: 'constrained', cpu: 2, ram: size }),
  cpu_speed: (size) => vm({ compute_offering: 'custom', cpu: 1, ram: 1_024, cpu_speed: size }),
  'cpu of calculate_vm_cloud_properties': (cpu) => calculated({ cpu }),
  'ram of calculate_vm_cloud_properties': (ram) => calculated({ ram }),
  'ephemeral_disk_size of calculate_vm_cloud_properties': (size) =>
    calculated({ ephemeral_disk_size: size }),
};

function calculated(resources: object): Request {
  const usual = { cpu: 1, ram: 1_024, ephemeral_disk_size: 1_024 };
  return ['calculate_vm_cloud_properties', [{ ...usual, ...resources }]];
}

/** Of what JSON has; none of them is a size of anything. */
const noSizes = [-1, 1.5, 2 ** 53, 1e300, '7', '7 GiB', 'NaN', true, [7], { mib: 7 }];

/** No ephemeral disk is one of 0 MiB. */
const mayBeZero = ['disk', 'ephemeral_disk_size of calculate_vm_cloud_properties'];

async function start(): Promise<CpiZone & { readonly disk: string }> {
  const zone = await startZone({ world }, 'direct');
  await warmNetwork(zone);
  const disk = String(await zone.result('create_disk', [1_024, shared, null]));
  return Object.assign(zone, { disk });
}

test('what is no size is told by its name, and nothing is changed', async () => {
  await using zone = await start();
  const { disk } = zone;
  for (const [name, request] of Object.entries(sizes)) {
    const zero = mayBeZero.includes(name) ? [] : [0];
    for (const size of [...noSizes, ...zero]) {
      const before = zone.simulator.kernel.log.lastSeq;
      const {
        type,
        message,
        ok_to_retry: again,
      } = await zone.error(...request(size, disk), options);
      const told = `${name} ${JSON.stringify(size)}: ${message}`;
      strictEqual(type, 'Bosh::Clouds::CpiError', told);
      strictEqual(again, false, told);
      match(message, new RegExp(name.split(' ')[0]!.replace(/^.*_disk$/, 'size_mib')), told);
      strictEqual(zone.simulator.kernel.log.lastSeq, before, told);
    }
  }
});

test('what JSON does not have, but a parser may make of it, is no size either', () => {
  for (const value of [NaN, Infinity, -Infinity, -0]) {
    expect(sizeInMib('size').read(value as JsonValue)).toBeUndefined();
    for (const name of ['cpu', 'ram', 'cpu_speed', 'root_disk_size'] as const) {
      expect(vmProperties[name].includes(value)).toBe(false);
    }
  }
});

/** What this cloud does not have: who says so, and in which words. */
const beyond: readonly (readonly [
  name: string,
  request: (disk: string) => Request,
  type: string,
  text: RegExp,
])[] = [
  ...(['create_disk', 'resize_disk', 'update_disk'] as const).flatMap((method) => {
    const of = (gib: number) => (disk: string) => sizes[method]!(mibOf(gib), disk);
    return [
      [`${method} beyond custom.diskoffering.size.max`, of(customGib + 1), 'CloudError', /.+/],
      [`${method} beyond storage.max.volume.size`, of(volumeGib + 1), 'CloudError', /.+/],
      [`${method} of a PiB`, of(1024 ** 2), 'CloudError', /.+/],
    ] as const;
  }),
  [
    'create_disk beyond a fixed offering',
    () => ['create_disk', [mibOf(21), fixed, null]],
    'CloudError',
    /DO1 - Small STD gives disks of 20 GiB, but 21504 MiB/,
  ],
  [
    'update_disk beyond a fixed offering',
    (disk) => ['update_disk', [disk, mibOf(21), fixed]],
    'NotSupported',
    /DO1 - Small STD gives disks of 20 GiB, but 21504 MiB/,
  ],
  [
    'root_disk_size beyond storage.max.volume.size',
    () => vm({ root_disk_size: mibOf(volumeGib + 1) }),
    'CloudError',
    /.+/,
  ],
  [
    'root_disk_size below that of the stemcell',
    () => vm({ root_disk_size: 1 }),
    'CloudError',
    /root_disk_size in cloud_properties is 1 MiB, smaller than the \d+ MiB of/,
  ],
  [
    'disk beyond custom.diskoffering.size.max',
    () => vm({ disk: mibOf(customGib + 1), ephemeral_disk_offering: 'ephemeral' }),
    'CloudError',
    /.+/,
  ],
  [
    'disk beyond storage.max.volume.size',
    () => vm({ disk: mibOf(volumeGib + 1), ephemeral_disk_offering: 'ephemeral' }),
    'CloudError',
    /.+/,
  ],
  [
    'disk beyond a fixed offering',
    () => vm({ disk: mibOf(21), ephemeral_disk_offering: 'DO1 - Small STD' }),
    'CloudError',
    /DO1 - Small STD gives disks of 20 GiB, but 21504 MiB/,
  ],
  ...([1, 5, 1024] as const).map(
    (cpu) =>
      [
        `cpu ${cpu} of an offering with 2 to 4`,
        () => vm({ compute_offering: 'constrained', cpu, ram: 2_048 }),
        'CloudError',
        /constrained is custom \(2 to 4 CPUs, 1024 to 4096 MiB\)/,
      ] as const,
  ),
  ...([1_023, 4_097, 1_073_741_824] as const).map(
    (ram) =>
      [
        `ram ${ram} of an offering with 1024 to 4096`,
        () => vm({ compute_offering: 'constrained', cpu: 2, ram }),
        'CloudError',
        /constrained is custom \(2 to 4 CPUs, 1024 to 4096 MiB\)/,
      ] as const,
  ),
];

for (const [name, request, type, text] of beyond) {
  test(`${name} is an error that leaves nothing`, async () => {
    await using zone = await start();
    const { disk } = zone;
    const before = possessionsOf(zone.simulator);
    const error = await zone.error(...request(disk), options);
    strictEqual(error.type, `Bosh::Clouds::${type}`, error.message);
    strictEqual(error.ok_to_retry, false, error.message);
    match(error.message, text);
    deepStrictEqual(possessionsOf(zone.simulator), before, error.message);
  });
}

const tooLarge = vm({ disk: mibOf(1_025), ephemeral_disk_offering: 'ephemeral' });

test('a disk beyond the usual custom.diskoffering.size.max is told before anything is made', async () => {
  await using zone = await startZone({}, 'direct');
  const before = zone.simulator.kernel.log.lastSeq;
  const error = await zone.error(...tooLarge, options);
  strictEqual(error.type, 'Bosh::Clouds::CloudError', error.message);
  strictEqual(error.ok_to_retry, false, error.message);
  match(error.message, /disk .* asks for 1025 GiB of the disk offering ephemeral, but .* 1024 GiB/);
  strictEqual(zone.simulator.kernel.log.lastSeq, before, error.message);
});

test('a disk beyond it is made where the limit is higher, and CloudStack’s to refuse where it is not told', async () => {
  const settings = { 'custom.diskoffering.size.max': 2_048 };
  await using raised = await startZone({ world: { ...advancedKvm, settings } }, 'direct');
  const [id] = (await raised.result(...tooLarge, options)) as [string];
  const volumes = raised.user.call('listVolumes', { virtualmachineid: id, type: 'DATADISK' });
  expect(volumes['volume']).toMatchObject([{ size: 1_025 * 1_024 ** 3 }]);
  await using usual = await startZone({}, 'direct');
  await warmNetwork(usual);
  const before = possessionsOf(usual.simulator);
  const error = await usual.error(...tooLarge, { ...options, refuse: 'listCapabilities' });
  match(error.message, /out of allowed range/);
  deepStrictEqual(possessionsOf(usual.simulator), before, error.message);
});
