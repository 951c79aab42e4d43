import { expect } from '@playwright/test';
import type { ContractCase } from '../../contract/contract-case.js';
import { contractCase } from '../../contract/contract-case.js';
import { deleteDeployment, deploy } from '../../lite/flows/deploy.js';
import { cleanUp } from '../../lite/flows/orphaned-disks.js';
import { uploadStemcell, type StemcellArchive } from '../../lite/flows/upload-stemcell.js';
import type { DirectorSettings } from '../../lite/lite-director.js';
import type { GroupPlan, Instance, Manifest } from '../../lite/records.js';
import { dbManifest, flowName, flowToolsFor, lightStemcell, type FlowTools } from './flow-tools.js';

type Declaration = Parameters<typeof contractCase>[0] & {
  readonly settings?: Partial<DirectorSettings>;
};

/**
 * Declares a flow. When it is over its deployments are deleted and the Director cleans up; then
 * nothing may be left that it has made.
 */
export function flowCase(
  { settings, ...declaration }: Declaration,
  run: (flow: FlowTools) => Promise<void>,
): ContractCase {
  return contractCase(declaration, async (tools) => {
    const flow = await flowToolsFor(tools, settings);
    await run(flow);
    const { director, ledger } = flow;
    for (const name of [...director.deployments.keys()]) await deleteDeployment(director, name);
    await flow.done(cleanUp(director));
    const left = [ledger.vms, ledger.disks, ledger.snapshots, ledger.stemcells, ledger.networks];
    expect(
      left.flatMap((things) => [...things.keys()]),
      'what is not deleted',
    ).toEqual([]);
    expect(await tools.ownership.changes()).toEqual([]);
  });
}

/** A deployment that is there when a flow begins. */
export interface Deployed {
  readonly manifest: Manifest;
  /** Its one instance. */
  readonly instance: Instance;
}

/** Uploads a stemcell and deploys `db`. */
export async function deployDb(
  flow: FlowTools,
  group: Partial<GroupPlan> = {},
  archive: StemcellArchive = lightStemcell(flow.tools),
): Promise<Deployed> {
  const { director, tools } = flow;
  const stemcell = await uploadStemcell(director, archive);
  const manifest = dbManifest(tools, stemcell, group);
  await flow.done(deploy(director, manifest));
  return { manifest, instance: director.instance(flowName, 'db') };
}

/** The manifest with something else about its group. */
export function changed(manifest: Manifest, group: Partial<GroupPlan>): Manifest {
  return { ...manifest, groups: manifest.groups.map((one) => ({ ...one, ...group })) };
}
