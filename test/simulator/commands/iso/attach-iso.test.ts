// Proves that ISOs are put into VMs, running or stopped, and taken out, as the guest sees it; that VMs
// are made from ISOs, with a disk of their own; and when neither is possible.
import { expect, test } from '@playwright/test';
import { listedIsos, readyIso, registeredIso } from '../../../support/isos.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import {
  deployed,
  deployment,
  diskOfferingId,
  listed,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';
import { assertSound } from '../../../support/sound-world.js';

function failure(client: TestClient, command: string, values: Values): unknown[] {
  const { resultcode, result } = client.run(command, values);
  return [resultcode, result['errortext']];
}

/** A running VM of the ordinary user. */
function withVm(): { world: TestWorld; vmId: string } {
  const world = testSimulator();
  return { world, vmId: deployed(world, world.user)['id'] as string };
}

test('into a running VM, in the place of another one, and out', () => {
  const { world, vmId } = withVm();
  const { user, simulator } = world;
  const [first, second] = ['first', 'second'].map((name) => readyIso(world, user, { name }));
  const answer = user.done('attachIso', { id: first!, virtualmachineid: vmId });
  const inDrive = { isoid: first, isoname: 'first', isodisplaytext: 'first' };
  expect(answer['virtualmachine']).toMatchObject({ id: vmId, ...inDrive });
  expect(listed(user, { id: vmId })).toMatchObject(inDrive);
  expect(listed(user, { id: vmId, details: 'iso' })).toMatchObject(inDrive);
  expect(listed(user, { id: vmId, details: 'min' })).not.toHaveProperty('isoid');
  expect(simulator.guest(vmId).cdrom).toEqual({ device: '/dev/sr0', isoId: first, label: 'first' });
  expect(listed(user, { isoid: first! })?.['id']).toBe(vmId);
  expect(listed(user, { isoid: second! })).toBeUndefined();
  user.done('attachIso', { id: second!, virtualmachineid: vmId, forced: true });
  expect(simulator.guest(vmId).cdrom?.isoId).toBe(second);
  expect(user.done('detachIso', { virtualmachineid: vmId })['virtualmachine']).not.toHaveProperty(
    'isoid',
  );
  expect(simulator.guest(vmId).cdrom).toBeNull();
  assertSound(simulator);
});

test('into a stopped VM: it is there when the VM starts', () => {
  const { world, vmId } = withVm();
  const { user, simulator } = world;
  const id = readyIso(world, user);
  user.done('stopVirtualMachine', { id: vmId });
  user.done('attachIso', { id, virtualmachineid: vmId });
  user.done('startVirtualMachine', { id: vmId });
  expect(simulator.guest(vmId).cdrom?.isoId).toBe(id);
  expect(failure(user, 'deleteIso', { id })).toEqual([
    431,
    "Unable to delete iso, as it's used by other vms",
  ]);
  user.done('detachIso', { virtualmachineid: vmId });
  user.done('deleteIso', { id });
  expect(listedIsos(user, 'self')).toEqual([]);
});

test('what is no ISO, not ready, not there, or somebody else’s', () => {
  const { world, vmId } = withVm();
  const { admin, user, simulator } = world;
  const attach = (id: unknown): unknown[] =>
    failure(user, 'attachIso', { id: id as string, virtualmachineid: vmId });
  const notMounted = 'Failed to prepare ISO ready to mount on hypervisor resource level';
  const template = simulator.world.templates.all()[0]!;
  expect(attach(template.id)).toEqual([530, notMounted]);
  const { id: notReady } = registeredIso(world, user);
  expect(attach(notReady)).toEqual([530, notMounted]);
  expect(attach(readyIso(world, admin))[0]).toBe(530);
  expect(attach(readyIso(world, admin, { ispublic: true }))[0]).toBe(0);
  user.done('detachIso', { virtualmachineid: vmId });
  expect(failure(user, 'detachIso', { virtualmachineid: vmId })).toEqual([
    431,
    'The specified VM has no ISO attached to it.',
  ]);
  const gone = readyIso(world, user);
  user.done('deleteIso', { id: gone });
  const { internalId } = simulator.world.templates.require(gone);
  expect(attach(gone)).toEqual([431, `Unable to find an ISO with id ${internalId}`]);
  // A stopped VM takes anything, and does not start with it.
  user.done('stopVirtualMachine', { id: vmId });
  user.done('attachIso', { id: notReady as string, virtualmachineid: vmId });
  expect(failure(user, 'startVirtualMachine', { id: vmId })).toEqual([
    530,
    expect.stringMatching(/^Unable to orchestrate the start of VM instance \{.*\}\.$/),
  ]);
  expect(listed(user, { id: vmId })?.['state']).toBe('Stopped');
});

test('VMs that are gone, or destroyed, take and give nothing', () => {
  const { world, vmId } = withVm();
  const { admin, user, simulator } = world;
  const id = readyIso(world, user);
  user.done('attachIso', { id, virtualmachineid: vmId });
  user.done('destroyVirtualMachine', { id: vmId });
  const text = 'Please specify a VM that is either Stopped or Running.';
  expect(failure(user, 'attachIso', { id, virtualmachineid: vmId })).toEqual([431, text]);
  expect(failure(user, 'detachIso', { virtualmachineid: vmId })).toEqual([431, text]);
  // It is used by the destroyed VM still.
  expect(failure(user, 'deleteIso', { id })[0]).toBe(431);
  admin.done('expungeVirtualMachine', { id: vmId });
  const { internalId } = simulator.world.vms.require(vmId);
  expect(refusedUnchanged(world, user, 'attachIso', { id, virtualmachineid: vmId }).errortext).toBe(
    `Unable to find virtual machine by ID ${internalId}`,
  );
  expect(refusedUnchanged(world, user, 'detachIso', { virtualmachineid: vmId }).errortext).toBe(
    `Unable to find VM by ID ${internalId}`,
  );
  user.done('deleteIso', { id });
});

test('not in a zone that does not have it', () => {
  const { world, vmId } = withVm();
  const { user, simulator } = world;
  const id = readyIso(world, user);
  const [inZone] = simulator.world.templateZones.where('templateId', id);
  simulator.world.templateZones.remove(inZone!);
  expect(failure(user, 'attachIso', { id, virtualmachineid: vmId })).toEqual([
    431,
    'ISO is not available in the zone the VM is in.',
  ]);
});

test('a VM from an ISO has an empty disk of the offering, and the ISO in its drive', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const id = readyIso(world, user);
  const diskofferingid = diskOfferingId(world, 'shared.custom');
  const asked = { templateid: id, hypervisor: 'KVM', diskofferingid, size: 7 };
  const vm = deployed(world, user, asked);
  const vmId = vm['id'] as string;
  expect(vm).toMatchObject({ templateid: id, templateformat: 'ISO', isoid: id, hypervisor: 'KVM' });
  const { volume } = user.call('listVolumes', { virtualmachineid: vmId });
  expect(volume).toEqual([
    expect.objectContaining({ type: 'ROOT', size: 7 * 1024 ** 3, isoid: id, isoname: 'installer' }),
  ]);
  expect((volume as Reply[])[0]).not.toHaveProperty('templateid');
  const guest = simulator.guest(vmId);
  expect(guest.cdrom?.isoId).toBe(id);
  guest.writeFile(guest.disks[0]!.device, 'installed', 'yes');
  user.done('detachIso', { virtualmachineid: vmId });
  user.done('rebootVirtualMachine', { id: vmId });
  expect(simulator.guest(vmId).disks[0]!.files).toEqual({ installed: 'yes' });
  // What is made from the installed disk tells where it came from.
  user.done('stopVirtualMachine', { id: vmId });
  const made = user.done('createTemplate', {
    name: 'installed',
    ostypeid: simulator.world.osTypes.all()[0]!.id,
    volumeid: (volume as Reply[])[0]!['id'],
  });
  expect(made['template']).toMatchObject({ sourcetemplateid: id, hypervisor: 'KVM' });
  assertSound(simulator);
});

test('deployments from ISOs that lack something', () => {
  const world = testSimulator();
  const { user } = world;
  const templateid = readyIso(world, user);
  const diskofferingid = diskOfferingId(world, 'shared.custom');
  const refused = (values: Values): unknown[] => {
    const asked = deployment(world, { templateid, hypervisor: 'KVM', ...values });
    const { errorcode, errortext } = refusedUnchanged(world, user, 'deployVirtualMachine', asked);
    return [errorcode, errortext.replace(/\{.*\}/, '{…}')];
  };
  expect(refused({ hypervisor: 'rock' })).toEqual([
    431,
    'hypervisor parameter is needed to deploy VM or the hypervisor parameter value passed is invalid',
  ]);
  expect(refused({})).toEqual([
    431,
    'Installing from ISO requires a disk offering to be specified for the root disk.',
  ]);
  expect(refused({ diskofferingid })).toEqual([
    431,
    'Disk offering DiskOffering {…}. requires size parameter.',
  ]);
  const data = readyIso(world, user, { bootable: false });
  expect(refused({ templateid: data, diskofferingid, size: 1 })).toEqual([
    431,
    'Installing from ISO requires an ISO that is bootable: Template {…}',
  ]);
});

test('a VM is restored from what it was made from, and from nothing else', () => {
  const world = testSimulator();
  const { user, simulator } = world;
  const [id, other] = ['one', 'two'].map((name) => readyIso(world, user, { name }));
  const diskofferingid = diskOfferingId(world, 'shared.custom');
  const asked = { templateid: id!, hypervisor: 'KVM', diskofferingid, size: 7 };
  const { id: vmId } = deployed(world, user, asked);
  simulator.guest(vmId as string).writeFile('/dev/vda', 'installed', 'yes');
  const template = simulator.world.templates.all()[0]!;
  const own = simulator.world.templates.require(id!);
  simulator.world.templates.change(template, { accountId: own.accountId });
  expect(
    failure(user, 'restoreVirtualMachine', { virtualmachineid: vmId, templateid: template.id }),
  ).toEqual([
    431,
    'VM has been created using an ISO therefore it can not be re-installed with a template',
  ]);
  user.done('restoreVirtualMachine', { virtualmachineid: vmId, templateid: other! });
  const guest = simulator.guest(vmId as string);
  expect([guest.cdrom?.isoId, guest.disks[0]!.files, guest.disks[0]!.sizeBytes]).toEqual([
    other,
    {},
    7 * 1024 ** 3,
  ]);
  const { id: plain } = deployed(world, user);
  expect(
    failure(user, 'restoreVirtualMachine', { virtualmachineid: plain, templateid: id! }),
  ).toEqual([431, 'Invalid template id provided to restore the VM ']);
});
