// Proves how VMs come into affinity groups and groups come and go with them: made when missing, shared,
// never mistaken for one of another type, gone with the last VM or with a failed call, made again when
// somebody deletes them in between; against the simulated zone of three hosts over HTTP.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import {
  at,
  directorUuid,
  startZone,
  type CallOptions,
  type CpiZone,
} from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const retriable = { type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true };
const cloudError = { type: 'Bosh::Clouds::CloudError', ok_to_retry: false };
const usersMayExpunge = { ...advancedKvm, settings: { 'allow.user.expunge.recover.vm': true } };
const web = { affinity_group: 'web' };

interface Group {
  id: string;
  name: string;
  type: string;
  description?: string;
  virtualmachineIds?: string[];
}

function groups(zone: CpiZone): Group[] {
  return (zone.user.call('listAffinityGroups')['affinitygroup'] ?? []) as Group[];
}

/** The arguments of create_vm for one of several VMs. */
function numbered(number: number, properties: object = web, env?: object): unknown[] {
  return vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: { private: manualNetwork(`10.203.6.${50 + number}`) },
    properties,
    ...(env && { env }),
  });
}

async function create(zone: CpiZone, number: number, properties: object = web): Promise<string> {
  return ((await zone.result('create_vm', numbered(number, properties))) as [string])[0];
}

function hostOf(zone: CpiZone, vmId: string): string | null {
  return zone.simulator.world.vms.require(vmId).hostId;
}

/** Calls create_vm while somebody else does something as soon as the CPI tells of a line. */
async function createWhile(
  zone: CpiZone,
  line: string,
  act: () => void,
  options: CallOptions = {},
): Promise<string> {
  let hasActed = false;
  zone.onDiagnostic((told) => {
    if (hasActed || !told.includes(line)) return;
    hasActed = true;
    act();
  });
  const answer = await zone.call('create_vm', numbered(1), options);
  expect(hasActed, `${line} was told`).toBe(true);
  return answer;
}

test('a missing group is made, the next VM shares it and runs on another host', async () => {
  await using zone = await startZone();
  const [first, second] = [await create(zone, 1), await create(zone, 2)];
  expect(groups(zone)).toMatchObject([
    {
      name: 'web',
      type: 'host anti-affinity',
      description: `bosh-cpi-director ${directorUuid}`,
      virtualmachineIds: [first, second],
    },
  ]);
  expect(hostOf(zone, first)).not.toBe(hostOf(zone, second));
});

test('a group is made of the type that was asked for', async () => {
  await using zone = await startZone();
  const properties = { ...web, affinity_group_type: 'non-strict host affinity' };
  const [first, second] = [await create(zone, 1, properties), await create(zone, 2, properties)];
  expect(groups(zone)[0]?.type).toBe('non-strict host affinity');
  expect(hostOf(zone, first)).toBe(hostOf(zone, second));
});

test('a group that is there is taken as it is, unless another type is asked for', async () => {
  await using zone = await startZone();
  zone.user.done('createAffinityGroup', { name: 'web', type: 'host affinity' });
  const vm = await create(zone, 1);
  expect(groups(zone)).toMatchObject([{ type: 'host affinity', virtualmachineIds: [vm] }]);
  expect(zone.diagnostics.join('\n')).not.toContain('createAffinityGroup');
  const before = zone.holdings();
  const properties = { ...web, affinity_group_type: 'host anti-affinity' };
  const error = await zone.error('create_vm', numbered(2, properties));
  expect(error).toMatchObject(cloudError);
  expect(error.message).toMatch(
    /the affinity group web \([-0-9a-f]{36}\) is of type "host affinity", not "host anti-affinity"/,
  );
  expect(zone.holdings()).toEqual(before);
});

test('a name in other letter case, and a type that CloudStack has not, are told', async () => {
  await using zone = await startZone();
  zone.user.done('createAffinityGroup', { name: 'Web', type: 'host affinity' });
  const before = zone.holdings();
  const error = await zone.error('create_vm', numbered(1));
  expect(error).toMatchObject(cloudError);
  expect(error.message).toContain('in other letter case');
  const properties = { affinity_group: 'db', affinity_group_type: 'apart' };
  const other = await zone.error('create_vm', numbered(1, properties));
  expect(other).toMatchObject(cloudError);
  expect(other.message).toContain('invalid affinity group type: apart. Valid values are');
  expect(zone.holdings()).toEqual(before);
});

test('properties of other types are refused', async () => {
  await using zone = await startZone();
  for (const properties of [{ affinity_group: 7 }, { ...web, affinity_group_type: ['x'] }]) {
    const error = await zone.error('create_vm', numbered(1, properties));
    expect(error.type).toBe('Bosh::Clouds::CpiError');
    expect(error.message).toMatch(/affinity_group(_type)? must be a string/);
  }
});

test('VMs that are made at the same time share one group', async () => {
  await using zone = await startZone();
  const vms = await Promise.all([1, 2, 3].map((number) => create(zone, number)));
  expect(groups(zone)).toHaveLength(1);
  expect(new Set(groups(zone)[0]?.virtualmachineIds)).toEqual(new Set(vms));
  expect(new Set(vms.map((vm) => hostOf(zone, vm))).size).toBe(3);
});

test('a VM for which a strict group has no host left is undone, the others stay', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  for (const number of [1, 2, 3]) await create(zone, number);
  const before = zone.holdings();
  const error = await zone.error('create_vm', numbered(4));
  expect(error).toMatchObject(retriable);
  expect(error.message).toContain('Please check the affinity groups provided');
  expect(zone.holdings()).toEqual(before);
});

for (const [who, options] of [
  ['an account that may expunge', { as: 'Admin' }],
  ['an account that may not expunge', {}],
] as const) {
  test(`the group goes with its last VM, for ${who}`, async () => {
    await using zone = await startZone();
    const networks = { private: { type: 'dynamic', cloud_properties: { name: 'NET_SHARED' } } };
    const request = (agentId: string) => vmArguments({ agentId, networks, properties: web });
    const vms: string[] = [];
    for (const agentId of ['agent-1', 'agent-2']) {
      vms.push(((await zone.result('create_vm', request(agentId), options)) as [string])[0]);
    }
    const all = (): number => zone.simulator.world.affinityGroups.all().length;
    await zone.result('delete_vm', [vms[0]], options);
    expect(all()).toBe(1);
    await zone.result('delete_vm', [vms[1]], options);
    expect(all()).toBe(0);
  });
}

test('a group that somebody else made, or another Director, outlives its VMs', async () => {
  await using zone = await startZone();
  zone.user.done('createAffinityGroup', { name: 'web', type: 'host affinity' });
  const description = 'bosh-cpi-director 00000000-0000-4000-8000-000000000001';
  zone.user.done('createAffinityGroup', { name: 'db', type: 'host affinity', description });
  for (const name of ['web', 'db']) {
    const vm = await create(zone, 1, { affinity_group: name });
    await zone.result('delete_vm', [vm]);
  }
  expect(groups(zone).map(({ name }) => name)).toEqual(['web', 'db']);
});

test('a group that cannot be deleted is told, and the VM is deleted all the same', async () => {
  await using zone = await startZone();
  const vm = await create(zone, 1);
  await zone.result('delete_vm', [vm], { refuse: 'deleteAffinityGroup' });
  expect(await zone.result('has_vm', [vm])).toBe(false);
  expect(zone.diagnostics.join('\n')).toMatch(/warning: affinity group web \(.*\) stays: /);
});

test('a group that was made for a VM that failed goes with it', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  const before = zone.holdings();
  const properties = { ...web, compute_offering: 'custom', cpu: 1000, ram: 1024 };
  const error = await zone.error('create_vm', numbered(1, properties));
  expect(error).toMatchObject(retriable);
  expect(groups(zone)).toEqual([]);
  expect(zone.holdings()['vms']).toEqual(before['vms']);
});

test('a group whose creation fails as taken after it was made goes with a VM that failed', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const text = 'Unable to create affinity group, a group with name web already exists.';
  zone.simulator.setFaults([
    {
      when: { phase: 'job-step', command: 'createAffinityGroup', times: 1 },
      then: { effect: 'job-fails', text },
    },
  ]);
  await zone.error('create_vm', numbered(1), { refuse: 'startVirtualMachine' });
  expect(groups(zone)).toEqual([]);
});

test('a group that is deleted before the VM is in it is made again', async () => {
  await using zone = await startZone();
  const answer = await createWhile(zone, 'of createAffinityGroup done', () => {
    zone.user.done('deleteAffinityGroup', { name: 'web' });
  });
  const [vm] = at(JSON.parse(answer), 'result') as [string];
  expect(groups(zone)).toMatchObject([{ name: 'web', virtualmachineIds: [vm] }]);
});

test('a group that is deleted before the VM has started is made again, and the VM in it', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const answer = await createWhile(zone, 'of deployVirtualMachine done', () => {
    zone.user.done('deleteAffinityGroup', { name: 'web' });
  });
  const [vm] = at(JSON.parse(answer), 'result') as [string];
  expect(groups(zone)).toMatchObject([{ name: 'web', virtualmachineIds: [vm] }]);
  expect(zone.holdings()['vms']).toMatchObject([{ id: vm }]);
  expect(zone.diagnostics.join('\n')).toMatch(/is not in its affinity group web .* the VM anew/);
});

test('a group that is deleted each time before the VM has started fails the call, and nothing stays', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  await zone.result('delete_vm', [await create(zone, 1)]);
  const before = zone.holdings();
  let isDisturbed = true;
  zone.onDiagnostic((told) => {
    if (!isDisturbed || !told.includes('of deployVirtualMachine done')) return;
    zone.user.done('deleteAffinityGroup', { name: 'web' });
  });
  const error = await zone.error('create_vm', numbered(1));
  isDisturbed = false;
  expect(error).toMatchObject(retriable);
  expect(error.message).toContain('is not in its affinity group web');
  expect(zone.holdings()).toEqual(before);
  await create(zone, 1);
});

for (const [how, options] of [
  ['whose answer is lost', { loseAnswersOf: 'createAffinityGroup' }],
  ['that comes late', { answersAreLate: 'createAffinityGroup' }],
] as const) {
  test(`a group ${how} is taken back, and the next call succeeds`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    expect(await zone.error('create_vm', numbered(1), options)).toMatchObject(retriable);
    expect(zone.holdings()).toEqual(before);
    await create(zone, 1);
  });
}

test('an interrupted call takes its group back', async () => {
  await using zone = await startZone({ world: usersMayExpunge });
  await zone.result('delete_vm', [await create(zone, 1)]);
  const before = zone.holdings();
  const controller = new AbortController();
  const answer = await createWhile(
    zone,
    'cloudstack deployVirtualMachine ok',
    () => {
      controller.abort();
    },
    { signal: controller.signal },
  );
  expect(at(JSON.parse(answer), 'error', 'message')).toContain('interrupted');
  expect(zone.holdings()).toEqual(before);
});

test('a lost answer to the deletion of a group does not hold up delete_vm', async () => {
  await using zone = await startZone();
  const vm = await create(zone, 1);
  await zone.result('delete_vm', [vm], { losesFirstAnswerOf: 'deleteAffinityGroup' });
  expect(groups(zone)).toEqual([]);
});

test('automatic anti-affinity: a group for each instance group, cloud_properties win', async () => {
  await using zone = await startZone();
  const env = { bosh: { group: 'dir-dep-job' } };
  const properties = { enable_auto_anti_affinity: true };
  const create2 = (number: number, cloud: object, callEnv: object = env): Promise<unknown> =>
    zone.result('create_vm', numbered(number, cloud, callEnv), { properties });
  await create2(1, {});
  await create2(2, {});
  await create2(3, { affinity_group: 'own' });
  await create2(4, {}, { bosh: {} });
  expect(groups(zone)).toMatchObject([
    { name: `${directorUuid}-dir-dep-job`, type: 'host anti-affinity' },
    { name: 'own' },
  ]);
  expect(groups(zone)[0]?.virtualmachineIds).toHaveLength(2);
  expect(groups(zone)[1]?.virtualmachineIds).toHaveLength(1);
});

test('the name of an automatic group is no longer than CloudStack takes it', async () => {
  await using zone = await startZone();
  const env = { bosh: { group: 'g'.repeat(250) } };
  const properties = { enable_auto_anti_affinity: true };
  await zone.result('create_vm', numbered(1, {}, env), { properties });
  expect(groups(zone)).toMatchObject([{ name: `${directorUuid}-${'g'.repeat(154)}` }]);
});

test('an instance group with more VMs than hosts is told by which property they may share hosts', async () => {
  await using zone = await startZone();
  const advice = /cloudstack\.auto_anti_affinity_type "non-strict host anti-affinity"/;
  const options = { properties: { enable_auto_anti_affinity: true } };
  const env = { bosh: { group: 'g' } };
  for (const number of [1, 2, 3]) {
    await zone.result('create_vm', numbered(number, {}, env), options);
  }
  const error = await zone.error('create_vm', numbered(4, {}, env), options);
  expect(error).toMatchObject(retriable);
  expect(error.message).toMatch(advice);
  const named = { affinity_group: `${directorUuid}-g` };
  const asked = await zone.error('create_vm', numbered(5, named, env), options);
  expect(asked.message).not.toMatch(advice);
});

test('the type of automatic groups is configured', async () => {
  await using zone = await startZone();
  const properties = {
    enable_auto_anti_affinity: true,
    auto_anti_affinity_type: 'non-strict host anti-affinity',
  };
  await zone.result('create_vm', numbered(1, {}, { bosh: { group: 'g' } }), { properties });
  expect(groups(zone)).toMatchObject([{ type: 'non-strict host anti-affinity' }]);
});
