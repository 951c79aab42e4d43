// Proves that createTemplate makes a template of a volume at rest or of a snapshot, from which VMs are
// deployed with what was on the disk, and what it refuses; that lists show it in no zone until it is
// copied there, and as ready when it is.
import { expect, test } from '@playwright/test';
import {
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { deployed, refusedUnchanged } from '../../../support/simulator-vms.js';
import { createdVolume } from '../../../support/simulator-volumes.js';
import { listedTemplate } from '../../../support/template-uploads.js';
import { assertSound } from '../../../support/sound-world.js';

function osTypeId({ simulator }: TestWorld): string {
  return simulator.world.osTypes.all()[0]!.id;
}

function rootOf({ simulator }: TestWorld, vmId: string): string {
  return simulator.world.volumes.where('vmId', vmId).find(({ type }) => type === 'ROOT')!.id;
}

test('of a stopped VM’s root disk: the new VM has its files', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const { id: vmId } = deployed(world, user);
  simulator.guest(vmId as string).writeFile('/dev/vda', 'marker', 'golden');
  user.done('stopVirtualMachine', { id: vmId });
  const volumeid = rootOf(world, vmId as string);
  const values = { name: 'golden', ostypeid: osTypeId(world), volumeid };
  const { jobid, id } = user.call('createTemplate', values);
  expect(listedTemplate(user, id as string)).toMatchObject({ isready: false, status: 'Active' });
  expect(listedTemplate(user, id as string)).not.toHaveProperty('zoneid');
  const zoneid = simulator.world.zones.all()[0]!.id;
  const inZone = (templatefilter: string): Reply =>
    user.call('listTemplates', { templatefilter, id, zoneid });
  expect(inZone('self')).toEqual({});
  simulator.kernel.advanceBy(simulator.world.settings.get('duration.job'));
  expect(inZone('self')['template']).toMatchObject([{ isready: false, status: 'Active', zoneid }]);
  expect(inZone('selfexecutable')).toEqual({});
  simulator.kernel.advanceUntilIdle();
  expect(inZone('selfexecutable')['template']).toMatchObject([{ isready: true, zoneid }]);
  const volume = simulator.world.volumes.require(volumeid);
  expect(user.job(jobid as string).result['template']).toMatchObject({
    id,
    name: 'golden',
    displaytext: 'golden',
    format: 'QCOW2',
    hypervisor: 'KVM',
    isready: true,
    status: 'Download Complete',
    size: volume.sizeBytes,
    sourcetemplateid: volume.templateId,
  });
  const { id: other } = deployed(world, user, { templateid: id as string });
  expect(simulator.guest(other as string).disks[0]!.files).toEqual({ marker: 'golden' });
  assertSound(simulator);
});

test('of a snapshot: what the disk was when it was taken', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  simulator.world.settings.set('kvm.snapshot.enabled', true);
  const { id: vmId } = deployed(world, user);
  const volumeid = rootOf(world, vmId as string);
  simulator.guest(vmId as string).writeFile('/dev/vda', 'marker', 'before');
  const { snapshot } = user.done('createSnapshot', { volumeid });
  simulator.guest(vmId as string).writeFile('/dev/vda', 'marker', 'after');
  const { template } = user.done('createTemplate', {
    name: 'of a snapshot',
    ostypeid: osTypeId(world),
    snapshotid: (snapshot as Reply)['id'],
  });
  const { id: other } = deployed(world, user, { templateid: (template as Reply)['id'] });
  expect(simulator.guest(other as string).disks[0]!.files).toEqual({ marker: 'before' });
});

test('a disk of a running VM, no source, two sources, a zone without a snapshot, limits', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  const { id: vmId } = deployed(world, user);
  const volumeid = rootOf(world, vmId as string);
  const refused = (values: Values): unknown[] => {
    const asked = { name: 'x', ostypeid: osTypeId(world), ...values };
    const { errorcode, errortext } = refusedUnchanged(world, admin, 'createTemplate', asked);
    return [errorcode, errortext];
  };
  const failed = 'Failed to create private template record,';
  expect(refused({ volumeid })).toEqual([
    530,
    expect.stringMatching(
      /^Unable to create private template for volume: .*; volume is attached to a non-stopped VM, please stop the VM first$/,
    ),
  ]);
  expect(refused({})).toEqual([431, 'Unable to find snapshot by id=null']);
  const gone = createdVolume(world, user);
  const { internalId } = simulator.world.volumes.require(gone);
  user.call('deleteVolume', { id: gone });
  expect(refused({ volumeid: gone })).toEqual([431, `Unable to find volume by id=${internalId}`]);
  const zoneid = simulator.world.zones.all()[0]!.id;
  expect(refused({ volumeid, zoneid })).toEqual([
    431,
    `${failed} zone ID can only be specified together with snapshot ID.`,
  ]);
  user.done('stopVirtualMachine', { id: vmId });
  const { domainId } = simulator.world.accounts.all().find(({ name }) => name === 'bosh')!;
  const limit = { resourcetype: 4, max: 0, account: 'bosh', domainid: domainId };
  admin.call('updateResourceLimit', limit);
  expect(
    refusedUnchanged(world, user, 'createTemplate', {
      name: 'x',
      ostypeid: osTypeId(world),
      volumeid,
    }).errorcode,
  ).toBe(535);
});

test('only private templates where the setting says so, and nobody else’s disk', () => {
  const world = testSimulator();
  const { user, admin, simulator } = world;
  simulator.world.settings.set('allow.public.user.templates', false);
  const values = { name: 'x', ostypeid: osTypeId(world) };
  const own = createdVolume(world, user);
  expect(
    refusedUnchanged(world, user, 'createTemplate', { ...values, volumeid: own, ispublic: true }),
  ).toMatchObject({
    errorcode: 531,
    errortext: 'Failed to create template x, only private templates can be created.',
  });
  const volumeid = createdVolume(world, admin);
  expect(refusedUnchanged(world, user, 'createTemplate', { ...values, volumeid }).errorcode).toBe(
    531,
  );
});

test('a job that fails leaves no template', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = createdVolume(world, user);
  simulator.setFaults([
    {
      when: { command: 'createTemplate', phase: 'job-step', step: 2 },
      then: { effect: 'job-fails', text: 'no host answers' },
    },
  ]);
  const { id, status } = user.run('createTemplate', {
    name: 'x',
    ostypeid: osTypeId(world),
    volumeid,
  });
  expect(status).toBe(2);
  expect(simulator.world.templates.require(id!).removedMs).not.toBeNull();
  assertSound(simulator);
});

test('one that is deleted before its job begins, late, is not made, and leaves no image', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const volumeid = createdVolume(world, user);
  simulator.setFaults([
    {
      when: { command: 'createTemplate', phase: 'job-step', step: 1 },
      then: { effect: 'job-finishes-late', afterMs: 60_000, text: 'the agent does not answer' },
    },
  ]);
  const values = { name: 'x', ostypeid: osTypeId(world), volumeid };
  const { jobid, id } = user.call('createTemplate', values);
  user.done('deleteTemplate', { id: id as string });
  simulator.kernel.advanceBy(120_000);
  expect(user.job(jobid as string).status).toBe(2);
  expect(simulator.world.templateZones.where('templateId', id as string)).toEqual([]);
  assertSound(simulator);
});

test('updateTemplate changes what it is asked to, and VMs follow its OS type', () => {
  const world = testSimulator();
  const { admin, simulator } = world;
  const [template] = simulator.world.templates.all();
  const { id: vmId } = deployed(world, world.user);
  const osType = simulator.world.osTypes.all().find(({ id }) => id !== template!.osTypeId)!;
  const changed = admin.call('updateTemplate', {
    id: template!.id,
    name: 'other',
    displaytext: 'another one',
    ostypeid: osType.id,
    passwordenabled: true,
    sshkeyenabled: true,
    requireshvm: false,
    isdynamicallyscalable: true,
    'details[0].rootDiskController': 'scsi',
  });
  const expected = {
    name: 'other',
    displaytext: 'another one',
    ostypeid: osType.id,
    isdynamicallyscalable: true,
    details: { rootDiskController: 'scsi' },
  };
  // What the command does not tell, it denies.
  expect(changed['template']).toMatchObject({ ...expected, isready: false, bits: 0 });
  expect(changed['template']).not.toHaveProperty('passwordenabled');
  expect(listedTemplate(admin, template!.id)).toMatchObject({
    ...expected,
    isready: true,
    passwordenabled: true,
    sshkeyenabled: true,
    requireshvm: false,
  });
  expect(simulator.world.vms.require(vmId as string).osTypeId).toBe(osType.id);
  const cleaned = admin.call('updateTemplate', { id: template!.id, cleanupdetails: true });
  expect((cleaned['template'] as Reply)['details'] ?? {}).toEqual({});
  const refused = refusedUnchanged(world, world.user, 'updateTemplate', {
    id: template!.id,
    name: 'mine',
  });
  expect(refused.errorcode).toBe(531);
});

test('a deleted template is not updated', () => {
  const world = testSimulator();
  const { id } = world.simulator.world.templates.all()[0]!;
  world.admin.done('deleteTemplate', { id });
  expect(refusedUnchanged(world, world.admin, 'updateTemplate', { id, name: 'x' })).toMatchObject({
    errorcode: 431,
    errortext: 'unable to find template/iso with specified id',
  });
});
