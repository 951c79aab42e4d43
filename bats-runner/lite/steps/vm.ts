import { AgentSilent } from '../agents.js';
import { cidIn, CpiCallFailed, tolerating } from '../cpi-calls.js';
import { environmentOf } from '../environment.js';
import type { LiteDirector } from '../lite-director.js';
import { vmMetadata } from '../metadata.js';
import type { DirectorVm, Stemcell, VmSpec } from '../records.js';
import { cpiOf, metadataOf, vmOf, type Step, type Work } from './step.js';

/** `director.max_vm_create_tries` */
const triesMax = 5;

/**
 * Creates a VM of what the instance is to be made of (create_vm_step.rb): again with the same
 * arguments if the CPI says that this may help. A VM that gets no metadata, or whose agent does not
 * answer, is deleted, and the task fails.
 */
export const createVm: Step = async (work) => {
  const { director, instance } = work;
  const { spec } = instance;
  if (spec === undefined) throw new Error(`nothing is known of the VM of ${instance.group}`);
  const agentId = director.newId();
  const cid = await createdVm(director, spec.stemcell, [
    agentId,
    spec.stemcell.cid,
    spec.properties,
    spec.networks,
    instance.disks.filter(({ isActive }) => isActive).map((disk) => disk.cid),
    environmentOf(director.settings.environment, spec.env, metadataOf(work)),
  ]);
  instance.vm = { cid, agentId, spec };
  instance.agentId = agentId;
  try {
    await setVmMetadata(work);
    if (!director.agents.answers(cid)) throw new AgentSilent(cid);
  } catch (failure) {
    await deleteVm(work);
    throw failure;
  }
};

type CreateVmArguments = Parameters<Awaited<ReturnType<LiteDirector['cloud']>>['call']>[1];

async function createdVm(
  director: LiteDirector,
  stemcell: Stemcell,
  args: CreateVmArguments,
): Promise<string> {
  for (let tries = 1; ; tries += 1) {
    const cloud = await director.cloud(stemcell);
    try {
      return cidIn(await cloud.call('create_vm', args));
    } catch (failure) {
      if (tries === triesMax || !mayHelp(failure)) throw failure;
    }
  }
}

/** Of all errors only this one is ever tried again. */
function mayHelp(failure: unknown): boolean {
  return (
    failure instanceof CpiCallFailed && failure.type === 'VMCreationFailed' && failure.okToRetry
  );
}

/** Tells the CPI what the VM is for; a CPI need not be able to. */
export const setVmMetadata: Step = (work) => tellVm(work, {});

/** The same of a VM that compiles a package. */
export function setCompiling(name: string): Step {
  return (work) => tellVm(work, { compiling: name });
}

async function tellVm(work: Work, more: Readonly<Record<string, string>>): Promise<void> {
  const vm = vmOf(work);
  const { cid } = vm;
  const cloud = await work.director.cloud(cpiOf(vm));
  await tolerating(['NotImplemented'], () =>
    cloud.call('set_vm_metadata', [cid, vmMetadata(metadataOf(work), more)]),
  );
}

/** Deletes the VM, whose disks may be attached still; one that is gone is as good. */
export const deleteVm: Step = async ({ director, instance }) => {
  const { vm } = instance;
  if (vm === undefined) return;
  const cloud = await director.cloud(vm.spec.stemcell);
  await tolerating(['VMNotFound'], () => cloud.call('delete_vm', [vm.cid]));
  instance.vm = undefined;
  for (const disk of instance.disks) disk.isMounted = false;
};

/** Reboots the VM and waits for its agent. */
export const rebootVm: Step = async (work) => {
  const vm = vmOf(work);
  const { cid } = vm;
  const cloud = await work.director.cloud(cpiOf(vm));
  await cloud.call('reboot_vm', [cid]);
  work.director.agents.rebooted(cid);
  if (!work.director.agents.answers(cid)) throw new AgentSilent(cid);
};

/** Forgets the VM, and asks the CPI for nothing. */
export const forgetVm: Step = ({ instance }) => {
  instance.vm = undefined;
  for (const disk of instance.disks) disk.isMounted = false;
  return Promise.resolve();
};

/** Whether a VM is what it is to be. */
export function isMadeOf(vm: DirectorVm, spec: VmSpec): boolean {
  return JSON.stringify(vm.spec) === JSON.stringify(spec);
}
