import type { Errand } from '../director-clouds.js';
import type { LiteDirector } from '../lite-director.js';
import type { MetadataOf } from '../metadata.js';
import type { Deployment, DirectorVm, GroupPlan, Instance, Stemcell } from '../records.js';

/** What a step works on. */
export interface Work {
  readonly director: LiteDirector;
  readonly deployment: Deployment;
  readonly instance: Instance;
}

/** A part of what a Director does to an instance. Throws CpiCallFailed where that ends its task. */
export type Step = (work: Work) => Promise<void>;

/** Takes steps one after another. */
export async function perform(steps: readonly Step[], work: Work): Promise<void> {
  for (const step of steps) await step(work);
}

/** Whose instance it is. */
export function metadataOf({ director, deployment, instance }: Work): MetadataOf {
  return {
    director: director.settings.name,
    deployment: deployment.manifest.name,
    tags: deployment.manifest.tags ?? {},
    group: instance.group,
    instanceId: instance.id,
    now: director.now(),
  };
}

/** What the manifest says of the instance. */
export function planOf({ deployment, instance }: Work): GroupPlan {
  const plan = deployment.manifest.groups.find(({ name }) => name === instance.group);
  if (plan !== undefined) return plan;
  throw new Error(`the manifest ${deployment.manifest.name} has no group ${instance.group}`);
}

/** The stemcell of its VMs. */
export function stemcellOf(work: Work): Stemcell {
  return planOf(work).stemcell ?? work.deployment.manifest.stemcell;
}

/** The CPI of a VM, for calls that tell nothing of its stemcell. */
export function cpiOf({ spec }: DirectorVm): Errand {
  return { cpi: spec.stemcell.cpi };
}

/** The VM of an instance that must have one. */
export function vmOf({ instance }: Work): DirectorVm {
  if (instance.vm !== undefined) return instance.vm;
  throw new Error(`instance ${instance.group}/${instance.id} has no VM`);
}
