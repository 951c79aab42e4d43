// Proves that deployVirtualMachine refuses what CloudStack refuses before it allocates anything:
// one wrong thing per case, CloudStack's code and text, and not one change in the event log.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestWorld, type Values } from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

interface Refusal {
  readonly title: string;
  readonly values: (world: TestWorld) => Values;
  /** Without it, `m1.small`. */
  readonly offering?: string;
  readonly prepare?: (world: TestWorld) => void;
  readonly code?: number;
  readonly text: string | RegExp;
}

const STATIC =
  'cpuNumber or cpuSpeed or memory should not be specified for static service offering';
const INVALID_NAME =
  "Invalid name. Vm name can contain ASCII letters 'a' through 'z', the digits '0' through '9', " +
  "and the hyphen ('-'), must be between 1 and 63 characters long, and can't start or end with " +
  '"-" and can\'t start with digit';
const custom = (cpuNumber: number, cpuSpeed: number, memory: number): Values => ({
  'details[0].cpuNumber': cpuNumber,
  'details[0].cpuSpeed': cpuSpeed,
  'details[0].memory': memory,
});
const noLocalStorage = ({ simulator: { world } }: TestWorld): void =>
  world.zones.change(world.zones.all()[0]!, { localStorageEnabled: false });

const refusals: readonly Refusal[] = [
  {
    title: 'an inactive offering',
    prepare: ({ simulator: { world } }) => {
      const row = world.serviceOfferings.all().find(({ name }) => name === 'm1.small')!;
      world.serviceOfferings.change(row, { active: false });
    },
    values: () => ({}),
    text: /^Service offering is inactive: \[[0-9a-f-]{36}\]\.$/,
  },
  {
    title: 'details that a fixed offering does not take',
    values: () => ({ 'details[0].cpunumber': 2 }),
    text: STATIC,
  },
  {
    title: 'a custom offering without details',
    offering: 'custom',
    values: () => ({}),
    text: 'Need to specify custom parameter values cpu, cpu speed and memory when using custom offering',
  },
  {
    title: 'a custom offering with no cores',
    offering: 'custom',
    values: () => custom(0, 1_000, 1_024),
    text: 'Invalid cpu cores value, specify a value between 1 and 2147483647',
  },
  {
    title: 'a custom offering without a speed',
    offering: 'custom',
    values: () => ({ 'details[0].cpuNumber': 1, 'details[0].memory': 1_024 }),
    text: 'Invalid cpu speed value, specify a value between 1 and 2147483647',
  },
  {
    title: 'a custom offering with too little memory',
    offering: 'custom',
    values: () => custom(1, 1_000, 31),
    text: 'Invalid memory value, specify a value between 32 and 2147483647',
  },
  {
    title: 'details that have a parameter of their own',
    values: () => ({ 'details[0].extraconfig': 'x' }),
    text: "'extraconfig' should not be included in details as key",
  },
  {
    title: 'a local service offering where the zone has no local storage',
    offering: 'm1.local',
    prepare: noLocalStorage,
    values: () => ({}),
    text: 'Zone is not configured to use local storage but disk offering m1.local mapped in service offering uses it',
  },
  {
    title: 'a local disk offering where the zone has no local storage',
    prepare: noLocalStorage,
    values: (world) => ({ diskofferingid: diskOfferingId(world, 'local.custom'), size: 5 }),
    text: 'Zone is not configured to use local storage but disk offering local.custom uses it',
  },
  {
    title: 'a key pair that the account does not have',
    values: () => ({ keypair: 'mine' }),
    text: 'Not all specified keypairs exist',
  },
  {
    title: 'networks both ways',
    values: (world) => ({
      networkids: networkId(world, 'NET_CS'),
      'iptonetworklist[0].networkid': networkId(world, 'NET_CS'),
    }),
    text: "ipToNetworkMap can't be specified along with networkIds or ipAddress",
  },
  {
    title: 'an unknown network in the list',
    values: () => ({ 'iptonetworklist[0].networkid': 'nowhere' }),
    text: 'Unable to translate and find entity with networkId: nowhere',
  },
  {
    title: 'a host, by anybody but a root admin',
    values: ({ simulator: { world } }) => ({ hostid: world.hosts.all()[0]!.id }),
    code: 531,
    text: 'Parameter hostid can only be specified by a Root Admin, permission denied',
  },
  {
    title: "another account's network",
    prepare: ({ simulator: { world } }) => {
      const network = world.networks.all().find(({ name }) => name === 'NET_CS')!;
      const admin = world.accounts.all().find(({ name }) => name === 'admin')!;
      world.networks.change(network, { accountId: admin.id });
    },
    values: (world) => ({ networkids: networkId(world, 'NET_CS') }),
    code: 531,
    text: /^Unable to use network with id= [0-9a-f-]{36}, permission denied$/,
  },
  {
    title: 'another hypervisor than the template has',
    values: () => ({ hypervisor: 'VMware' }),
    text: 'Hypervisor passed to the deployVm call, is different from the hypervisor type of the template',
  },
  {
    title: 'a disabled zone',
    prepare: ({ simulator: { world } }) =>
      world.zones.change(world.zones.all()[0]!, { allocationState: 'Disabled' }),
    values: () => ({}),
    code: 531,
    text: 'Cannot perform this operation, Zone is currently disabled: 1',
  },
  {
    title: 'a root disk of no size',
    values: () => ({ rootdisksize: 0 }),
    text: 'Root disk size should be a positive number.',
  },
  {
    title: 'a root disk that the template does not fit on',
    values: () => ({ rootdisksize: 4 }),
    text: 'Unsupported: rootdisksize override (4 GB) is smaller than template size (5.00 GB) 5368709120',
  },
  {
    title: 'a custom disk without a size',
    values: (world) => ({ diskofferingid: diskOfferingId(world, 'ephemeral') }),
    text: 'This disk offering requires a custom size specified',
  },
  {
    title: 'a custom disk that is too large',
    values: (world) => ({ diskofferingid: diskOfferingId(world, 'ephemeral'), size: 1_025 }),
    text: 'Volume size: 1025 GB is out of allowed range. Min: 1. Max: 1024',
  },
  {
    title: 'a custom disk that no volume may be as large as',
    prepare: ({ simulator: { world } }) => {
      world.settings.set('storage.max.volume.size', 5);
    },
    values: (world) => ({ diskofferingid: diskOfferingId(world, 'ephemeral'), size: 6 }),
    text: 'Requested volume size is (6.00 GB) 6442450944, but the maximum size allowed is 5 GB.',
  },
  {
    title: 'a template that is not in the zone',
    prepare: ({ simulator: { world } }) =>
      world.templateZones.remove(world.templateZones.all()[0]!),
    values: () => ({}),
    text: 'The template 1 is not available for use',
  },
  {
    title: "another account's private template",
    prepare: ({ simulator: { world } }) =>
      world.templates.change(world.templates.all()[0]!, { isPublic: false }),
    values: () => ({}),
    code: 531,
    text: /^Account Account \[\{.*\}\] does not have permission to launch instances from template Template \{.*ubuntu-jammy.*\}$/,
  },
  {
    title: 'user data that is no base64',
    values: () => ({ userdata: '{"a":1}' }),
    text: 'User data is not base64 encoded.',
  },
  {
    title: 'something that is no address',
    values: () => ({ ipaddress: '10.203.6.256' }),
    text: 'Invalid specified IPv4 address 10.203.6.256',
  },
  {
    title: 'something that is no MAC address',
    values: () => ({ macaddress: '02:00:aa:bb:cc' }),
    text: 'Mac address is not valid: 02:00:aa:bb:cc',
  },
  {
    title: 'a MAC address of several machines',
    values: () => ({ macaddress: '01:00:5e:00:00:01' }),
    text: 'Mac address is not unicast: 01:00:5e:00:00:01',
  },
  {
    title: 'a MAC address in the list of networks that is none',
    values: (world) => ({
      'iptonetworklist[0].networkid': networkId(world, 'NET_CS'),
      'iptonetworklist[0].mac': 'zz',
      userdata: '{',
    }),
    text: 'Mac address is not valid: zz',
  },
  {
    title: 'user data that is no base64 before a MAC address that is none',
    values: () => ({ userdata: '{"a":1}', macaddress: 'zz' }),
    text: 'User data is not base64 encoded.',
  },
  {
    title: 'a MAC address that the network has',
    prepare: (world) => void deployed(world, world.user, { macaddress: '02:00:aa:bb:cc:01' }),
    values: () => ({ macaddress: '02:00:AA:BB:CC:01' }),
    text: 'The requested Mac address is already taken! 02:00:aa:bb:cc:01',
  },
  ...['1web', '-web', 'web-', 'we_b', 'w'.repeat(64)].map((name) => ({
    title: `the name ${name}`,
    values: () => ({ name }),
    text: INVALID_NAME,
  })),
  {
    title: 'the name of another VM of the network',
    prepare: (world) => void deployed(world, world.user, { name: 'web' }),
    values: () => ({ name: 'web' }),
    text: 'The vm with hostName web already exists in the network domain: cs2cloud.internal; network=NET_CS',
  },
];

for (const refusal of refusals) {
  test(`refuses ${refusal.title}`, () => {
    const world = testSimulator();
    const values = deployment(world, {}, refusal.offering);
    refusal.prepare?.(world);
    const refused = refusedUnchanged(world, world.user, 'deployVirtualMachine', {
      ...values,
      ...refusal.values(world),
    });
    const { httpStatus, errortext, wrapper } = refused;
    expect({ httpStatus, wrapper }).toEqual({
      httpStatus: refusal.code ?? 431,
      wrapper: 'deployvirtualmachineresponse',
    });
    if (typeof refusal.text === 'string') expect(errortext).toBe(refusal.text);
    else expect(errortext).toMatch(refusal.text);
  });
}

test('a removed template, offering or network id passes as a parameter but is found out', () => {
  const world = testSimulator();
  const values = deployment(world, { networkids: networkId(world, 'NET_SHARED') });
  const { templates, networks, serviceOfferings } = world.simulator.world;
  networks.remove(networks.all().find(({ name }) => name === 'NET_SHARED')!);
  expect(world.user.fails('deployVirtualMachine', values).errortext).toBe(
    'Unable to find network by id 2',
  );
  templates.remove(templates.all()[0]!);
  expect(world.user.fails('deployVirtualMachine', values).errortext).toBe(
    'Unable to use template 1',
  );
  serviceOfferings.remove(serviceOfferings.all().find(({ name }) => name === 'm1.small')!);
  expect(world.user.fails('deployVirtualMachine', values).errortext).toBe(
    'Unable to find service offering: 2',
  );
});

test('the zone must be enabled for users only', () => {
  const world = testSimulator();
  const { zones } = world.simulator.world;
  zones.change(zones.all()[0]!, { allocationState: 'Disabled' });
  const networkids = networkId(world, 'NET_SHARED');
  expect(deployed(world, world.admin, { networkids })['state']).toBe('Running');
});

test('a root admin is refused the isolated network of another account, too', () => {
  const world = testSimulator();
  const values = deployment(world, { networkids: networkId(world, 'NET_CS') });
  const refused = refusedUnchanged(world, world.admin, 'deployVirtualMachine', values);
  expect(refused.httpStatus).toBe(531);
});

test('several isolated networks must be told apart', () => {
  const world = testSimulator();
  const { simulator } = world;
  const { networks } = simulator.world;
  const network = networks.all().find((row) => row.name === 'NET_CS')!;
  const id = simulator.kernel.ids.uuid();
  networks.insert({ ...network, id, internalId: 99, name: 'NET_CS2' });
  const refused = refusedUnchanged(world, world.user, 'deployVirtualMachine', deployment(world));
  expect(refused.errortext).toMatch(
    /^More than 1 default Isolated networks are found for account Account \[\{"accountName":"bosh",.*\}\]; please specify networkIds$/,
  );
});

test('user data needs a service that hands it out, which an L2 network lacks', () => {
  const world = testSimulator();
  const { networks, networkOfferings } = world.simulator.world;
  const network = networks.all().find((row) => row.name === 'NET_CS')!;
  networks.change(network, {
    type: 'L2',
    cidr: null,
    gateway: null,
    netmask: null,
    networkOfferingId: networkOfferings.all().find((row) => row.guestIpType === 'L2')!.id,
  });
  const networkids = network.id;
  const values = deployment(world, { networkids, userdata: 'e30=' });
  const refused = refusedUnchanged(world, world.user, 'deployVirtualMachine', values);
  expect(refused.errortext).toBe(
    'Unable to deploy VM as UserData is provided while deploying the VM, but there is no support ' +
      `for UserData service in the default network NET_CS/${network.id}.`,
  );
  const [nic] = deployed(world, world.user, { networkids })['nic'];
  expect(nic).not.toHaveProperty('ipaddress');
  expect(nic['type']).toBe('L2');
  const { templates } = world.simulator.world;
  templates.change(templates.all()[0]!, { passwordEnabled: true });
  const unheard = deployment(world, { networkids });
  expect(refusedUnchanged(world, world.user, 'deployVirtualMachine', unheard).errortext).toBe(
    'Unable to deploy VM as template 1 is password enabled, but there is no support ' +
      `for UserData service in the default network NET_CS/${network.id}`,
  );
});

test('no primary storage at all: users read the general text only', () => {
  const world = testSimulator();
  const { storagePools } = world.simulator.world;
  for (const { id } of storagePools.all()) world.admin.done('enableStorageMaintenance', { id });
  const networkids = networkId(world, 'NET_SHARED');
  const values = deployment(world, { networkids });
  const byUser = refusedUnchanged(world, world.user, 'deployVirtualMachine', values);
  expect(byUser).toMatchObject({ httpStatus: 530, cserrorcode: 0 });
  expect(byUser.errortext).toMatch(/^Internal error executing command/);
  const byAdmin = refusedUnchanged(world, world.admin, 'deployVirtualMachine', values);
  expect(byAdmin.errortext).toBe('There are no available pools in the UP state for vm deployment');
});

test('a parameter that is not simulated is named', () => {
  const world = testSimulator();
  const values = deployment(world, { leaseduration: 1 });
  const refused = refusedUnchanged(world, world.user, 'deployVirtualMachine', values);
  expect(refused).toMatchObject({ httpStatus: 432, wrapper: 'errorresponse' });
  expect(refused.errortext).toContain('the parameter leaseduration of deployVirtualMachine');
});
