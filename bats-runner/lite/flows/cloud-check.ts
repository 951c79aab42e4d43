import { tolerating } from '../cpi-calls.js';
import type { LiteDirector } from '../lite-director.js';
import type { DirectorDisk, Instance } from '../records.js';
import { attachDisk, attachDisks, orphanDisk } from '../steps/disks.js';
import { cpiOf, perform, type Step, type Work } from '../steps/step.js';
import { createVm, deleteVm, forgetVm, rebootVm } from '../steps/vm.js';

/** Something that a cloud check has found. */
export type Problem =
  | { readonly kind: 'missing_vm' | 'unresponsive_agent'; readonly work: Work }
  | {
      readonly kind: 'missing_disk' | 'inactive_disk' | 'mount_info_mismatch';
      readonly work: Work;
      readonly disk: DirectorDisk;
    };

type VmProblem = 'missing_vm' | 'unresponsive_agent';
type DiskProblem = Exclude<Problem['kind'], VmProblem>;

/** A part of what is done about a disk. */
type DiskStep = (work: Work, disk: DirectorDisk) => Promise<void>;

/** The disk is still attached when the VM is deleted. */
const recreateVm: readonly Step[] = [deleteVm, createVm, attachDisks];

/** What is done about VMs, by problem and by the resolution that the operator has chosen. */
export const vmResolutions = {
  missing_vm: {
    ignore: [],
    recreate_vm: recreateVm,
    recreate_vm_without_wait: recreateVm,
    delete_vm_reference: [forgetVm],
  },
  unresponsive_agent: {
    ignore: [],
    recreate_vm: recreateVm,
    recreate_vm_without_wait: recreateVm,
    reboot_vm: [rebootVm],
    delete_vm: [deleteVm],
    delete_vm_reference: [forgetVm],
  },
} satisfies Record<VmProblem, Record<string, readonly Step[]>>;

/** The same about disks. */
export const diskResolutions = {
  missing_disk: { ignore: [], delete_disk_reference: [dropMissingDisk] },
  inactive_disk: { ignore: [], delete_disk: [dropInactiveDisk], activate_disk: [activateDisk] },
  mount_info_mismatch: {
    ignore: [],
    reattach_disk: [attachDisk],
    reattach_disk_and_reboot: [attachDisk, rebootVm],
  },
} satisfies Record<DiskProblem, Record<string, readonly DiskStep[]>>;

export type Resolution =
  | keyof (typeof vmResolutions)['unresponsive_agent']
  | keyof (typeof diskResolutions)['missing_disk']
  | keyof (typeof diskResolutions)['inactive_disk']
  | keyof (typeof diskResolutions)['mount_info_mismatch'];

/** `bosh cloud-check --report` */
export async function findProblems(director: LiteDirector, name: string): Promise<Problem[]> {
  const deployment = director.deployments.get(name);
  if (deployment === undefined) throw new Error(`there is no deployment ${name}`);
  const all = [...deployment.instances.values()].map((instance) => ({
    director,
    deployment,
    instance,
  }));
  const problems: Problem[] = [];
  for (const work of all) problems.push(...(await vmProblems(work)));
  for (const work of all) {
    for (const disk of work.instance.disks) problems.push(...(await diskProblems(work, disk)));
  }
  return problems;
}

/**
 * `bosh cloud-check --resolution NAME`: looks for problems, and resolves in this way those that can
 * be; answers what it found.
 */
export async function cloudCheck(
  director: LiteDirector,
  name: string,
  resolution: Resolution,
): Promise<Problem[]> {
  const problems = await findProblems(director, name);
  for (const problem of problems) await resolve(problem, resolution);
  return problems;
}

async function resolve(problem: Problem, resolution: Resolution): Promise<void> {
  if ('disk' in problem) {
    const known: Readonly<Record<string, readonly DiskStep[]>> = diskResolutions[problem.kind];
    for (const step of known[resolution] ?? []) await step(problem.work, problem.disk);
    return;
  }
  const known: Readonly<Record<string, readonly Step[]>> = vmResolutions[problem.kind];
  await perform(known[resolution] ?? [], problem.work);
}

/** Whoever does not answer is looked for (vm_scan_stage.rb). */
async function vmProblems(work: Work): Promise<Problem[]> {
  const { director, instance } = work;
  const { vm } = instance;
  if (vm === undefined || director.agents.answers(vm.cid)) return [];
  const cloud = await director.cloud(cpiOf(vm));
  let isThere: unknown = true;
  await tolerating(['NotImplemented'], async () => {
    isThere = await cloud.call('has_vm', [vm.cid]);
  });
  return [{ kind: isThere === false ? 'missing_vm' : 'unresponsive_agent', work }];
}

/** Each disk is looked for, whatever its VM says (disk_scan_stage.rb). */
async function diskProblems(work: Work, disk: DirectorDisk): Promise<Problem[]> {
  const { director, instance } = work;
  const cloud = await director.cloud({ cpi: disk.cpi });
  let isThere: unknown = true;
  await tolerating(['NotImplemented'], async () => {
    isThere = await cloud.call('has_disk', [disk.cid]);
  });
  if (isThere === false) return [{ kind: 'missing_disk', work, disk }];
  if (!disk.isActive) return [{ kind: 'inactive_disk', work, disk }];
  const canTell = instance.vm !== undefined && director.agents.answers(instance.vm.cid);
  return canTell && !disk.isMounted ? [{ kind: 'mount_info_mismatch', work, disk }] : [];
}

/** missing_disk.rb: all in one errand; what is missing need not be found once more. */
async function dropMissingDisk({ director, instance }: Work, disk: DirectorDisk): Promise<void> {
  disk.isActive = false;
  const vm = instance.vm;
  const cloud = await director.cloud((vm?.spec ?? instance.spec)?.stemcell);
  if (vm !== undefined && (await cloud.call('has_vm', [vm.cid])) === true) {
    await tolerating(['DiskNotAttached', 'DiskNotFound'], () =>
      cloud.call('detach_disk', [vm.cid, disk.cid]),
    );
  }
  orphanDisk(director, instance, disk);
}

/** inactive_disk.rb: whatever detaching it answers, it becomes an orphan. */
async function dropInactiveDisk({ director, instance }: Work, disk: DirectorDisk): Promise<void> {
  assertUnmounted(disk);
  const { vm } = instance;
  if (vm !== undefined) {
    const cloud = await director.cloud(vm.spec.stemcell);
    await cloud.call('detach_disk', [vm.cid, disk.cid]).catch(() => undefined);
  }
  orphanDisk(director, instance, disk);
}

function activateDisk({ instance }: Work, disk: DirectorDisk): Promise<void> {
  if (!disk.isMounted) throw new Error(`disk ${disk.cid} is not mounted`);
  if (hasActiveDisk(instance)) throw new Error(`instance ${instance.group} has an active disk`);
  disk.isActive = true;
  return Promise.resolve();
}

function hasActiveDisk({ disks }: Instance): boolean {
  return disks.some(({ isActive }) => isActive);
}

function assertUnmounted({ cid, isMounted }: DirectorDisk): void {
  if (isMounted) throw new Error(`disk ${cid} is in use`);
}
