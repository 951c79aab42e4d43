// Proves what is left of a VM whose deployment job or later start fails: Error with destroyed
// volumes and held addresses after a deployment, Stopped after a start.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  listed,
  networkId,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

const TOO_LARGE: Values = {
  'details[0].cpuNumber': 1,
  'details[0].cpuSpeed': 2_000,
  'details[0].memory': 1_000_000,
};

test('no host has room: 533 with the VM as JSON, not masked', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const outcome = user.run('deployVirtualMachine', deployment(world, TOO_LARGE, 'custom'));
  expect(outcome).toMatchObject({
    status: 2,
    resultcode: 533,
    result: {
      errorcode: 533,
      errortext:
        'No destination found for a deployment for VM instance ' +
        `{"id":1,"instanceName":"i-2-1-VM","state":"Stopped","type":"User","uuid":"${outcome.id!}"}`,
    },
  });
  expect(Object.keys(outcome.result)).toEqual(['errorcode', 'errortext']);
  assertSound(simulator);
});

test('the VM is in Error, its volumes are destroyed, its address stays taken', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const values = { ...TOO_LARGE, name: 'big', ipaddress: '10.203.6.10' };
  const disk = { diskofferingid: diskOfferingId(world, 'ephemeral'), size: 5 };
  const { id } = user.run(
    'deployVirtualMachine',
    deployment(world, { ...values, ...disk }, 'custom'),
  );
  expect(listed(user, { id: id! })).toMatchObject({
    state: 'Error',
    nic: [{ ipaddress: '10.203.6.10' }],
  });
  const volumes = simulator.world.volumes.all();
  expect(volumes.map((volume) => [volume.name, volume.state])).toEqual([
    ['ROOT-1', 'Destroy'],
    ['DATA-1', 'Destroy'],
  ]);
  const refused = user.fails('deployVirtualMachine', deployment(world, { name: 'big' }));
  expect(refused.errortext).toContain('The vm with hostName big already exists');
});

for (const [version, text] of [
  [
    '4.19.3.0',
    /^Could not find template \[.*ubuntu-jammy.*\] ready for the data center \[.*zone1.*\]\.$/,
  ],
  [
    '4.20.2.0',
    /^Unable to orchestrate the start of VM instance \{"instanceName":"i-2-1-VM","uuid":"[^"]+"\}\.$/,
  ],
] as const) {
  test(`a template that is not ready passes the request and fails the job, told by ${version}`, () => {
    const world = testSimulator();
    const { user, simulator } = world;
    simulator.world.settings.set('cloudstack.version', version);
    const { templateZones } = simulator.world;
    templateZones.move(templateZones.all()[0]!, 'DestroyRequested');
    const outcome = user.run('deployVirtualMachine', deployment(world));
    expect(outcome).toMatchObject({ status: 2, resultcode: 530 });
    expect(outcome.result['errortext']).toMatch(text);
    expect(listed(world.admin, { id: outcome.id! })).toMatchObject({ state: 'Error' });
    expect(listed(world.admin, { id: outcome.id! })).not.toHaveProperty('hostid');
    assertSound(simulator);
  });
}

test('no address for source NAT: the network cannot be brought up', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { publicIps } = simulator.world;
  for (const publicIp of publicIps.all()) publicIps.remove(publicIp);
  const outcome = user.run('deployVirtualMachine', deployment(world));
  expect(outcome.result).toEqual({
    errorcode: 530,
    errortext: 'Network is unavailable. Please contact administrator',
  });
  expect(listed(user, { id: outcome.id! })?.['state']).toBe('Error');
});

test('a chosen host without room is named, and so is one that is too small', () => {
  const world = testSimulator();
  const host = world.simulator.world.hosts.all()[0]!;
  const text = (details: Values): string => {
    const networkids = networkId(world, 'NET_SHARED');
    const values = { ...details, networkids, hostid: host.id };
    const outcome = world.admin.run('deployVirtualMachine', deployment(world, values, 'custom'));
    expect(outcome.resultcode).toBe(431);
    return outcome.result['errortext'] as string;
  };
  const hostText = `Host {"id":1,"name":"host1","type":"Routing","uuid":"${host.id}"}`;
  expect(text(TOO_LARGE)).toBe(
    `Cannot deploy the VM to specified host ${hostText}, ` +
      'host does not have enough free CPU or RAM, please check the logs',
  );
  expect(text({ ...TOO_LARGE, 'details[0].cpuNumber': 17, 'details[0].memory': 64 })).toBe(
    `Cannot deploy the VM to specified host ${hostText}, ` +
      'requested CPU and speed is more than the host capability',
  );
});

test('a chosen host that is down refuses the request', () => {
  const world = testSimulator();
  const { hosts } = world.simulator.world;
  const host = hosts.all()[0]!;
  hosts.change(host, { up: false });
  const values = { networkids: networkId(world, 'NET_SHARED'), hostid: host.id };
  expect(world.admin.fails('deployVirtualMachine', deployment(world, values))).toMatchObject({
    httpStatus: 431,
    errortext: 'Unable to deploy the VM as the host: host1 is not in the right state',
  });
});

test('a start that fails leaves the VM Stopped with its volumes', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const values = deployment(world, { ...TOO_LARGE, startvm: false }, 'custom');
  const vm = user.done('deployVirtualMachine', values)['virtualmachine'] as Reply;
  expect(user.run('startVirtualMachine', { id: vm['id'] })).toMatchObject({
    status: 2,
    resultcode: 533,
  });
  expect(listed(user, { id: vm['id'] })?.['state']).toBe('Stopped');
  expect(simulator.world.volumes.all()[0]?.state).toBe('Allocated');
});

test('a start that fails half way gives its host back', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const vm = deployed(world, user, { startvm: false });
  breakTemplate(world);
  expect(user.run('startVirtualMachine', { id: vm['id'] }).resultcode).toBe(530);
  expect(simulator.world.vms.get(vm['id'])).toMatchObject({ state: 'Stopped', hostId: null });
});

function breakTemplate({ simulator }: TestWorld): void {
  const { templateZones } = simulator.world;
  templateZones.move(templateZones.all()[0]!, 'DestroyRequested');
}

test('its destroyed data disk may be named when it is destroyed', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const disk = { diskofferingid: diskOfferingId(world, 'ephemeral'), size: 5 };
  const { id } = user.run(
    'deployVirtualMachine',
    deployment(world, { ...TOO_LARGE, ...disk }, 'custom'),
  );
  const data = simulator.world.volumes.all().find((volume) => volume.type === 'DATADISK')!;
  user.done('destroyVirtualMachine', { id: id!, volumeids: data.id });
  expect(simulator.world.vms.require(id!).state).toBe('Expunging');
  expect(data.state).toBe('Destroy');
  assertSound(simulator);
});
