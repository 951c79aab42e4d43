// All deeds by the name of what they begin with, and how often each is drawn.
import type { Planner } from '../deed.js';
import * as disks from './disk-deeds.js';
import { gc } from './gc-deed.js';
import * as made from './made-deeds.js';
import * as operator from './operator-deeds.js';
import * as questions from './question-deeds.js';
import * as snapshots from './snapshot-deeds.js';
import * as vms from './vm-deeds.js';

export const deeds: Readonly<Record<string, readonly [weight: number, planner: Planner]>> = {
  create_vm: [10, vms.createVm],
  'create_vm twice': [2, vms.createVmTwice],
  delete_vm: [6, vms.deleteVm],
  set_vm_metadata: [2, vms.setVmMetadata],
  reboot_vm: [2, vms.rebootVm],
  has_vm: [1, vms.hasVm],
  get_disks: [2, vms.getDisks],
  create_disk: [6, disks.createDisk],
  attach_disk: [8, disks.attachDisk],
  detach_disk: [6, disks.detachDisk],
  delete_disk: [3, disks.deleteDisk],
  resize_disk: [2, disks.resizeDisk],
  update_disk: [2, disks.updateDisk],
  has_disk: [1, disks.hasDisk],
  set_disk_metadata: [2, disks.setDiskMetadata],
  snapshot_disk: [3, snapshots.snapshotDisk],
  delete_snapshot: [2, snapshots.deleteSnapshot],
  create_network: [2, made.createNetwork],
  delete_network: [2, made.deleteNetwork],
  create_stemcell: [3, made.createStemcell],
  delete_stemcell: [2, made.deleteStemcell],
  questions: [1, questions.question],
  gc: [1, gc],
  'an operator stops a VM': [1, operator.stopVm],
  'an operator destroys a VM': [1, operator.destroyVm],
  'an operator detaches a disk': [1, operator.takeDisk],
  'an operator deletes a snapshot': [1, operator.deleteSnapshot],
  'an operator takes an address': [2, operator.takeAddress],
};
