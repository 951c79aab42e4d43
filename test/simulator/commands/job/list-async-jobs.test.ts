// Proves that listAsyncJobs shows the jobs that have not ended, to whom they belong, and what its
// filters take away.
import { expect, test } from '@playwright/test';
import { createIdentityWorld, domainOf } from '../../../support/identity-world.js';
import { addVm, createNetworkWorld, type NetworkWorld } from '../../../support/network-world.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';

function submit({ world, user }: NetworkWorld): string {
  const values = {
    resourcetype: 'UserVm',
    resourceids: addVm(world).id,
    'tags[0].key': 'a',
    'tags[0].value': '1',
  };
  return user.call('createTags', values)['jobid'] as string;
}

function listed(client: TestClient, values: Values = {}): string[] {
  const jobs = client.call('listAsyncJobs', values)['asyncjobs'] as Reply[] | undefined;
  return (jobs ?? []).map(({ jobid }) => jobid as string);
}

test('a pending job is listed as it would be asked for, until it has ended', () => {
  const zone = createNetworkWorld();
  const jobid = submit(zone);
  expect(zone.user.call('listAsyncJobs')).toEqual({
    count: 1,
    asyncjobs: [zone.user.call('queryAsyncJobResult', { jobid })],
  });
  zone.simulator.kernel.advanceUntilIdle();
  expect(zone.user.call('listAsyncJobs')).toEqual({});
});

test('looking at jobs moves nothing, in no mode', () => {
  const zone = createNetworkWorld();
  zone.simulator.setClockMode({ kind: 'on-poll' });
  const jobid = submit(zone);
  for (let looks = 0; looks < 5; looks += 1) expect(listed(zone.user)).toEqual([jobid]);
});

test('filters: words of the class, and the moment of the submission', () => {
  const zone = createNetworkWorld();
  zone.simulator.setFaults([
    { when: { phase: 'job-step', nth: 1 }, then: { effect: 'job-never-ends' } },
  ]);
  const early = submit(zone);
  zone.simulator.kernel.advanceBy(3_600_000);
  const late = submit(zone);
  expect(listed(zone.user)).toEqual([early, late]);
  expect(listed(zone.user, { keyword: 'createtags' })).toEqual([early, late]);
  expect(listed(zone.user, { keyword: 'deployvm' })).toEqual([]);
  expect(listed(zone.user, { startdate: '2026-01-01' })).toEqual([early, late]);
  expect(listed(zone.user, { startdate: '2026-01-01 00:30:00' })).toEqual([late]);
  expect(listed(zone.user, { startdate: '2026-01-01T01:00:00+0000' })).toEqual([late]);
  expect(listed(zone.user, { startdate: '2026-01-01T01:00:01Z' })).toEqual([]);
  expect(listed(zone.user, { page: 2, pagesize: 1 })).toEqual([late]);
  expect(zone.user.fails('listAsyncJobs', { startdate: 'yesterday' })).toMatchObject({
    httpStatus: 431,
    errortext:
      'Unable to parse date yesterday for command listasyncjobs, please pass dates in the format ' +
      'mentioned in the api documentation',
  });
});

test('jobs are shown to their account, and to admins who ask for more than their own', () => {
  const zone = createIdentityWorld();
  const { clientOf } = zone;
  const worker = clientOf('worker');
  const name = 'group';
  const { jobid } = worker.call('createAffinityGroup', { name, type: 'host anti-affinity' });
  expect(listed(worker)).toEqual([jobid]);
  for (const other of ['bosh', 'diver', 'stranger']) {
    expect(listed(clientOf(other), { listall: true })).toEqual([]);
  }
  for (const admin of ['admin', 'chief']) {
    expect(listed(clientOf(admin))).toEqual([]);
    expect(listed(clientOf(admin), { listall: true })).toEqual([jobid]);
    const domainid = domainOf(zone, 'ROOT/sub').id;
    expect(listed(clientOf(admin), { account: 'worker', domainid })).toEqual([jobid]);
  }
});

test('domains below are shown to those who ask for them', () => {
  const zone = createIdentityWorld();
  const { clientOf } = zone;
  const name = 'group';
  const { jobid } = clientOf('diver').call('createAffinityGroup', {
    name,
    type: 'host anti-affinity',
  });
  const domainid = domainOf(zone, 'ROOT/sub').id;
  for (const admin of ['admin', 'chief']) {
    expect(listed(clientOf(admin), { domainid })).toEqual([]);
    expect(listed(clientOf(admin), { domainid, isrecursive: true })).toEqual([jobid]);
  }
});

test('the management server that carries jobs out', () => {
  const zone = createNetworkWorld();
  const jobid = submit(zone);
  const { id, msid } = zone.world.managementServers.all()[0]!;
  const other = zone.world.managementServers.insert({
    name: 'management2',
    msid: msid + 1,
    serviceIp: '10.0.0.2',
    startedMs: 0,
    stoppedMs: null,
  });
  expect(listed(zone.user, { managementserverid: id })).toEqual([jobid]);
  expect(listed(zone.user, { managementserverid: other.id })).toEqual([]);
  const unknown = '11111111-2222-4333-8444-555555555555';
  expect(zone.user.fails('listAsyncJobs', { managementserverid: unknown }).httpStatus).toBe(431);
  zone.simulator.kernel.advanceUntilIdle();
  expect(zone.user.call('queryAsyncJobResult', { jobid })).not.toHaveProperty('managementserverid');
});
