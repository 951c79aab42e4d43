// Proves custom compute offerings: what a deployer may choose freely, within the ranges of a
// constrained offering, and below the limits of the zone; each bound from both sides, and how the
// offerings show it.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, deployment, refusedUnchanged } from '../../../support/simulator-vms.js';

const constraints = { minCpuNumber: 2, maxCpuNumber: 4, minMemoryMib: 1_024, maxMemoryMib: 4_096 };
const MAX = 2_147_483_647;

function offeringWorld(settings = {}): TestWorld {
  const serviceOfferings = [
    ...advancedKvm.serviceOfferings!,
    { name: 'constrained', cpuMhz: 1_500, constraints },
  ];
  return testSimulator({ world: { ...advancedKvm, serviceOfferings, settings } });
}

function sized(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`details[0].${name}`, value]),
  );
}

test('offerings show what they leave to the deployer', () => {
  const { user } = offeringWorld();
  const find = (name: string): Reply =>
    (user.call('listServiceOfferings', { name })['serviceoffering'] as Reply[])[0]!;
  const constrained = find('constrained');
  expect(constrained).toMatchObject({
    iscustomized: true,
    cpuspeed: 1_500,
    serviceofferingdetails: {
      mincpunumber: '2',
      maxcpunumber: '4',
      minmemory: '1024',
      maxmemory: '4096',
    },
  });
  expect(constrained).not.toHaveProperty('cpunumber');
  expect(constrained).not.toHaveProperty('memory');
  const custom = find('custom');
  expect(custom).toMatchObject({ iscustomized: true });
  expect(custom).not.toHaveProperty('serviceofferingdetails');
  expect(custom).not.toHaveProperty('cpuspeed');
  expect(find('m1.small')).toMatchObject({ iscustomized: false, cpunumber: 1, memory: 2_048 });
});

for (const [cpuNumber, memory] of [
  [2, 1_024],
  [4, 4_096],
] as const) {
  test(`a constrained offering gives ${cpuNumber} CPUs and ${memory} MiB at its own speed`, () => {
    const world = offeringWorld();
    const values = deployment(world, sized({ cpuNumber, memory }), 'constrained');
    const vm = deployed(world, world.user, values);
    expect(vm).toMatchObject({ cpunumber: cpuNumber, memory, cpuspeed: 1_500 });
  });
}

for (const [offering, choice, text] of [
  [
    'constrained',
    { cpuNumber: 1, memory: 1_024 },
    'Invalid cpu cores value, specify a value between 2 and 4',
  ],
  [
    'constrained',
    { cpuNumber: 5, memory: 1_024 },
    'Invalid cpu cores value, specify a value between 2 and 4',
  ],
  [
    'constrained',
    { cpuNumber: 2, memory: 1_023 },
    'Invalid memory value, specify a value between 1024 and 4096',
  ],
  [
    'constrained',
    { cpuNumber: 2, memory: 4_097 },
    'Invalid memory value, specify a value between 1024 and 4096',
  ],
  ['constrained', { memory: 1_024 }, 'Invalid cpu cores value, specify a value between 2 and 4'],
  ['constrained', { cpuNumber: 2 }, 'Invalid memory value, specify a value between 1024 and 4096'],
  [
    'constrained',
    { cpuNumber: 'two', memory: 1_024 },
    'Invalid cpu cores value, specify a value between 2 and 4',
  ],
  [
    'constrained',
    {},
    'Need to specify custom parameter values cpu, cpu speed and memory when using custom offering',
  ],
  [
    'custom',
    { cpuNumber: 0, cpuSpeed: 1, memory: 32 },
    `Invalid cpu cores value, specify a value between 1 and ${MAX}`,
  ],
  [
    'custom',
    { cpuNumber: 1, cpuSpeed: 0, memory: 32 },
    `Invalid cpu speed value, specify a value between 1 and ${MAX}`,
  ],
  [
    'custom',
    { cpuNumber: 1, memory: 32 },
    `Invalid cpu speed value, specify a value between 1 and ${MAX}`,
  ],
  [
    'custom',
    { cpuNumber: 1, cpuSpeed: 1, memory: 31 },
    `Invalid memory value, specify a value between 32 and ${MAX}`,
  ],
  [
    'm1.small',
    { cpuNumber: 1 },
    'cpuNumber or cpuSpeed or memory should not be specified for static service offering',
  ],
] as const) {
  test(`${offering} with ${JSON.stringify(choice)} is refused`, () => {
    const world = offeringWorld();
    const values = deployment(world, sized(choice), offering);
    const refused = refusedUnchanged(world, world.user, 'deployVirtualMachine', values);
    expect(refused).toMatchObject({ httpStatus: 431, errortext: text });
  });
}

test('the speed of a constrained offering is not the deployer’s to choose', () => {
  const world = offeringWorld();
  const choice = sized({ cpuNumber: 2, memory: 1_024, cpuSpeed: 2_000 });
  const values = deployment(world, choice, 'constrained');
  const refused = refusedUnchanged(world, world.user, 'deployVirtualMachine', values);
  expect(refused.errortext).toMatch(
    /^The cpu speed of this offering id:[-0-9a-f]{36} is not customizable\. This is predefined in the template\.$/,
  );
});

test('the limits of the zone hold for offerings of every kind', () => {
  const world = offeringWorld({
    'vm.serviceoffering.cpu.cores.max': 3,
    'vm.serviceoffering.ram.size.max': 3_000,
  });
  const text = (offering: string, choice: Values): string =>
    refusedUnchanged(
      world,
      world.user,
      'deployVirtualMachine',
      deployment(world, sized(choice), offering),
    ).errortext;
  expect(text('m1.large', {})).toBe(
    'Invalid cpu cores value, please choose another service offering with cpu cores between 1 and 3',
  );
  expect(text('m1.medium', {})).toBe(
    'Invalid memory value, please choose another service offering with memory between 32 and 3000 MB',
  );
  expect(text('constrained', { cpuNumber: 4, memory: 2_000 })).toBe(
    'Invalid cpu cores value, specify a value between 2 and 3',
  );
  expect(text('custom', { cpuNumber: 1, cpuSpeed: 1, memory: 3_001 })).toBe(
    'Invalid memory value, specify a value between 32 and 3000',
  );
  deployed(
    world,
    world.user,
    deployment(world, sized({ cpuNumber: 3, memory: 3_000 }), 'constrained'),
  );
});
