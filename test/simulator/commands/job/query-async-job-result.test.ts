// Proves what a job tells while it is pending, when it succeeds and when it fails, to whom, and
// what is answered about a job that is not there.
import { expect, test } from '@playwright/test';
import { accountText } from '../../../../simulator/world/identity/accounts.js';
import { accountOf, createIdentityWorld, domainOf } from '../../../support/identity-world.js';
import { addVm, createNetworkWorld, type NetworkWorld } from '../../../support/network-world.js';
import type { Values } from '../../../support/simulator-client.js';

function tagRequest({ world }: NetworkWorld, value = '1'): Values {
  return {
    resourcetype: 'UserVm',
    resourceids: addVm(world).id,
    'tags[0].key': 'a',
    'tags[0].value': value,
  };
}

test('a pending job has no result yet', () => {
  const zone = createNetworkWorld();
  const { world, user } = zone;
  const { jobid } = user.call('createTags', tagRequest(zone));
  const account = world.accounts.all().find((row) => row.name === 'bosh')!;
  expect(user.call('queryAsyncJobResult', { jobid })).toEqual({
    accountid: account.id,
    account: 'bosh',
    domainid: account.domainId,
    domainpath: 'ROOT',
    userid: world.users.all().find((row) => row.username === 'bosh')!.id,
    cmd: 'org.apache.cloudstack.api.command.user.tag.CreateTagsCmd',
    jobstatus: 0,
    jobprocstatus: 0,
    jobresultcode: 0,
    managementserverid: world.managementServers.all()[0]!.msid,
    created: '2026-01-01T00:00:00+0000',
    jobid,
  });
});

test('a job that succeeded has its result, one that failed its error', () => {
  const zone = createNetworkWorld();
  const { user, simulator } = zone;
  const good = user.call('createTags', tagRequest(zone))['jobid'];
  const bad = user.call('createTags', tagRequest(zone, ''))['jobid'];
  simulator.kernel.advanceUntilIdle();
  expect(user.call('queryAsyncJobResult', { jobid: good })).toMatchObject({
    jobstatus: 1,
    jobresultcode: 0,
    jobresulttype: 'object',
    jobresult: { success: true },
    completed: '2026-01-01T00:00:00+0000',
  });
  expect(user.call('queryAsyncJobResult', { jobid: bad })).toMatchObject({
    jobstatus: 2,
    jobresultcode: 431,
    jobresulttype: 'object',
    jobresult: { errorcode: 431, errortext: 'Value for the key a is either null or empty' },
  });
});

test('a job knows what it is about, and which class its caller used', () => {
  const { world, user, admin } = createNetworkWorld();
  const zoneid = world.zones.all()[0]!.id;
  const networkid = world.networks.all()[0]!.id;
  const byUser = user.run('associateIpAddress', { zoneid });
  expect(user.call('queryAsyncJobResult', { jobid: byUser.jobid })).toMatchObject({
    cmd: 'org.apache.cloudstack.api.command.user.address.AssociateIPAddrCmd',
    jobinstancetype: 'IpAddress',
    jobinstanceid: byUser.id,
  });
  const byAdmin = admin.run('associateIpAddress', { networkid });
  expect(admin.call('queryAsyncJobResult', { jobid: byAdmin.jobid })).toMatchObject({
    cmd: 'org.apache.cloudstack.api.command.admin.address.AssociateIPAddrCmdByAdmin',
  });
});

test('jobs of others are hidden from users, not from root admins', () => {
  const zone = createNetworkWorld();
  const { user, other, admin, world } = zone;
  const { jobid } = user.run('createTags', tagRequest(zone));
  expect(other.fails('queryAsyncJobResult', { jobid })).toMatchObject({
    httpStatus: 531,
    cserrorcode: 4365,
    errortext:
      `Account ${accountText(accountOf(zone, 'other'))} is not authorized to see job ` +
      `id=${world.jobs.require(jobid).internalId}`,
  });
  expect(admin.job(jobid).status).toBe(1);
});

test('a domain admin sees jobs below its domain, and no others; a resource admin sees all', () => {
  const zone = createIdentityWorld();
  const { clientOf, simulator } = zone;
  const submitted = (name: string): string =>
    clientOf(name).call('createAffinityGroup', { name, type: 'host affinity' })['jobid'];
  const [inside, below, outside] = ['worker', 'diver', 'bosh'].map(submitted);
  simulator.kernel.advanceUntilIdle();
  const chief = clientOf('chief');
  expect(chief.job(inside!).status).toBe(1);
  expect(chief.job(below!).status).toBe(1);
  expect(chief.fails('queryAsyncJobResult', { jobid: outside! })).toMatchObject({
    httpStatus: 531,
    errortext:
      'Account chief does not have permission to operate within domain ' +
      `id=${domainOf(zone, 'ROOT').id}`,
  });
  expect(clientOf('keeper').job(outside!).status).toBe(1);
  expect(clientOf('worker').fails('queryAsyncJobResult', { jobid: below! }).httpStatus).toBe(531);
});

test('an unknown job is named', () => {
  const { user } = createNetworkWorld();
  const jobid = '00000000-0000-4000-8000-000000000000';
  expect(user.fails('queryAsyncJobResult', { jobid })).toMatchObject({
    httpStatus: 431,
    cserrorcode: 9999,
    wrapper: 'queryasyncjobresultresponse',
    errortext:
      'Unable to execute API command queryasyncjobresult due to invalid value. Invalid parameter ' +
      `jobid value=${jobid} due to incorrect long value format, or entity does not exist or due to ` +
      'incorrect parameter annotation for the field in api cmd class.',
  });
  expect(user.fails('queryAsyncJobResult').errortext).toBe(
    'Unable to execute API command queryasyncjobresult due to missing parameter jobid',
  );
});
