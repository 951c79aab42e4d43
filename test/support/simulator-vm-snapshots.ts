// What tests of VM snapshots share: VMs that can have some, taking them, and what a guest finds on
// its disks.
import type { GuestDisk } from '../../simulator/guest/disks.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from './simulator-client.js';
import { attachedVolume } from './simulator-snapshots.js';

export interface VmWithDisk extends TestWorld {
  readonly vmId: string;
  readonly volumeId: string;
}

/** A running VM with a data disk, in the default world or that of a preset. */
export function vmWithDisk(preset = 'advanced-kvm'): VmWithDisk {
  const world = testSimulator({ world: preset });
  const { id: volumeId, vmId } = attachedVolume(world, world.user);
  return { ...world, vmId, volumeId };
}

/** Takes a snapshot of a VM, and answers it. */
export function vmSnapshotOf(
  client: TestClient,
  virtualmachineid: string,
  values: Values = {},
): Reply {
  return client.done('createVMSnapshot', { virtualmachineid, ...values })['vmsnapshot'] as Reply;
}

/** The snapshot of a VM as a caller sees it in the list, undefined if it does not. */
export function listedVmSnapshot(client: TestClient, vmsnapshotid: string): Reply | undefined {
  return (
    client.call('listVMSnapshot', { vmsnapshotid })['vmSnapshot'] as Reply[] | undefined
  )?.[0];
}

/** The disk of a running guest behind a volume. */
export function guestDisk({ simulator }: TestWorld, vmId: string, volumeId: string): GuestDisk {
  const disk = simulator.guest(vmId).disks.find((row) => row.volumeId === volumeId);
  if (disk === undefined) throw new Error(`the guest of ${vmId} does not see volume ${volumeId}`);
  return disk;
}

/** Writes a file to the disk of a running guest behind a volume. */
export function writeTo(
  world: TestWorld,
  vmId: string,
  volumeId: string,
  files: Record<string, string>,
): void {
  const { device } = guestDisk(world, vmId, volumeId);
  for (const [name, content] of Object.entries(files)) {
    world.simulator.guest(vmId).writeFile(device, name, content);
  }
}

/** What the job of a command is refused with; nothing changes by it. */
export function refusedJob(
  world: TestWorld,
  client: TestClient,
  command: string,
  values: Values,
): { readonly errorcode: unknown; readonly errortext: unknown } {
  const before = contents(world);
  const { status, result } = client.run(command, values);
  if (status !== 2) throw new Error(`${command} was not refused`);
  if (contents(world) !== before) throw new Error(`${command} was refused and changed something`);
  const { errorcode, errortext } = result;
  return { errorcode, errortext };
}

function contents({ simulator: { world } }: TestWorld): string {
  const tables = [world.vms, world.volumes, world.nics, world.snapshots, world.vmSnapshots];
  return JSON.stringify(tables.map((table) => table.everyRow()));
}
