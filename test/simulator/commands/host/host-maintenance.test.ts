// Proves that a host that is prepared for maintenance takes no more VMs and loses those that it has,
// what becomes of it when they cannot leave, how that is ended, and what is refused with which text.
import { expect, test } from '@playwright/test';
import { clusterText, hostText } from '../../../../simulator/world/compute/hosts.js';
import type { HostRow } from '../../../../simulator/world/entities.js';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import {
  createIdentityWorld,
  identityWorld,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import {
  testSimulator,
  type JobOutcome,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed as deployedInDefaultZone } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const MINUTE_MS = 60_000;

type Host = NonNullable<
  NonNullable<NonNullable<WorldDescriptionInput['zones']>[number]['pods']>[number]['clusters']
>[number]['hosts'][number];

interface Zone extends IdentityWorld {
  readonly admin: TestClient;
  readonly hosts: readonly HostRow[];
}

function zoneOf(
  hosts: readonly Host[] = [{ name: 'host1' }, { name: 'host2' }],
  hypervisor: 'KVM' | 'XenServer' = 'KVM',
): Zone {
  const [zone] = identityWorld.zones;
  const identity = createIdentityWorld({
    zones: [
      {
        ...zone!,
        localStorage: true,
        pods: [
          {
            name: 'pod1',
            clusters: [
              {
                name: 'cluster1',
                hypervisor,
                hosts: [...hosts],
                pools: [{ name: 'primary1', sizeGib: 100 }],
              },
            ],
          },
        ],
        networks: [
          {
            name: 'shared',
            type: 'Shared',
            account: 'admin',
            cidr: '10.3.0.0/24',
            startIp: '10.3.0.10',
            endIp: '10.3.0.99',
          },
        ],
      },
    ],
    serviceOfferings: [
      { name: 'small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512 },
      { name: 'local', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512, storageType: 'local' },
    ],
    templates: [
      {
        name: 'linux',
        zone: 'zone1',
        account: 'admin',
        sizeGib: 1,
        hypervisor,
        format: hypervisor === 'KVM' ? 'QCOW2' : 'VHD',
      },
    ],
  });
  return {
    ...identity,
    admin: identity.clientOf('admin'),
    hosts: identity.world.hosts.all(),
  };
}

function deployed({ admin, world }: Zone, hostid: string, offering = 'small'): string {
  const { serviceOfferings, templates, networks, zones } = world;
  return admin.done('deployVirtualMachine', {
    zoneid: zones.all()[0]!.id,
    templateid: templates.all()[0]!.id,
    serviceofferingid: serviceOfferings.all().find(({ name }) => name === offering)!.id,
    networkids: networks.all()[0]!.id,
    hostid,
  })['virtualmachine']['id'] as string;
}

function prepare({ admin }: Zone, host: HostRow): JobOutcome {
  return admin.run('prepareHostForMaintenance', { id: host.id });
}

function stateOf({ admin }: Zone, { id }: HostRow): string {
  return admin.call('listHosts', { id })['host'][0]['resourcestate'] as string;
}

function hostOf({ admin }: Zone, id: string): string {
  return admin.call('listVirtualMachines', { id, listall: true })['virtualmachine'][0][
    'hostname'
  ] as string;
}

/** Each test ends in a world in which everything fits together. */
function wait(zone: Zone, ms: number): void {
  zone.simulator.kernel.advanceBy(ms);
  assertSound(zone.simulator);
}

test('an empty host is in maintenance a minute later, and takes no VMs', () => {
  const zone = zoneOf();
  const { admin } = zone;
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  const { result } = prepare(zone, host1);
  expect(result).toMatchObject({
    host: { id: host1.id, resourcestate: 'PrepareForMaintenance', state: 'Up' },
  });
  expect(hostOf(zone, deployed(zone, host2.id))).toBe('host2');
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('Maintenance');
  expect(
    admin.fails('deployVirtualMachine', {
      zoneid: zone.world.zones.all()[0]!.id,
      templateid: zone.world.templates.all()[0]!.id,
      serviceofferingid: zone.world.serviceOfferings.all()[0]!.id,
      networkids: zone.world.networks.all()[0]!.id,
      hostid: host1.id,
    }),
  ).toMatchObject({
    errortext: 'Unable to deploy the VM as the host: host1 is not in the right state',
  });
  const types = admin.call('listEvents', { listall: true, type: 'MAINT.PREPARE' })['event'];
  expect(types).toHaveLength(3);
});

test('its VMs move away, and it is in maintenance when they have', () => {
  const zone = zoneOf();
  const [host1] = zone.hosts as [HostRow];
  const [first, second] = [deployed(zone, host1.id), deployed(zone, host1.id)];
  prepare(zone, host1);
  wait(zone, 1_000);
  expect(zone.world.vms.all().map(({ state }) => state)).toEqual(['Migrating', 'Migrating']);
  wait(zone, MINUTE_MS);
  expect([first, second].map((id) => hostOf(zone, id))).toEqual(['host2', 'host2']);
  expect(stateOf(zone, host1)).toBe('Maintenance');
  expect(zone.admin.done('cancelHostMaintenance', { id: host1.id })).toMatchObject({
    host: { id: host1.id, resourcestate: 'Enabled' },
  });
  expect(hostOf(zone, first)).toBe('host2');
  expect(hostOf(zone, deployed(zone, host1.id))).toBe('host1');
});

test('a VM that finds no room is tried again, and when it can leave all is well', () => {
  const zone = zoneOf();
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  const id = deployed(zone, host1.id);
  zone.world.hosts.change(host2, { full: true });
  prepare(zone, host1);
  wait(zone, 1_000);
  expect(stateOf(zone, host1)).toBe('ErrorInPrepareForMaintenance');
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('ErrorInPrepareForMaintenance');
  zone.world.hosts.change(host2, { full: false });
  wait(zone, 3 * MINUTE_MS);
  expect(hostOf(zone, id)).toBe('host2');
  expect(stateOf(zone, host1)).toBe('Maintenance');
});

test('after five tries it is given up; it can be asked for again', () => {
  const zone = zoneOf();
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  const id = deployed(zone, host1.id);
  zone.world.hosts.change(host2, { full: true });
  prepare(zone, host1);
  wait(zone, 10 * MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('ErrorInMaintenance');
  expect(hostOf(zone, id)).toBe('host1');
  zone.world.hosts.change(host2, { full: false });
  expect(prepare(zone, host1).status).toBe(1);
  wait(zone, 2 * MINUTE_MS);
  expect(hostOf(zone, id)).toBe('host2');
  expect(stateOf(zone, host1)).toBe('Maintenance');
});

test('a VM on the disks of the host stays, and so does the host', () => {
  const zone = zoneOf([{ name: 'host1', localStorageGib: 20 }, { name: 'host2' }]);
  const [host1] = zone.hosts as [HostRow];
  deployed(zone, host1.id, 'local');
  expect(prepare(zone, host1).status).toBe(1);
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('ErrorInMaintenance');
});

test('while such a VM stops the host does not fail, and then it is empty', () => {
  const zone = zoneOf([{ name: 'host1', localStorageGib: 20 }, { name: 'host2' }]);
  const { admin, simulator, world } = zone;
  const [host1] = zone.hosts as [HostRow];
  const id = deployed(zone, host1.id, 'local');
  prepare(zone, host1);
  simulator.kernel.advanceBy(MINUTE_MS - 1_500);
  admin.call('stopVirtualMachine', { id });
  wait(zone, 1_500);
  expect([world.vms.require(id).state, stateOf(zone, host1)]).toEqual([
    'Stopping',
    'PrepareForMaintenance',
  ]);
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('Maintenance');
});

test('on XenServer such a VM keeps the host from being prepared', () => {
  const zone = zoneOf([{ name: 'xen1', localStorageGib: 20 }, { name: 'xen2' }], 'XenServer');
  const [xen1] = zone.hosts as [HostRow];
  const id = deployed(zone, xen1.id, 'local');
  expectRefusal(
    prepare(zone, xen1),
    "There are active VMs using the host's local storage pool. Please stop all VMs on this host " +
      'that use local storage.',
  );
  zone.admin.done('stopVirtualMachine', { id });
  expect(prepare(zone, xen1).status).toBe(1);
});

test('the last host of a cluster with VMs is refused, and fails', () => {
  const zone = zoneOf([{ name: 'host1' }]);
  const [host1] = zone.hosts as [HostRow];
  deployed(zone, host1.id);
  expectRefusal(prepare(zone, host1), `Unable to prepare for maintenance host ${hostText(host1)}`);
  expect(stateOf(zone, host1)).toBe('PrepareForMaintenance');
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('ErrorInMaintenance');
});

function expectRefusal(outcome: JobOutcome, reason: string): void {
  expect(outcome).toMatchObject({
    status: 2,
    resultcode: 530,
    result: { errortext: `Failed to prepare host for maintenance due to: ${reason}` },
  });
}

test('virtual routers run elsewhere at once, or keep the host from it', () => {
  const world = testSimulator();
  const { simulator, admin, user } = world;
  const { hosts, routers } = simulator.world;
  deployedInDefaultZone(world, user);
  const [router] = routers.all();
  const host = hosts.require(router!.hostId!);
  admin.done('prepareHostForMaintenance', { id: host.id });
  expect(router).toMatchObject({ state: 'Running' });
  expect(router!.hostId).not.toBe(host.id);
  const others = hosts.all().filter(({ id }) => id !== host.id);
  simulator.kernel.advanceBy(2 * MINUTE_MS);
  expect(host.state).toBe('Maintenance');
  for (const vm of simulator.world.vms.all()) admin.done('stopVirtualMachine', { id: vm.id });
  for (const { id } of others.filter((row) => row.id !== router!.hostId)) {
    admin.call('updateHost', { id, allocationstate: 'Disable' });
  }
  const last = hosts.require(router!.hostId!);
  expect(admin.run('prepareHostForMaintenance', { id: last.id })).toMatchObject({ status: 2 });
  simulator.kernel.advanceBy(2 * MINUTE_MS);
  expect(last.state).toBe('ErrorInMaintenance');
});

test('the virtual router of a VPC runs elsewhere at once', () => {
  const { simulator, admin, user } = testSimulator();
  const { routers, zones, vpcOfferings, hosts } = simulator.world;
  user.done('createVPC', {
    name: 'cloud',
    cidr: '10.0.0.0/16',
    zoneid: zones.all()[0]!.id,
    vpcofferingid: vpcOfferings.all()[0]!.id,
  });
  const [router] = routers.all();
  const host = hosts.require(router!.hostId!);
  admin.done('prepareHostForMaintenance', { id: host.id });
  expect(router).toMatchObject({ state: 'Running' });
  expect(router!.hostId).not.toBe(host.id);
});

test('one host of a cluster at a time, and none that is there already or disabled', () => {
  const zone = zoneOf();
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  const busy =
    'There are other servers attempting migrations for maintenance. Found hosts in ' +
    'PrepareForMaintenance OR ErrorInPrepareForMaintenance STATUS in cluster ' +
    clusterText(zone.world.clusters.all()[0]!);
  prepare(zone, host1);
  expectRefusal(prepare(zone, host2), busy);
  expectRefusal(
    prepare(zone, host1),
    'Host is already in state PrepareForMaintenance. Cannot recall for maintenance until resolved.',
  );
  wait(zone, MINUTE_MS);
  expectRefusal(
    prepare(zone, host1),
    'Host is already in state Maintenance. Cannot recall for maintenance until resolved.',
  );
  zone.admin.call('updateHost', { id: host2.id, allocationstate: 'Disable' });
  expectRefusal(
    prepare(zone, host2),
    `Cannot transit resource state of ${hostText(host2)} to MaintenanceNo next resource state ` +
      'found for current state = Disabled event = AdminAskMaintenance',
  );
  expect(stateOf(zone, host2)).toBe('Disabled');
});

test('VMs that come, start or stop must have done so', () => {
  const zone = zoneOf();
  const { admin, simulator } = zone;
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  const id = deployed(zone, host1.id);
  admin.call('migrateVirtualMachine', { virtualmachineid: id, hostid: host2.id });
  simulator.kernel.advanceBy(1_000);
  const submitted = (host: HostRow): string =>
    admin.call('prepareHostForMaintenance', { id: host.id })['jobid'] as string;
  const incoming = submitted(host2);
  simulator.kernel.advanceBy(100);
  expectRefusal(
    admin.job(incoming),
    'Host contains incoming VMs migrating. Please wait for them to complete before putting to ' +
      'maintenance.',
  );
  simulator.kernel.advanceUntilIdle();
  admin.call('stopVirtualMachine', { id });
  simulator.kernel.advanceBy(1_000);
  const stopping = submitted(host2);
  simulator.kernel.advanceBy(100);
  expectRefusal(
    admin.job(stopping),
    'Host contains VMs in starting/stopping state. Please wait for them to complete before ' +
      'putting to maintenance.',
  );
});

test('cancelling lets a VM arrive that is on its way, and keeps the others', () => {
  const zone = zoneOf();
  const { admin, simulator } = zone;
  const [host1] = zone.hosts as [HostRow];
  const [first, second] = [deployed(zone, host1.id), deployed(zone, host1.id)];
  // The second one is worked on, so that it has to wait for its turn.
  const jobid = admin.call('rebootVirtualMachine', { id: second })['jobid'] as string;
  admin.call('prepareHostForMaintenance', { id: host1.id });
  simulator.kernel.advanceBy(1_000);
  expect(zone.world.vms.require(first).state).toBe('Migrating');
  admin.call('cancelHostMaintenance', { id: host1.id });
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('Enabled');
  expect(admin.job(jobid).status).toBe(1);
  expect([first, second].map((id) => hostOf(zone, id))).toEqual(['host2', 'host1']);
});

test('what failed and was put right is prepared again, while others are worked on', () => {
  const zone = zoneOf();
  const { admin, world } = zone;
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  const [first, second] = [deployed(zone, host1.id), deployed(zone, host1.id)];
  world.hosts.change(host2, { full: true });
  zone.simulator.setFaults([
    {
      when: { command: 'rebootVirtualMachine', phase: 'job-step' },
      then: { effect: 'job-never-ends' },
    },
  ]);
  admin.call('rebootVirtualMachine', { id: second });
  prepare(zone, host1);
  wait(zone, 1_000);
  expect(stateOf(zone, host1)).toBe('ErrorInPrepareForMaintenance');
  admin.done('stopVirtualMachine', { id: first });
  wait(zone, 3 * MINUTE_MS);
  expect(stateOf(zone, host1)).toBe('PrepareForMaintenance');
});

test('a host that errs can be disabled, given up, or found empty', () => {
  const ends: readonly (readonly [string, Values, string])[] = [
    ['updateHost', { allocationstate: 'Disable' }, 'Disabled'],
    ['cancelHostMaintenance', {}, 'Enabled'],
  ];
  for (const waitMs of [1_000, 10 * MINUTE_MS]) {
    for (const [command, values, state] of ends) {
      const zone = erring();
      const [host1] = zone.hosts as [HostRow];
      wait(zone, waitMs);
      const ended = { id: host1.id, ...values };
      if (command === 'updateHost') zone.admin.call(command, ended);
      else zone.admin.done(command, ended);
      wait(zone, 10 * MINUTE_MS);
      expect(stateOf(zone, host1)).toBe(state);
    }
  }
  const zone = erring();
  wait(zone, 1_000);
  zone.admin.done('stopVirtualMachine', { id: zone.world.vms.all()[0]!.id });
  wait(zone, MINUTE_MS);
  expect(stateOf(zone, zone.hosts[0]!)).toBe('Maintenance');
});

/** A host whose only VM has nowhere to go. */
function erring(): Zone {
  const zone = zoneOf();
  const [host1, host2] = zone.hosts as [HostRow, HostRow];
  deployed(zone, host1.id);
  zone.world.hosts.change(host2, { full: true });
  prepare(zone, host1);
  return zone;
}

test('what is in no maintenance cannot be cancelled', () => {
  const zone = zoneOf();
  const [host1] = zone.hosts as [HostRow];
  expect(zone.admin.run('cancelHostMaintenance', { id: host1.id })).toMatchObject({
    status: 2,
    resultcode: 530,
    result: {
      errortext:
        'Cannot perform cancelMaintenance when resource state is Enabled, host: ' + hostText(host1),
    },
  });
});

test('is for root admins only', () => {
  const zone = zoneOf();
  const id = zone.hosts[0]!.id;
  for (const command of ['prepareHostForMaintenance', 'cancelHostMaintenance', 'updateHost']) {
    for (const name of ['bosh', 'chief', 'keeper']) {
      expect(zone.clientOf(name).fails(command, { id }).httpStatus).toBe(432);
    }
  }
});
