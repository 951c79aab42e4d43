// Which errors of BOSH say what an operator's deed means to a Director.
import type { Deed } from './deeds.js';

interface BoshFailure {
  readonly type: string;
  readonly message: string;
}

const creating = ['VMCreationFailed', 'CloudError'];

/**
 * The errors that a method may answer with when something is done to its subject: where a VM or disk
 * is gone, the Director has to be told that, because it then repairs its own knowledge.
 */
export function isRightError(method: string, deed: Deed, { type, message }: BoshFailure): boolean {
  if (/fault of the CPI|could be undone/.test(message)) return false;
  return rightTypes(method, deed).includes(type.replace('Bosh::Clouds::', ''));
}

function rightTypes(method: string, { to, removes }: Deed): readonly string[] {
  if (method === 'create_vm') return creating;
  if (removes && to === 'VM') return onVms[method] ?? [];
  if (removes && to === 'persistent disk') return onDisks[method] ?? [];
  return [...(others[method] ?? []), 'CloudError'];
}

const onVms: Readonly<Record<string, readonly string[]>> = {
  attach_disk: ['VMNotFound'],
  reboot_vm: ['VMNotFound'],
  set_vm_metadata: ['VMNotFound'],
  get_disks: ['VMNotFound'],
  snapshot_disk: ['CloudError'],
};

const onDisks: Readonly<Record<string, readonly string[]>> = {
  create_disk: ['CloudError'],
  attach_disk: ['DiskNotFound'],
  detach_disk: ['DiskNotFound'],
  resize_disk: ['DiskNotFound'],
  update_disk: ['DiskNotFound'],
  set_disk_metadata: ['DiskNotFound'],
  snapshot_disk: ['DiskNotFound'],
};

const others: Readonly<Record<string, readonly string[]>> = {
  detach_disk: ['DiskNotAttached'],
  resize_disk: ['NotSupported'],
  update_disk: ['NotSupported'],
};
