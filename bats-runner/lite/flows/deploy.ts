import type { LiteDirector } from '../lite-director.js';
import type { Deployment, GroupPlan, Instance, Manifest, VmSpec } from '../records.js';
import { changeDisks, isAsPlanned, replaceDisks } from '../steps/change-disks.js';
import { attachDisks, detachDisks, orphanDisk } from '../steps/disks.js';
import { takeSnapshots } from '../steps/snapshots.js';
import { perform, planOf, stemcellOf, type Step, type Work } from '../steps/step.js';
import { createNextVm, swapVms } from '../steps/swap.js';
import { createVm, deleteVm, isMadeOf } from '../steps/vm.js';
import { compile } from './compile.js';

/** Options of `bosh deploy`. */
export interface DeployWishes {
  /** `--recreate` */
  readonly isRecreating?: boolean;
  /** `--fix`: VMs whose agents do not answer are made anew. */
  readonly isFixing?: boolean;
  /** `--recreate-persistent-disks` */
  readonly isReplacingDisks?: boolean;
}

/** What is to become of an instance. */
export type Update = 'none' | 'created' | 'changed' | 'recreated' | 'swapped' | 'unresponsive';

/**
 * What a Director does to an instance, by what is to become of it (update_procedure.rb,
 * recreate_handler.rb). The VM of one that is created is there by then, and so is the next VM of one
 * that is swapped. One whose agent does not answer keeps its disks attached until it is deleted.
 */
export const updates: Readonly<Record<Update, readonly Step[]>> = {
  none: [],
  created: [takeSnapshots, attachDisks, changeDisks],
  changed: [takeSnapshots, attachDisks, changeDisks],
  recreated: [takeSnapshots, detachDisks, deleteVm, createVm, attachDisks, changeDisks],
  swapped: [takeSnapshots, detachDisks, swapVms, attachDisks, changeDisks],
  unresponsive: [takeSnapshots, deleteVm, createVm, attachDisks, changeDisks],
};

/** What is done for all of a deployment before any instance is changed (setup_stage.rb). */
const preparations: Readonly<Partial<Record<Update, Step>>> = {
  created: createVm,
  swapped: createNextVm,
};

/** `bosh deploy`: compiles, makes missing VMs, then changes one instance after another. */
export async function deploy(
  director: LiteDirector,
  manifest: Manifest,
  wishes: DeployWishes = {},
): Promise<Deployment> {
  const deployment = director.deployments.get(manifest.name) ?? {
    manifest,
    instances: new Map<string, Instance>(),
  };
  deployment.manifest = manifest;
  director.deployments.set(manifest.name, deployment);
  await compile(director, deployment);
  const planned = manifest.groups.map((plan) => {
    const instance = instanceFor(director, deployment, plan);
    const work = { director, deployment, instance };
    return { work, update: updateFor(work, wishes) };
  });
  for (const { work, update } of planned) {
    work.instance.spec = specOf(work);
    await preparations[update]?.(work);
  }
  for (const { work, update } of planned) {
    const steps = updates[update];
    await perform(wishes.isReplacingDisks === true ? steps.map(replacing) : steps, work);
    work.instance.state = 'started';
  }
  await removeObsolete(director, deployment);
  return deployment;
}

/** `bosh recreate` */
export async function recreate(director: LiteDirector, name: string): Promise<void> {
  const manifest = director.deployments.get(name)?.manifest;
  if (manifest === undefined) throw new Error(`there is no deployment ${name}`);
  await deploy(director, manifest, { isRecreating: true });
}

function replacing(step: Step): Step {
  return step === changeDisks ? replaceDisks : step;
}

function updateFor(work: Work, { isRecreating, isFixing, isReplacingDisks }: DeployWishes): Update {
  const { director, instance } = work;
  const { vm } = instance;
  if (vm === undefined) return 'created';
  if (!director.agents.answers(vm.cid) && isFixing === true) return 'unresponsive';
  if (isRecreating === true || !isMadeOf(vm, specOf(work))) {
    return planOf(work).strategy === 'create-swap-delete' ? 'swapped' : 'recreated';
  }
  return isReplacingDisks === true || !hasItsDisks(work) ? 'changed' : 'none';
}

function hasItsDisks(work: Work): boolean {
  const { disks: plans } = planOf(work);
  const active = work.instance.disks.filter(({ isActive }) => isActive);
  return (
    active.length === plans.length &&
    active.every((disk) => disk.isMounted) &&
    plans.every((plan, position) => {
      const disk = active[position];
      return disk !== undefined && isAsPlanned(disk, plan);
    })
  );
}

/** What the VM of an instance is to be made of. */
function specOf(work: Work): VmSpec {
  const { properties, networks, env = {} } = planOf(work);
  return { stemcell: stemcellOf(work), properties, networks, env };
}

function instanceFor(
  director: LiteDirector,
  { instances }: Deployment,
  { name }: GroupPlan,
): Instance {
  const known = instances.get(name);
  if (known !== undefined) return known;
  const instance: Instance = {
    id: director.newId(),
    group: name,
    vm: undefined,
    spec: undefined,
    agentId: undefined,
    disks: [],
    state: 'started',
  };
  instances.set(name, instance);
  return instance;
}

async function removeObsolete(director: LiteDirector, deployment: Deployment): Promise<void> {
  const names = deployment.manifest.groups.map(({ name }) => name);
  for (const instance of [...deployment.instances.values()]) {
    if (!names.includes(instance.group)) await deleteInstance({ director, deployment, instance });
  }
}

/** `bosh delete-deployment`: disks stay attached while their VM is deleted, and become orphans. */
export async function deleteDeployment(director: LiteDirector, name: string): Promise<void> {
  const deployment = director.deployments.get(name);
  if (deployment === undefined) return;
  for (const instance of [...deployment.instances.values()]) {
    await deleteInstance({ director, deployment, instance });
  }
  director.deployments.delete(name);
}

async function deleteInstance(work: Work): Promise<void> {
  const { director, deployment, instance } = work;
  await perform([deleteVm], work);
  for (const disk of [...instance.disks]) orphanDisk(director, instance, disk);
  deployment.instances.delete(instance.group);
}
