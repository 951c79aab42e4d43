// Proves assignVirtualMachine: an admin gives a stopped VM with its volumes to another account, where it
// gets NICs of its new owner, or keeps its address in a network that both may use; what stands in the way is
// refused with the one text that CloudStack has for all of it, and nothing changes.
import { expect, test } from '@playwright/test';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';
import {
  createIdentityWorld,
  identityWorld,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';

const COMMAND = 'assignVirtualMachine';

const zone: WorldDescriptionInput['zones'][number] = {
  name: 'zone1',
  pods: [
    {
      name: 'pod1',
      clusters: [
        {
          name: 'cluster1',
          hosts: [{ name: 'host1' }],
          pools: [{ name: 'primary1', sizeGib: 1_000 }],
        },
      ],
    },
  ],
  publicRanges: [
    {
      startIp: '203.0.113.10',
      endIp: '203.0.113.19',
      gateway: '203.0.113.1',
      netmask: '255.255.255.0',
    },
  ],
  networks: [
    { name: 'of-bosh', type: 'Isolated', account: 'bosh' },
    { name: 'of-other', type: 'Isolated', account: 'other', cidr: '10.2.0.0/24' },
    {
      name: 'shared',
      type: 'Shared',
      account: 'admin',
      cidr: '10.204.0.0/24',
      startIp: '10.204.0.10',
      endIp: '10.204.0.12',
    },
  ],
};

interface Situation {
  readonly identity: IdentityWorld;
  readonly admin: TestClient;
  readonly bosh: TestClient;
  readonly deploy: (values?: Values) => Reply;
  readonly to: (name: string) => Values;
  readonly network: (name: string) => string;
}

function situation(): Situation {
  const identity = createIdentityWorld({
    zones: [zone],
    accounts: identityWorld.accounts,
    serviceOfferings: [{ name: 'small', cpuNumber: 1, cpuMhz: 1_000, memoryMib: 512 }],
    diskOfferings: [{ name: 'custom' }],
    templates: [{ name: 'linux', zone: 'zone1', account: 'admin' }],
  });
  const { world, clientOf } = identity;
  const bosh = clientOf('bosh');
  return {
    identity,
    admin: clientOf('admin'),
    bosh,
    deploy: (values = {}) =>
      bosh.done('deployVirtualMachine', {
        zoneid: world.zones.all()[0]!.id,
        serviceofferingid: world.serviceOfferings.all()[0]!.id,
        templateid: world.templates.all()[0]!.id,
        startvm: false,
        ...values,
      })['virtualmachine'] as Reply,
    to: (account) => ({
      account,
      domainid: world.accounts.all().find(({ name }) => name === account)!.domainId,
    }),
    network: (name) => world.networks.all().find((row) => row.name === name)!.id,
  };
}

/** Everything that a refusal leaves alone. */
function state({ world }: IdentityWorld): string {
  return JSON.stringify([world.vms.all(), world.nics.all(), world.volumes.all()]);
}

test('a VM goes to another account with its volumes, into the network of that', () => {
  const { identity, admin, deploy, to, network } = situation();
  const { world } = identity;
  const diskofferingid = world.diskOfferings.all()[0]!.id;
  const vm = deploy({ group: 'web', diskofferingid, size: 1 });
  const moved = admin.call(COMMAND, { virtualmachineid: vm['id'], ...to('other') })[
    'virtualmachine'
  ] as Reply;
  expect(moved).toMatchObject({ id: vm['id'], account: 'other', state: 'Stopped' });
  expect(moved['nic']).toMatchObject([{ networkid: network('of-other'), isdefault: true }]);
  expect(moved).not.toHaveProperty('group');
  expect(admin.call('listEvents', { type: 'VM.MOVE', listall: true })['count']).toBe(1);
  const other = identity.clientOf('other');
  expect(other.call('listVolumes', { virtualmachineid: vm['id'] })['count']).toBe(2);
  other.done('startVirtualMachine', { id: vm['id'] });
  const owner = world.accounts.all().find(({ name }) => name === 'bosh')!;
  expect(world.vms.total('accountId', owner.id, 'user_vm')).toBe(0);
  assertSound(identity.simulator);
});

test('in a shared network it keeps its address', () => {
  const { identity, admin, deploy, to, network } = situation();
  const vm = deploy({ networkids: network('shared'), ipaddress: '10.204.0.11' });
  const moved = admin.call(COMMAND, { virtualmachineid: vm['id'], ...to('other') });
  expect(moved['virtualmachine']).toMatchObject({ account: 'other', ipaddress: '10.204.0.11' });
  assertSound(identity.simulator);
});

test('it goes into the networks that are named, the first its default one', () => {
  const { identity, admin, deploy, to, network } = situation();
  const vm = deploy({ networkids: network('shared') });
  const moved = admin.call(COMMAND, {
    virtualmachineid: vm['id'],
    ...to('other'),
    networkids: `${network('of-other')},${network('shared')}`,
  })['virtualmachine'] as Reply;
  expect(moved['nic']).toMatchObject([
    { networkname: 'of-other', isdefault: true },
    { networkname: 'shared', isdefault: false, ipaddress: vm['ipaddress'] },
  ]);
  assertSound(identity.simulator);
});

test('into a project, too', () => {
  const { identity, admin, deploy, network } = situation();
  const { world } = identity;
  const { id: projectid, domainId: domainid } = world.projects.all()[0]!;
  const vm = deploy({ networkids: network('shared') });
  const values = { virtualmachineid: vm['id'], projectid };
  expect(admin.fails(COMMAND, values).errortext).toBe('Failed to move VM [1].');
  const moved = admin.call(COMMAND, { ...values, domainid });
  expect(moved['virtualmachine']).toMatchObject({ projectid });
});

test('users have no such command, resource admins are refused', () => {
  const { identity, bosh, deploy, to } = situation();
  const vm = deploy();
  const values = { virtualmachineid: vm['id'], ...to('other') };
  expect(bosh.fails(COMMAND, values).httpStatus).toBe(432);
  expect(identity.clientOf('keeper').fails(COMMAND, values)).toMatchObject({
    httpStatus: 431,
    errortext: 'Failed to move VM [1].',
  });
});

test('a domain admin moves VMs within the domain only', () => {
  const { identity, deploy, to } = situation();
  const vm = deploy();
  const before = state(identity);
  const values = { virtualmachineid: vm['id'], ...to('worker') };
  expect(identity.clientOf('chief').fails(COMMAND, values)).toMatchObject({ httpStatus: 530 });
  expect(state(identity)).toBe(before);
});

for (const [what, code, prepare] of [
  ['it runs', 431, ({ bosh }, id) => void bosh.done('startVirtualMachine', { id })],
  ['it is destroyed', 431, ({ bosh }, id) => void bosh.done('destroyVirtualMachine', { id })],
  [
    'static NAT leads to it',
    431,
    ({ bosh, network }, id) => {
      const networkid = network('of-bosh');
      // The first address is the network's own.
      bosh.run('associateIpAddress', { networkid });
      const { id: ipaddressid } = bosh.run('associateIpAddress', { networkid });
      bosh.call('enableStaticNat', { ipaddressid: ipaddressid!, virtualmachineid: id });
    },
  ],
  [
    'the new owner is disabled',
    431,
    ({ identity, admin }) => {
      const { id } = identity.world.accounts.all().find(({ name }) => name === 'other')!;
      admin.done('disableAccount', { id, lock: false });
    },
  ],
  [
    'the new owner has no room',
    530,
    ({ admin, to }) =>
      void admin.call('updateResourceLimit', { ...to('other'), resourcetype: 0, max: 0 }),
  ],
  [
    'a VM of its name is in the network',
    431,
    ({ identity, deploy }) => {
      const other = identity.clientOf('other');
      const vm = deploy();
      other.done('deployVirtualMachine', {
        zoneid: vm['zoneid'],
        serviceofferingid: vm['serviceofferingid'],
        templateid: vm['templateid'],
        name: 'web',
        startvm: false,
      });
    },
  ],
  [
    'the template is private',
    530,
    ({ identity }) => {
      const { templates } = identity.world;
      templates.change(templates.all()[0]!, { isPublic: false });
    },
  ],
] as readonly (readonly [string, number, (world: Situation, id: string) => void])[]) {
  test(`a VM stays where it is if ${what}`, () => {
    const world = situation();
    const { id } = world.deploy({ name: 'web' });
    prepare(world, id as string);
    const before = state(world.identity);
    expect(
      world.admin.fails(COMMAND, { virtualmachineid: id, ...world.to('other') }),
    ).toMatchObject({ httpStatus: code, cserrorcode: 9999, errortext: 'Failed to move VM [1].' });
    expect(state(world.identity)).toBe(before);
  });
}

test('a VM stays with its own account, and out of networks that are not the new one’s or are full', () => {
  const { identity, admin, deploy, to, network } = situation();
  const { id: virtualmachineid } = deploy();
  for (let left = 3; left > 0; left -= 1) deploy({ networkids: network('shared') });
  const before = state(identity);
  for (const values of [
    to('bosh'),
    { ...to('other'), networkids: network('of-bosh') },
    { ...to('other'), networkids: network('shared') },
    { ...to('other'), securitygroupids: 'default' },
  ]) {
    expect(admin.fails(COMMAND, { virtualmachineid, ...values }).errortext).toBe(
      'Failed to move VM [1].',
    );
  }
  expect(state(identity)).toBe(before);
});

test('an account without a network gets one with the VM', () => {
  const { identity, admin, deploy, to } = situation();
  const { id: virtualmachineid } = deploy();
  const { virtualmachine: vm } = admin.call(COMMAND, { virtualmachineid, ...to('worker') });
  expect(vm['account']).toBe('worker');
  expect(vm['nic']).toEqual([expect.objectContaining({ networkname: 'worker-network' })]);
  expect(identity.world.networks.all().filter((row) => row.name === 'worker-network')).toEqual([
    expect.objectContaining({ type: 'Isolated', state: 'Allocated', cidr: '10.1.1.0/24' }),
  ]);
});

test('a VM with a snapshot stays', () => {
  const { identity, admin, bosh, deploy, to } = situation();
  const { id: virtualmachineid } = deploy();
  bosh.done('startVirtualMachine', { id: virtualmachineid });
  bosh.done('stopVirtualMachine', { id: virtualmachineid });
  const volumeid = identity.world.volumes.all()[0]!.id;
  bosh.done('createSnapshot', { volumeid });
  expect(admin.fails(COMMAND, { virtualmachineid, ...to('other') }).httpStatus).toBe(431);
});
