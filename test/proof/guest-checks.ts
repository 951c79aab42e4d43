// What the agent in a VM makes of what the CPI told it.
import { addressIn, diskBehind, settingsOf, type Hint, type Settings } from '../guests/agent.js';
import type { Disk, Vm } from './ledger.js';
import { must } from './promise.js';
import type { Stage } from './stage.js';

/** The agent finds its settings, its addresses, and its own ephemeral disk. */
export function checkGuest(stage: Stage, vm: Vm): void {
  const guest = stage.zone.simulator.guest(vm.cid);
  const settings = settingsOf(guest);
  must(settings.agent_id === vm.agentId, `VM ${vm.cid} has the settings of ${settings.agent_id}`);
  for (const [name, { type, ip }] of Object.entries(settings.networks)) {
    if (type === 'vip') continue;
    const found = addressIn(guest, settings, name);
    const isFound = type === 'dynamic' ? found !== undefined : found === ip;
    must(isFound, `the agent of ${vm.cid} finds ${String(found)} for network ${name}`);
  }
  const { ephemeral } = settings.disks;
  if (ephemeral === undefined || !hasHints(stage)) return;
  const disk = diskBehind(guest, ephemeral, 'virtio');
  const volume = disk && stage.world.volumes.require(disk.volumeId);
  must(
    volume?.vmId === vm.cid && volume.name.startsWith('DATA-'),
    `the hint of the ephemeral disk of ${vm.cid} leads to ${volume?.name ?? 'nothing'}`,
  );
}

/** The registry has the settings of a VM for its agent, and none of one that is deleted. */
export async function checkEntry(stage: Stage, vm: Vm, isToBeThere: boolean): Promise<void> {
  if (stage.registry === undefined) return;
  const { [vm.cid]: entry } = await stage.registry.entries();
  if (!isToBeThere) {
    must(entry === undefined, `VM ${vm.cid} is deleted, and the registry has its settings`);
    return;
  }
  const settings = JSON.parse(entry ?? '{}') as { agent_id?: string };
  must(settings.agent_id === vm.agentId, `the registry lacks the settings of VM ${vm.cid}`);
}

/** What the settings of a VM say about a disk: with the registry and, for older Directors, in the user data. */
export async function toldHint(stage: Stage, vm: Vm, disk: Disk): Promise<Hint | undefined> {
  const { [vm.cid]: entry = '{}' } = (await stage.registry?.entries()) ?? {};
  const { disks } = JSON.parse(entry) as Partial<Settings>;
  const hint = disks?.persistent[disk.cid];
  if (stage.apiVersionOf(disk.director) >= 2) return hint;
  const inUserData = settingsOf(stage.zone.simulator.guest(vm.cid)).disks.persistent[disk.cid];
  must(
    JSON.stringify(inUserData) === JSON.stringify(hint),
    `the user data of VM ${vm.cid} say otherwise of disk ${disk.cid} than the registry`,
  );
  return hint;
}

/** The agent finds a disk that was attached, and writes to it. */
export function useDisk(
  stage: Stage,
  { disk, vm, hint }: { disk: Disk; vm: Vm; hint: Hint },
): void {
  if (!hasHints(stage)) return;
  const guest = stage.zone.simulator.guest(vm.cid);
  const found = diskBehind(guest, hint, 'virtio', disk.cid);
  must(
    found?.volumeId === disk.cid,
    `the hint of disk ${disk.cid} leads to ${found?.volumeId ?? 'nothing'} in ${vm.cid}`,
  );
  const text = stage.ledger.newText();
  guest.writeFile(found.device, 'data', text);
  disk.files = { data: text };
}

/** No guest of VMware is simulated. */
function hasHints({ conditions }: Stage): boolean {
  return conditions.preset !== 'advanced-vmware';
}
