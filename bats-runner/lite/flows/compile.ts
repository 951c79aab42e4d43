import type { LiteDirector } from '../lite-director.js';
import type { Deployment, Instance } from '../records.js';
import { perform } from '../steps/step.js';
import { createVm, deleteVm, setCompiling } from '../steps/vm.js';

/**
 * Compiles the packages that are not yet compiled for the stemcell, each in a VM of its own
 * (compilation_instance_pool.rb).
 */
export async function compile(director: LiteDirector, deployment: Deployment): Promise<void> {
  const { packages = [], compilation, stemcell } = deployment.manifest;
  for (const name of packages) {
    const key = `${name}, ${stemcell.cid}`;
    if (director.compiled.has(key)) continue;
    if (compilation === undefined)
      throw new Error(`nothing is said of the VM that compiles ${name}`);
    const instance: Instance = {
      id: director.newId(),
      group: `compilation-${director.newId()}`,
      vm: undefined,
      spec: { ...compilation, stemcell, env: {} },
      agentId: undefined,
      disks: [],
      state: 'started',
    };
    await perform([createVm, setCompiling(name), deleteVm], { director, deployment, instance });
    director.compiled.add(key);
  }
}
