// What deleting a domain takes with it, when it is refused, and that a refused domain is usable again.
import { expect, test } from '@playwright/test';
import { accountOf, domainOf, projectOf } from '../../../support/identity-world.js';
import { NOTHING, createOwnedWorld, ownedBy, takeThings } from '../../../support/owned-things.js';
import { assertSound } from '../../../support/sound-world.js';

test('an empty domain goes by itself', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  const { id } = admin.call('createDomain', { name: 'empty' })['domain'];
  expect(admin.done('deleteDomain', { id })).toEqual({ success: true });
  expect(admin.call('listDomains', { name: 'empty' })).toEqual({});
  expect(world.world.limits.where('ownerId', id as string)).toEqual([]);
});

test('one with accounts or domains below is refused, and Active again', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  for (const path of ['ROOT/far', 'ROOT/sub']) {
    const domain = domainOf(world, path);
    const outcome = admin.run('deleteDomain', { id: domain.id });
    expect(outcome).toMatchObject({
      status: 2,
      resultcode: 530,
      result: {
        errortext:
          `Delete failed on domain ${domain.name} (id: ${domain.internalId}); Please make sure all users ` +
          'and sub domains have been removed from the domain before deleting',
      },
    });
    expect(domain.state).toBe('Active');
  }
});

test('one with shared networks is refused', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  const { id } = admin.call('createDomain', { name: 'shared' })['domain'];
  const shared = world.world.networkOfferings.all().find((row) => row.guestIpType === 'Shared')!;
  world.world.networks.insert({
    ...world.world.networks.all()[0]!,
    id: world.simulator.kernel.ids.uuid(),
    internalId: 900,
    name: 'of the domain',
    type: 'Shared',
    state: 'Setup',
    networkOfferingId: shared.id,
    accountId: accountOf(world, 'admin').id,
    aclType: 'Domain',
    domainId: id,
  });
  expect(admin.run('deleteDomain', { id }).result['errortext']).toBe(
    "Can't delete the domain yet because it has 1 non-removed networks",
  );
  admin.done('deleteDomain', { id, cleanup: true });
  expect(world.world.networks.all().map(({ name }) => name)).not.toContain('of the domain');
});

test('with cleanup everything in it and below goes, too', () => {
  const world = createOwnedWorld();
  takeThings(world, world.clientOf('worker'));
  takeThings(world, world.clientOf('worker'), { projectid: projectOf(world, 'beta').id });
  takeThings(world, world.clientOf('diver'));
  const owners = ['chief', 'keeper', 'worker', 'diver'].map((name) => accountOf(world, name).id);
  const all = [...owners, projectOf(world, 'beta').accountId];
  const { id } = domainOf(world, 'ROOT/sub');
  world.clientOf('admin').done('deleteDomain', { id, cleanup: true });
  for (const owner of all) expect(ownedBy(world, owner)).toEqual(NOTHING);
  const left = world.world.domains.all().map(({ path }) => path);
  expect(left).toEqual(['ROOT', 'ROOT/far']);
  expect(world.world.accounts.all().map(({ name }) => name)).toEqual([
    'admin',
    'bosh',
    'other',
    'stranger',
    expect.stringContaining('PrjAcct-alpha'),
  ]);
  expect(world.world.projects.all().map(({ name }) => name)).toEqual(['alpha']);
  assertSound(world);
});

test('a job that works on something in it is in the way; later it can be deleted', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  const vm = takeThings(world, world.clientOf('worker'));
  world.clientOf('worker').call('rebootVirtualMachine', { id: vm });
  const domain = domainOf(world, 'ROOT/sub');
  const { jobid } = admin.call('deleteDomain', { id: domain.id, cleanup: true });
  world.simulator.kernel.advanceBy(60);
  expect(admin.job(jobid as string).result['errortext']).toBe(
    `Failed to clean up domain resources and sub domains, delete failed on domain sub (id: ${domain.internalId}).`,
  );
  expect(domain.state).toBe('Active');
  world.simulator.kernel.advanceUntilIdle();
  const again = admin.run('deleteDomain', { id: domain.id, cleanup: true });
  expect(again.result['errortext']).toContain('delete failed on domain sub');
  world.simulator.kernel.advanceBy(86_400_000);
  admin.done('deleteDomain', { id: domain.id, cleanup: true });
  assertSound(world);
});

test('refuses ROOT, foreign domains and what is gone', () => {
  const world = createOwnedWorld();
  const admin = world.clientOf('admin');
  expect(admin.run('deleteDomain', { id: domainOf(world, 'ROOT').id }).result).toMatchObject({
    errorcode: 530,
    errortext: "Can't delete ROOT domain",
  });
  const { id } = domainOf(world, 'ROOT/far');
  const foreign = world.clientOf('chief').run('deleteDomain', { id });
  expect(foreign.result['errortext']).toBe(
    `Account chief does not have permission to operate within domain id=${id}`,
  );
  admin.done('deleteDomain', { id, cleanup: true });
  expect(admin.run('deleteDomain', { id }).result).toMatchObject({
    errorcode: 431,
    errortext: expect.stringContaining('domain not found'),
  });
});
