// Proves what listVMSnapshot shows to whom, by which filters; that deleteVMSnapshot closes the gap
// between the snapshots before and after; and what it refuses.
import { expect, test } from '@playwright/test';
import type { Reply, Values } from '../../../support/simulator-client.js';
import {
  listedVmSnapshot,
  refusedJob,
  vmSnapshotOf,
  vmWithDisk,
  type VmWithDisk,
} from '../../../support/simulator-vm-snapshots.js';
import { deployed } from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

/** Snapshots called one, two and three of a VM, in this order. */
function threeSnapshots(): VmWithDisk & { readonly ids: readonly [string, string, string] } {
  const world = vmWithDisk();
  const [one, two, three] = ['one', 'two', 'three'].map(
    (name) =>
      vmSnapshotOf(world.user, world.vmId, {
        name,
        description: `the ${name}`,
        snapshotmemory: true,
      })['id'] as string,
  );
  return { ...world, ids: [one!, two!, three!] };
}

test('filters by VM, ids, name, state, part of a text and tag; the newest comes first', () => {
  const world = threeSnapshots();
  const { user, vmId, ids } = world;
  const [one, two, three] = ids;
  const other = deployed(world, user, { name: 'other' })['id'] as string;
  user.done('createTags', {
    resourcetype: 'VMSnapshot',
    resourceids: one,
    'tags[0].key': 'job',
    'tags[0].value': 'db',
  });
  const found = (values: Values): unknown[] =>
    ((user.call('listVMSnapshot', values)['vmSnapshot'] ?? []) as Reply[]).map(({ id }) => id);
  expect(found({})).toEqual([three, two, one]);
  expect(found({ virtualmachineid: vmId })).toEqual([three, two, one]);
  expect(found({ virtualmachineid: other })).toEqual([]);
  expect(found({ vmsnapshotid: two })).toEqual([two]);
  expect(found({ vmsnapshotids: `${one},${three}` })).toEqual([three, one]);
  expect(found({ name: 'TWO' })).toEqual([two]);
  expect(found({ name: 'tw' })).toEqual([]);
  expect(found({ keyword: 'the t' })).toEqual([three, two]);
  expect(found({ state: 'ready' })).toEqual([three, two, one]);
  expect(found({ state: 'Error' })).toEqual([]);
  expect(found({ 'tags[0].key': 'job', 'tags[0].value': 'db' })).toEqual([one]);
  expect(listedVmSnapshot(user, one)!['tags']).toMatchObject([{ key: 'job', value: 'db' }]);
  expect(found({ page: 1, pagesize: 2 })).toEqual([three, two]);
  expect(user.fails('listVMSnapshot', { vmsnapshotid: one, vmsnapshotids: two }).errortext).toBe(
    'Specify either id or ids but not both parameters',
  );
});

test('an admin sees those of others only when it asks for them', () => {
  const { admin, ids } = threeSnapshots();
  expect(admin.call('listVMSnapshot')).toEqual({});
  expect(admin.call('listVMSnapshot', { listall: true })['count']).toBe(3);
  expect(listedVmSnapshot(admin, ids[0])).toMatchObject({ account: 'bosh' });
});

test('a deleted snapshot leaves its children to its parent, its tags to nobody', () => {
  const world = threeSnapshots();
  const { user, simulator, ids } = world;
  const [one, two, three] = ids;
  user.done('createTags', {
    resourcetype: 'VMSnapshot',
    resourceids: two,
    'tags[0].key': 'a',
    'tags[0].value': 'b',
  });
  const { jobid } = user.call('deleteVMSnapshot', { vmsnapshotid: two });
  simulator.kernel.advanceBy(100);
  expect(listedVmSnapshot(user, two)).toMatchObject({ state: 'Expunging' });
  // A second request for what is being deleted already goes on.
  const again = user.call('deleteVMSnapshot', { vmsnapshotid: two })['jobid'];
  expect(refusedWhileBusy(world, one)).toEqual({
    errorcode: 431,
    errortext: 'There is other active vm snapshot tasks on the instance, please try again later',
  });
  simulator.kernel.advanceUntilIdle();
  expect(user.job(jobid).result).toEqual({ success: true });
  expect(user.job(again as string).result).toEqual({ success: true });
  expect(listedVmSnapshot(user, two)).toBeUndefined();
  expect(user.call('listTags', { resourceid: two })).toEqual({});
  expect(listedVmSnapshot(user, three)).toMatchObject({ parent: one, current: true });
  user.done('deleteVMSnapshot', { vmsnapshotid: three });
  expect(listedVmSnapshot(user, one)).toMatchObject({ current: true });
  assertSound(simulator);
});

/** A job about another snapshot does not wait: it fails at once. */
function refusedWhileBusy({ user, simulator }: VmWithDisk, vmsnapshotid: string): Reply {
  const { jobid } = user.call('deleteVMSnapshot', { vmsnapshotid });
  simulator.kernel.advanceBy(60);
  return user.job(jobid).result;
}

test('what is gone, or at work, is not deleted', () => {
  const world = threeSnapshots();
  const { user, simulator, ids, vmId } = world;
  const [one] = ids;
  const { internalId } = simulator.world.vmSnapshots.require(one);
  user.done('deleteVMSnapshot', { vmsnapshotid: one });
  expect(refusedJob(world, user, 'deleteVMSnapshot', { vmsnapshotid: one })).toEqual({
    errorcode: 431,
    errortext: `unable to find the vm snapshot with id ${internalId}`,
  });
  const { id } = user.call('createVMSnapshot', { virtualmachineid: vmId, snapshotmemory: true });
  simulator.kernel.advanceBy(100);
  const { jobid } = user.call('deleteVMSnapshot', { vmsnapshotid: id as string });
  simulator.kernel.advanceBy(100);
  expect(user.job(jobid).result['errortext']).toMatch(
    /^Can't delete the vm snapshotshot VMSnapshot \{.*\} due to it is not in Created or Error, or Expunging State$/,
  );
});
