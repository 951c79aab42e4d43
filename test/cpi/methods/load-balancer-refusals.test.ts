// Proves that load balancers that a VM cannot have are refused, most before anything is made, and
// that what fails or is disturbed on the way leaves nothing; against the simulated zone over HTTP.
import { expect, test } from '@playwright/test';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { resultOf } from '../../support/director-response.js';
import {
  createVm,
  holdAddress,
  makeRule,
  members,
  otherVmBehind,
  rules,
  usedZone,
  vmBehind,
  web,
} from './load-balancer-requests.js';
import { subnet } from './network-requests.js';
import { manualNetwork } from './vm-requests.js';

for (const [what, lbs, expected] of [
  ['text', 'web', /lbs must be a list of objects/],
  ['an object', web, /lbs must be a list of objects/],
  ['a list of names', ['web'], /lbs must be a list of objects/],
  ['an entry without a name', [{ public_port: 443 }], /load balancer 1 .*name is missing/],
  ['a name that is a number', [{ name: 5 }], /name must be a string/],
  [
    'a port as text',
    [web, { ...web, public_port: '443' }],
    /balancer 2 .*public_port must be a port/,
  ],
  ['a port that is none', [{ ...web, private_port: 65_536 }], /private_port must be a port/],
  ['port 0', [{ ...web, public_port: 0 }], /public_port must be a port/],
  ['an unknown algorithm', [{ ...web, algorithm: 'random' }], /algorithm must be "roundrobin"/],
  ['a firewall that is text', [{ ...web, open_firewall: 'yes' }], /open_firewall must be true or/],
  ['a public_ip that is a number', [{ ...web, public_ip: 5 }], /public_ip must be a string/],
] as const) {
  test(`lbs with ${what} is refused before anything is made`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmBehind(lbs));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
    expect(error.message).toMatch(expected);
    expect(zone.holdings()).toEqual(before);
  });
}

test('a key of a load balancer that is unknown is told, or refused where that is wanted', async () => {
  await using zone = await startZone();
  const request = vmBehind([{ ...web, publik_port: 443 }]);
  const strict = await zone.error('create_vm', request, {
    properties: { strict_properties: true },
  });
  expect(strict.message).toMatch(/publik_port.*public_port/);
  await createVm(zone, request);
  expect(zone.diagnostics.join('\n')).toMatch(/load balancer 1 .*publik_port.*public_port/);
});

for (const [what, entry, expected] of [
  ['without a public port', { name: 'new', private_port: 1 }, /public_port and private_port/],
  ['without a private port', { name: 'new', public_port: 1 }, /public_port and private_port/],
  ['to another port', { name: 'web', private_port: 1 }, /sends to port 8443, not 1/],
  ['on an address that is not held', { ...web, public_ip: '203.0.113.28' }, /no address that this/],
  ['on an address with static NAT', { ...web, public_ip: '203.0.113.22' }, /by static NAT/],
  ['on the address of the VM itself', { ...web, public_ip: '203.0.113.15' }, /vip of the VM/],
  ['of another network', { ...web, public_ip: '203.0.113.23' }, /for another network/],
  ['of a VPC of other networks', { ...web, public_ip: '203.0.113.24' }, /for another network/],
] as const) {
  test(`a rule ${what} is refused before anything is made`, async () => {
    await using zone = await usedZone();
    const vm = await createVm(zone, otherVmBehind([]));
    makeRule(zone, holdAddress(zone, '203.0.113.20'));
    const ipaddressid = holdAddress(zone, '203.0.113.22');
    zone.user.call('enableStaticNat', { ipaddressid, virtualmachineid: vm });
    const created = await zone.result('create_network', subnet());
    const networkid = String(at(created, 0));
    zone.user.done('associateIpAddress', { networkid, ipaddress: '203.0.113.23' });
    const { vpc } = zone.user.done('createVPC', {
      zoneid: zone.simulator.world.zones.all()[0]!.id,
      name: 'cloud',
      displaytext: 'cloud',
      cidr: '10.90.0.0/16',
      vpcofferingid: String(at(zone.user.call('listVPCOfferings'), 'vpcoffering', 0, 'id')),
    });
    zone.user.done('associateIpAddress', { vpcid: vpc['id'], ipaddress: '203.0.113.24' });
    const before = zone.holdings();
    const networks = { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } };
    const error = await zone.error('create_vm', vmBehind([entry], { networks }));
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
    expect(error.message).toMatch(expected);
    expect(zone.holdings()).toEqual(before);
  });
}

test('a port that another rule has is told, and the VM is taken back', async () => {
  await using zone = await usedZone();
  makeRule(zone, holdAddress(zone, '203.0.113.20'));
  const before = zone.holdings();
  const lbs = [{ ...web, name: 'other', public_ip: '203.0.113.20' }];
  const error = await zone.error('create_vm', vmBehind(lbs));
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', ok_to_retry: false });
  expect(error.message).toMatch(/conflicts with rule.*Another rule has the port/);
  expect(zone.holdings()).toEqual(before);
});

test('a failure behind the first load balancer takes the VM, its place and its rule back', async () => {
  await using zone = await usedZone();
  const kept = await createVm(zone, otherVmBehind([{ ...web, name: 'shared' }]));
  makeRule(zone, holdAddress(zone, '203.0.113.20'), { name: 'taken' });
  const before = zone.holdings();
  const taken = { ...web, name: 'other', public_ip: '203.0.113.20' };
  const lbs = [{ ...web, public_port: 444 }, { name: 'shared' }, taken];
  await zone.error('create_vm', vmBehind(lbs));
  expect(zone.holdings()).toEqual(before);
  const [shared] = rules(zone).filter((rule) => at(rule, 'name') === 'shared');
  expect(members(zone, shared)).toEqual([kept]);
});

/** Calls create_vm and acts on the zone when the CPI first tells `line`. */
async function disturbed(zone: CpiZone, line: string, act: () => void): Promise<string> {
  let hasActed = false;
  zone.onDiagnostic((told) => {
    if (hasActed || !told.includes(line)) return;
    hasActed = true;
    act();
  });
  const answer = await zone.call('create_vm', vmBehind([web]));
  expect(hasActed, `${line} was told`).toBe(true);
  return answer;
}

function deleteRules(zone: CpiZone): void {
  for (const rule of rules(zone)) {
    zone.user.done('deleteLoadBalancerRule', { id: String(at(rule, 'id')) });
  }
}

test('a rule that others delete before the VM is behind it is made again', async () => {
  await using zone = await usedZone();
  const answer = await disturbed(zone, 'of createLoadBalancerRule done', () => {
    deleteRules(zone);
  });
  const [vm] = resultOf('create_vm', 2, answer) as [string];
  expect(members(zone, rules(zone)[0])).toEqual([vm]);
  expect(zone.diagnostics.join('\n')).toMatch(/load balancer rule web .* was deleted meanwhile/);
});

test('a rule that others make at the same time is used', async () => {
  await using zone = await usedZone();
  const [address] = zone.holdings()['addresses'] as [unknown];
  let id = '';
  const answer = await disturbed(zone, 'cloudstack listPublicIpAddresses', () => {
    id = makeRule(zone, String(at(address, 'id')));
  });
  const [vm] = resultOf('create_vm', 2, answer) as [string];
  expect(rules(zone)).toMatchObject([{ id }]);
  expect(members(zone, { id })).toEqual([vm]);
});

test('a VM whose rule others delete under it is put behind a new one', async () => {
  await using zone = await usedZone();
  const answer = await disturbed(zone, 'of assignToLoadBalancerRule done', () => {
    deleteRules(zone);
  });
  const [vm] = resultOf('create_vm', 2, answer) as [string];
  expect(members(zone, rules(zone)[0])).toEqual([vm]);
  expect(zone.diagnostics.join('\n')).toMatch(/not behind web .* any more; joining again/);
});

for (const line of [
  'of createLoadBalancerRule done',
  'of assignToLoadBalancerRule done',
  'of startVirtualMachine done',
]) {
  test(`a VM is put behind a rule that stays, when others begin to delete its own: ${line}`, async () => {
    await using zone = await usedZone();
    const earlier = await createVm(zone, otherVmBehind([web]));
    const [old] = rules(zone);
    zone.user.done('removeFromLoadBalancerRule', {
      id: String(at(old, 'id')),
      virtualmachineids: earlier,
    });
    if (line.includes('create')) deleteRules(zone);
    const answer = await disturbed(zone, line, () => {
      for (const rule of rules(zone)) {
        const { jobid } = zone.user.call('deleteLoadBalancerRule', { id: String(at(rule, 'id')) });
        zone.user.call('queryAsyncJobResult', { jobid: String(jobid) });
      }
      expect(rules(zone)).toMatchObject([{ state: 'Deleting' }]);
    });
    const [vm] = resultOf('create_vm', 2, answer) as [string];
    zone.simulator.kernel.advanceUntilIdle();
    expect(rules(zone)).toMatchObject([{ state: 'Active' }]);
    expect(members(zone, rules(zone)[0])).toEqual([vm]);
  });
}

for (const command of ['createLoadBalancerRule', 'assignToLoadBalancerRule']) {
  for (const how of [{ loseAnswersOf: command }, { answersAreLate: command }]) {
    test(`create_vm leaves nothing with ${JSON.stringify(how)}`, async () => {
      await using zone = await usedZone();
      const before = zone.holdings();
      const error = await zone.error('create_vm', vmBehind([web]), how);
      expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
      expect(error.message).toContain(command);
      expect(zone.holdings()).toEqual(before);
    });
  }
}

for (const command of ['removeFromLoadBalancerRule', 'deleteLoadBalancerRule']) {
  test(`delete_vm may be called again after the answers to ${command} were lost`, async () => {
    await using zone = await usedZone();
    const before = zone.holdings();
    const vm = await createVm(zone, vmBehind([web]));
    await zone.call('delete_vm', [vm], { loseAnswersOf: command });
    await zone.result('delete_vm', [vm]);
    expect(zone.holdings()).toEqual(before);
  });
}
