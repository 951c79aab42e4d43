// Compares the cloud, as it is inside, with what Directors were promised.
import { repeated } from '../../simulator/world/repeated.js';
import { isGone } from '../../simulator/world/table.js';
import { identityOf } from '../../simulator/world/storage/disk-content.js';
import type { Disk, Vm } from './ledger.js';
import { must } from './promise.js';
import type { Stage } from './stage.js';

const goneVms: ReadonlySet<string> = new Set(['Destroyed', 'Expunging']);
export const goneVolumes: ReadonlySet<string> = new Set([
  'Destroy',
  'Destroying',
  'Expunging',
  'Expunged',
]);

/** A VM runs with the addresses that were asked for, unless nobody can know. */
export function assertIsThere(stage: Stage, vm: Vm): void {
  const { world } = stage;
  const row = world.vms.get(vm.cid);
  must(row !== undefined, `VM ${vm.cid} of ${vm.instance.name} is not there`);
  must(
    !goneVms.has(row.state) && row.state !== 'Error',
    `VM ${vm.cid} of ${vm.instance.name} is ${row.state}`,
  );
  must(
    vm.isInDoubt || row.state === 'Running',
    `VM ${vm.cid} of ${vm.instance.name} is ${row.state}, not Running`,
  );
  for (const [network, ip] of Object.entries(vm.addresses)) {
    const held = world.nics
      .where('vmId', vm.cid)
      .filter(({ networkId }) => world.networks.require(networkId).name === network)
      .map(({ ipAddress }) => ipAddress);
    must(held.includes(ip), `VM ${vm.cid} was promised ${ip} in ${network} and has ${held.join()}`);
  }
  if (vm.publicIp === undefined) return;
  const leading = world.publicIps.where('vmId', vm.cid);
  must(
    leading.some(({ ipAddress }) => ipAddress === vm.publicIp) || wasTakenLate(stage, vm.publicIp),
    `address ${vm.publicIp} does not lead to VM ${vm.cid}`,
  );
}

/**
 * Whether a job took a public address away that had been told as failed before: CloudStack knows
 * addresses by ids that stay, so a release that comes late meets whoever has the address by then,
 * and no client can keep it from that.
 */
function wasTakenLate({ world, kernel }: Stage, ip: string): boolean {
  const publicIps = world.publicIps.all();
  const ids = publicIps.filter(({ ipAddress }) => ipAddress === ip).map(({ id }) => id);
  const taken = kernel.log
    .after(0)
    .filter(({ entity, id, data }) => {
      return entity === 'publicipaddress' && ids.includes(id) && data['vmId'] === null;
    })
    .at(-1);
  if (taken === undefined) return false;
  const [, jobId = ''] = /^job:(\S+)/.exec(taken.cause) ?? [];
  const job = world.jobs.get(jobId);
  return job?.state === 'failed' && (job.completedMs ?? Infinity) < Date.parse(taken.time);
}

/** A VM is gone, nothing leads to it, and no disk is on it. */
export function assertIsGone(stage: Stage, vm: Vm): void {
  const { world } = stage;
  const row = world.vms.get(vm.cid);
  must(
    row === undefined || goneVms.has(row.state),
    `VM ${vm.cid} is said to be deleted and is ${String(row?.state)}`,
  );
  const address = world.publicIps.all().find(({ vmId }) => vmId === vm.cid);
  must(
    address === undefined,
    `VM ${vm.cid} is said to be deleted, and ${String(address?.ipAddress)} leads to it`,
  );
  for (const disk of stage.ledger.disks) {
    const volume = world.volumes.get(disk.cid);
    must(
      volume?.vmId !== vm.cid,
      `disk ${disk.cid} is on VM ${vm.cid}, which is said to be deleted`,
    );
  }
}

/** A persistent disk is there, with what was written to it, and attached where it was promised. */
export function assertIsKept(stage: Stage, disk: Disk): void {
  const volume = stage.world.volumes.get(disk.cid);
  must(
    volume !== undefined && !goneVolumes.has(volume.state),
    `disk ${disk.cid} is lost: ${volume?.state ?? 'there is no such volume'}`,
  );
  must(identityOf(volume) === `volume ${disk.cid}`, `disk ${disk.cid} has the content of another`);
  for (const [name, content] of Object.entries(disk.files)) {
    must(volume.files[name] === content, `disk ${disk.cid} has lost its file ${name}`);
  }
  must(
    volume.sizeBytes >= disk.sizeMib * 1024 ** 2,
    `disk ${disk.cid} has ${volume.sizeBytes} bytes, not ${disk.sizeMib} MiB`,
  );
  if (stage.isHaunted || disk.doubt !== undefined) return;
  const on = disk.on?.cid ?? null;
  must(
    volume.vmId === on,
    `disk ${disk.cid} is on ${volume.vmId ?? 'no VM'} and should be on ${on ?? 'none'}`,
  );
}

/** A resource carries what its metadata say. */
export function assertTags(
  { world }: Stage,
  resourceId: string,
  metadata: Readonly<Record<string, string>>,
): void {
  const tags = world.tags.where('resourceId', resourceId);
  for (const [key, value] of Object.entries(metadata)) {
    const found = tags.find((tag) => tag.key === key)?.value;
    must(found === value, `${resourceId} has ${key}=${String(found)}, not ${value}`);
  }
}

/** All that Directors know of. */
export function assertPromisesKept(stage: Stage): void {
  const { vms, disks, snapshots, networks, stemcells } = stage.ledger;
  const { world } = stage;
  for (const vm of vms.filter(({ isDoomed }) => !isDoomed)) {
    assertIsThere(stage, vm);
    if (vm.metadata !== undefined) assertTags(stage, vm.cid, vm.metadata);
  }
  for (const disk of disks.filter(({ isDoomed }) => !isDoomed)) {
    assertIsKept(stage, disk);
    if (disk.metadata !== undefined) assertTags(stage, disk.cid, disk.metadata);
  }
  for (const { cid, files, isDoomed } of snapshots) {
    if (isDoomed) continue;
    const row = world.snapshots.get(cid);
    must(row !== undefined && row.state === 'BackedUp', `snapshot ${cid} is ${String(row?.state)}`);
    must(
      Object.entries(files).every(([name, content]) => row.files[name] === content),
      `snapshot ${cid} does not hold what was on the disk`,
    );
  }
  for (const { cid, isDoomed } of networks) {
    must(isDoomed || !isGone(world.networks.get(cid)), `network ${cid} is gone`);
  }
  for (const { cid, isDoomed } of stemcells) if (!isDoomed) assertIsTemplate(stage, cid);
  assertMadeOnce(stage);
}

/** The template of a stemcell is there, be it the stemcell's own or not. */
export function assertIsTemplate({ world }: Stage, cid: string): void {
  const id = isLight(cid) ? cid.slice(0, -light.length) : cid;
  must(world.templates.get(id)?.state === 'Active', `stemcell ${cid} is gone`);
}

const light = ' light';

export function isLight(cid: string): boolean {
  return cid.endsWith(light);
}

/** Whatever is sent again, the CPI gives each thing a name of its own, and makes it once. */
function assertMadeOnce({ world, conditions }: Stage): void {
  if (conditions.faults.some(({ then }) => then.effect === 'applied-twice')) return;
  const disks = world.volumes
    .all()
    .filter(({ name, state }) => name.startsWith('disk-') && !goneVolumes.has(state));
  for (const [one, other] of repeated(disks, ({ name }) => name)) {
    must(false, `disk ${one.name} was created twice: ${one.id}, ${other.id}`);
  }
}
