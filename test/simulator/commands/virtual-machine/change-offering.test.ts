// Proves changeServiceForVirtualMachine and scaleVirtualMachine: a stopped VM gets another offering, a
// running one a larger one where that is allowed; what the offering, the state, the storage or the
// account's limits do not let it have is refused with CloudStack's text, and nothing changes.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import type { SettingName } from '../../../../simulator/world/settings/settings.js';
import { addVm } from '../../../support/network-world.js';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  guestState,
  idOf,
  listed,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const CHANGE = 'changeServiceForVirtualMachine';
const SCALE = 'scaleVirtualMachine';

const constraints = { minCpuNumber: 2, maxCpuNumber: 4, minMemoryMib: 1_024, maxMemoryMib: 8_192 };

function offeringWorld(settings: Partial<Record<SettingName, boolean>> = {}): TestWorld {
  const serviceOfferings = [
    ...advancedKvm.serviceOfferings!,
    { name: 'constrained', cpuMhz: 1_500, constraints },
    { name: 'm1.tagged', cpuNumber: 4, cpuMhz: 2_000, memoryMib: 8_192, hostTags: ['gpu'] },
  ];
  const world = testSimulator({ world: { ...advancedKvm, serviceOfferings, settings } });
  const { templates } = world.simulator.world;
  templates.change(templates.all()[0]!, { isDynamicallyScalable: true });
  return world;
}

function offering({ simulator }: TestWorld, name: string): string {
  return idOf(simulator.world.serviceOfferings.all(), name);
}

const sizes: Values = {
  'details[0].cpuNumber': 2,
  'details[0].memory': 2_048,
  'details[0].cpuSpeed': 1_500,
};

function stopped(world: TestWorld, name = 'm1.small', values: Values = {}): string {
  const vm = deployed(world, world.user, deployment(world, { startvm: false, ...values }, name));
  return vm['id'] as string;
}

function running(world: TestWorld, name: string, values: Values = {}): string {
  return deployed(world, world.user, deployment(world, values, name))['id'] as string;
}

/** Both commands as they are called and refused for a stopped VM: one answers at once, one by a job. */
const ways: readonly [
  command: string,
  apply: (world: TestWorld, values: Values) => Reply,
  refuse: (world: TestWorld, values: Values) => { code: number; text: string },
][] = [
  [
    CHANGE,
    ({ user }, values) => user.call(CHANGE, values)['virtualmachine'] as Reply,
    (world, values) => {
      const { httpStatus, errortext } = refusedUnchanged(world, world.user, CHANGE, values);
      return { code: httpStatus, text: errortext };
    },
  ],
  [
    SCALE,
    ({ user }, values) => user.done(SCALE, values)['virtualmachine'] as Reply,
    (world, values) => {
      const before = guestState(world);
      const { resultcode, result } = world.user.run(SCALE, values);
      expect(guestState(world)).toBe(before);
      return { code: resultcode, text: result['errortext'] as string };
    },
  ],
];

for (const [command, apply, refuse] of ways) {
  test(`${command}: a stopped VM gets another offering, and starts with it`, () => {
    const world = offeringWorld();
    const id = stopped(world);
    const vm = apply(world, { id, serviceofferingid: offering(world, 'm1.large') });
    const { cpuNumber, memoryMib } = world.simulator.world.serviceOfferings
      .all()
      .find(({ name }) => name === 'm1.large')!;
    expect(vm).toMatchObject({
      state: 'Stopped',
      serviceofferingname: 'm1.large',
      cpunumber: cpuNumber,
      memory: memoryMib,
    });
    world.user.done('startVirtualMachine', { id });
    assertSound(world.simulator);
  });

  test(`${command}: what is chosen within a custom offering is a detail, and goes with it`, () => {
    const world = offeringWorld();
    const id = stopped(world);
    const custom = apply(world, {
      id,
      serviceofferingid: offering(world, 'constrained'),
      'details[0].cpuNumber': 3,
      'details[0].memory': 4_096,
    });
    expect(custom).toMatchObject({
      cpunumber: 3,
      memory: 4_096,
      cpuspeed: 1_500,
      details: { cpuNumber: '3', memory: '4096', cpuSpeed: '1500' },
    });
    const fixed = apply(world, { id, serviceofferingid: offering(world, 'm1.small') });
    expect(fixed['details']).toEqual({});
  });

  test(`${command}: a choice outside of a custom offering's ranges is refused`, () => {
    const world = offeringWorld();
    const id = stopped(world);
    expect(
      refuse(world, {
        id,
        serviceofferingid: offering(world, 'constrained'),
        'details[0].cpuNumber': 5,
        'details[0].memory': 4_096,
      }),
    ).toEqual({ code: 431, text: 'Invalid cpu cores value, specify a value between 2 and 4' });
  });

  test(`${command}: the offering that a VM has is refused`, () => {
    const world = offeringWorld();
    const id = stopped(world);
    const { code, text } = refuse(world, { id, serviceofferingid: offering(world, 'm1.small') });
    expect(code).toBe(431);
    expect(text).toMatch(
      /^Not upgrading vm VM instance .* since it already has the requested service offering \(m1\.small\)$/,
    );
  });

  test(`${command}: an inactive offering is refused`, () => {
    const world = offeringWorld();
    const id = stopped(world);
    const { serviceOfferings } = world.simulator.world;
    const large = serviceOfferings.all().find(({ name }) => name === 'm1.large')!;
    serviceOfferings.change(large, { active: false });
    expect(refuse(world, { id, serviceofferingid: large.id })).toEqual({
      code: 431,
      text: `Unable to upgrade virtual machine ${id} with an inactive service offering ${large.id}`,
    });
  });

  test(`${command}: an offering of local storage does not fit a VM on shared storage, or the other way`, () => {
    const world = offeringWorld();
    const shared = stopped(world);
    const local = stopped(world, 'm1.local');
    world.user.done('startVirtualMachine', { id: local });
    world.user.done('stopVirtualMachine', { id: local });
    expect(
      refuse(world, { id: shared, serviceofferingid: offering(world, 'm1.local') }).text,
    ).toMatch(
      /, target offering use local storage but the storage pool where the volume is allocated is a shared storage\.$/,
    );
    expect(
      refuse(world, { id: local, serviceofferingid: offering(world, 'm1.large') }).text,
    ).toMatch(
      /, target offering use shared storage but the storage pool where the volume is allocated is a local storage\.$/,
    );
  });

  test(`${command}: the account must have room for what comes to it`, () => {
    const world = offeringWorld();
    const id = stopped(world);
    const { accounts, domains } = world.simulator.world;
    const { name, domainId } = accounts.all().find((row) => row.name === 'bosh')!;
    const domainid = domains.require(domainId).id;
    world.admin.call('updateResourceLimit', { account: name, domainid, resourcetype: 8, max: 1 });
    const { code, text } = refuse(world, { id, serviceofferingid: offering(world, 'm1.large') });
    expect(code).toBe(command === CHANGE ? 535 : 530);
    expect(text).toContain("Maximum amount of resources of Type = 'cpu'");
  });
}

test('a custom offering needs a choice; only scaling keeps what the VM has', () => {
  const world = offeringWorld();
  const id = stopped(world, 'constrained', {
    'details[0].cpuNumber': 2,
    'details[0].memory': 2_048,
  });
  const serviceofferingid = offering(world, 'constrained');
  expect(refusedUnchanged(world, world.user, CHANGE, { id, serviceofferingid }).errortext).toBe(
    'Need to specify custom parameter values cpu, cpu speed and memory when using custom offering',
  );
  const values = { id, serviceofferingid, 'details[0].memory': 3_072 };
  expect(world.user.done(SCALE, values)['virtualmachine']).toMatchObject({
    cpunumber: 2,
    memory: 3_072,
  });
});

for (const state of ['Running', 'Destroyed', 'Error', 'Expunging'] as const) {
  test(`changeService takes no VM that is ${state}`, () => {
    const world = offeringWorld();
    const vm = addVm(world.simulator.world, state);
    const values = { id: vm.id, serviceofferingid: offering(world, 'm1.large') };
    const refused = refusedUnchanged(world, world.user, CHANGE, values);
    expect(refused).toMatchObject({ httpStatus: 431, cserrorcode: 4350 });
    expect(refused.errortext).toMatch(
      new RegExp(
        `^Unable to upgrade virtual machine VM instance .*  in state ${state}; make sure the virtual machine is stopped$`,
      ),
    );
  });
}

for (const state of ['Destroyed', 'Error', 'Expunging'] as const) {
  test(`scale takes no VM that is ${state}`, () => {
    const world = offeringWorld();
    const vm = addVm(world.simulator.world, state);
    const outcome = world.user.run(SCALE, {
      id: vm.id,
      serviceofferingid: offering(world, 'm1.large'),
    });
    expect(outcome.resultcode).toBe(431);
    expect(outcome.result['errortext']).toMatch(
      new RegExp(`  in state ${state}; make sure the virtual machine is stopped/running$`),
    );
  });
}

test('VMs and offerings that are gone are told apart', () => {
  const world = offeringWorld();
  const id = stopped(world);
  const { serviceOfferings, vms } = world.simulator.world;
  const large = serviceOfferings.all().find(({ name }) => name === 'm1.large')!;
  serviceOfferings.remove(large);
  const values = { id, serviceofferingid: large.id };
  const text = `Unable to find service offering: ${large.internalId}`;
  expect(refusedUnchanged(world, world.user, CHANGE, values).errortext).toBe(text);
  expect(world.user.run(SCALE, values).result['errortext']).toBe(text);
  const gone = addVm(world.simulator.world);
  vms.remove(gone);
  const other = { id: gone.id, serviceofferingid: offering(world, 'm1.small') };
  expect(refusedUnchanged(world, world.user, CHANGE, other).errortext).toBe(
    `unable to find a virtual machine with id ${gone.internalId}`,
  );
  expect(world.user.run(SCALE, other).result['errortext']).toBe("Unable to find VM's UUID");
});

const DYNAMIC = { 'enable.dynamic.scale.vm': true } as const;

test('a running VM of a custom offering gets more where that is allowed, and stays on its host', () => {
  const world = offeringWorld(DYNAMIC);
  const id = running(world, 'custom', sizes);
  const before = listed(world.admin, { id, listall: true })!;
  const vm = world.user.done(SCALE, {
    id,
    serviceofferingid: offering(world, 'custom'),
    'details[0].memory': 4_096,
  })['virtualmachine'] as Reply;
  expect(vm).toMatchObject({ state: 'Running', memory: 4_096, cpunumber: 2, cpuspeed: 1_500 });
  expect(listed(world.admin, { id, listall: true })!['hostid']).toBe(before['hostid']);
  assertSound(world.simulator);
});

test('it moves to another host if its own lacks the room', () => {
  const world = offeringWorld(DYNAMIC);
  const id = running(world, 'custom', sizes);
  const { hosts, vms } = world.simulator.world;
  const host = hosts.require(vms.require(id).hostId!);
  hosts.change(host, { memoryMib: 3_000 });
  world.user.done(SCALE, {
    id,
    serviceofferingid: offering(world, 'custom'),
    'details[0].memory': 4_096,
  });
  const vm = vms.require(id);
  expect(vm).toMatchObject({ state: 'Running', memoryMib: 4_096, lastHostId: host.id });
  expect(vm.hostId).not.toBe(host.id);
  assertSound(world.simulator);
});

test('without room anywhere it stays as it is', () => {
  const world = offeringWorld(DYNAMIC);
  const id = running(world, 'custom', sizes);
  const { hosts } = world.simulator.world;
  for (const host of hosts.all()) hosts.change(host, { memoryMib: 3_000 });
  const before = guestState(world);
  expect(
    world.user.run(SCALE, {
      id,
      serviceofferingid: offering(world, 'custom'),
      'details[0].memory': 4_096,
    }),
  ).toMatchObject({ resultcode: 530, result: { errortext: 'Failed to scale the VM' } });
  expect(guestState(world)).toBe(before);
});

for (const [what, settings, from, to, values, code, text] of [
  [
    'a smaller size',
    DYNAMIC,
    'custom',
    'custom',
    { 'details[0].memory': 1_024 },
    431,
    'While the VM is running, only scaling up it is supported. New service offering {"memory": 1024, "speed": 1500, "cpu": 2} should have at least one value (ram, speed or cpu) greater than the current values {"memory": 2048, "speed": 1500, "cpu": 2}.',
  ],
  [
    'the same size',
    DYNAMIC,
    'custom',
    'custom',
    {},
    431,
    'While the VM is running, only scaling up',
  ],
  [
    'a fixed offering on KVM',
    DYNAMIC,
    'm1.small',
    'm1.large',
    {},
    431,
    'Unable to live scale VM on KVM when current service offering is a "Fixed Offering".',
  ],
  [
    'a zone without dynamic scaling',
    {},
    'custom',
    'custom',
    { 'details[0].memory': 4_096 },
    530,
    'Dynamically scaling virtual machines is disabled for this zone, please contact your admin.',
  ],
  [
    'host tags that its host lacks',
    DYNAMIC,
    'custom',
    'm1.tagged',
    {},
    530,
    'Failed to scale the VM',
  ],
] as const) {
  test(`a running VM cannot be scaled: ${what}`, () => {
    const world = offeringWorld(settings);
    const id = running(world, from, from === 'custom' ? sizes : {});
    const before = guestState(world);
    const outcome = world.user.run(SCALE, {
      id,
      serviceofferingid: offering(world, to),
      ...values,
    });
    expect(outcome.resultcode).toBe(code);
    expect(outcome.result['errortext']).toContain(text);
    expect(guestState(world)).toBe(before);
  });
}

test('an offering without dynamic scaling is not for a running VM with it', () => {
  const world = offeringWorld(DYNAMIC);
  const id = running(world, 'custom', sizes);
  const { serviceOfferings } = world.simulator.world;
  const rigid = serviceOfferings.require(offering(world, 'm1.large'));
  serviceOfferings.change(rigid, { dynamicScaling: false });
  expect(world.user.run(SCALE, { id, serviceofferingid: rigid.id }).result).toEqual({
    errorcode: 431,
    errortext:
      'Unable to Scale VM: since dynamic scaling enabled flag is not same for new service offering and old service offering',
  });
});

test("another domain's offering is refused", () => {
  const world = offeringWorld();
  const id = stopped(world);
  const { serviceOfferings } = world.simulator.world;
  const foreign = serviceOfferings.require(offering(world, 'm1.large'));
  serviceOfferings.change(foreign, { domainIds: [foreign.id] });
  const values = { id, serviceofferingid: foreign.id };
  const refused = refusedUnchanged(world, world.user, CHANGE, values);
  expect(refused.httpStatus).toBe(531);
  expect(refused.errortext).toMatch(
    /^There's no way to confirm .* has access to Service offering /,
  );
});

test('a VM that was deployed without dynamic scaling has no tools for it', () => {
  const world = offeringWorld(DYNAMIC);
  const id = running(world, 'custom', { ...sizes, dynamicscalingenabled: false });
  expect(listed(world.user, { id })!['isdynamicallyscalable']).toBe(false);
  const outcome = world.user.run(SCALE, {
    id,
    serviceofferingid: offering(world, 'custom'),
    'details[0].memory': 4_096,
  });
  expect(outcome.result['errortext']).toMatch(
    /^Unable to scale VM instance .* as it does not have tools to support dynamic scaling\.$/,
  );
});
