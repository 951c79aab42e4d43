import { expect } from '@playwright/test';
import { deleteDeployment, deploy, recreate } from '../../lite/flows/deploy.js';
import { deleteOrphanedVms } from '../../lite/flows/orphaned-vms.js';
import { changeState } from '../../lite/flows/stop-start.js';
import { uploadStemcell } from '../../lite/flows/upload-stemcell.js';
import { heavyStemcell } from './heavy-stemcell.js';
import { changed, deployDb, flowCase } from './flow-case.js';
import { flowName, networksOf, snapshotOf } from './flow-tools.js';

/** Deployments, from their beginning to their end. */
export const deploymentFlows = [
  flowCase(
    {
      id: 'FLOW-01',
      title: 'Deploy and delete',
      proves:
        'A deployment compiles in a VM that is gone afterwards, runs at its static address with its ' +
        'disk, is left alone by the next one, and leaves its disk only.',
      versions: [2, 3],
    },
    async (flow) => {
      const { director, tools, ledger } = flow;
      const { manifest, instance } = await deployDb(flow);
      const compiling = {
        ...manifest,
        name: 'compiled',
        packages: ['hello'],
        compilation: {
          properties: { compute_offering: tools.offers.computeOffering },
          // The address of a VM that compiles is given to the next VM at once.
          networks: networksOf(tools),
        },
      };
      const { networks } = compiling.compilation;
      await flow.done(deploy(director, changed(compiling, { networks, disks: [] })));
      expect(ledger.vms.size).toBe(2);
      const calls = tools.cpi.calls.length;
      await flow.done(deploy(director, manifest));
      expect(tools.cpi.calls.length - calls, 'calls of a deployment without changes').toBe(0);
      const { disks } = snapshotOf(instance);
      await flow.done(deleteDeployment(director, flowName));
      expect(director.orphanedDisks.map(({ cid }) => cid)).toEqual(disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-02',
      title: 'Recreate with static address and persistent disk',
      proves: 'Another VM runs at the same address with the same disk and all that is on it.',
    },
    async (flow) => {
      const { instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      await flow.done(recreate(flow.director, flowName));
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
      expect([...flow.ledger.vms.keys()]).toEqual([after.vm]);
    },
  ),
  flowCase(
    {
      id: 'FLOW-03',
      title: 'Deploy with --fix',
      proves:
        'A VM whose agent does not answer is deleted with its disk attached; the next has its ' +
        'address and disk.',
    },
    async (flow) => {
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      flow.agents.silent.add(before.vm);
      await flow.done(deploy(flow.director, manifest, { isFixing: true }));
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-04',
      title: 'Stop --hard and start',
      proves: 'The disk waits without a VM, and is in the next one, at the same address.',
    },
    async (flow) => {
      const { director } = flow;
      const { instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      await flow.done(changeState(director, flowName, 'stop'));
      await flow.done(changeState(director, flowName, 'stop --hard'));
      expect(flow.ledger.vms.size).toBe(0);
      await flow.done(changeState(director, flowName, 'start'));
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-05',
      title: 'Stemcell upgrade',
      proves:
        'The VM is made anew of the next stemcell, with its address and disk; the old stemcell goes.',
      needs: ['uploads'],
    },
    async (flow) => {
      const { director, tools } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      const stemcell = await flow.done(uploadStemcell(director, await heavyStemcell(tools)));
      await flow.done(deploy(director, { ...manifest, stemcell }));
      const after = snapshotOf(instance);
      expect(after.disks).toEqual(before.disks);
      const row = await tools.cloud.vm(after.vm);
      expect(row?.['templateid']).toBe(stemcell.cid);
    },
  ),
  flowCase(
    {
      id: 'FLOW-06',
      title: 'Another VM type and address',
      proves: 'The VM is made anew of the other offering at the other address, with its disk.',
    },
    async (flow) => {
      const { director, tools } = flow;
      const { offers, cloud } = tools;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      const group = {
        properties: { compute_offering: offers.otherComputeOffering },
        networks: networksOf(tools),
      };
      await flow.done(deploy(director, changed(manifest, group)));
      const after = snapshotOf(instance);
      expect(after.disks).toEqual(before.disks);
      const row = await cloud.vm(after.vm);
      expect(row?.['serviceofferingname']).toBe(offers.otherComputeOffering);
    },
  ),
  flowCase(
    {
      id: 'FLOW-32',
      title: 'create-swap-delete',
      proves:
        'The next VM is made while the old one still has the disk and its address, gets the disk, ' +
        'and the old one, which its agent has shut down by then, is deleted without it.',
    },
    async (flow) => {
      const { director, tools, ledger } = flow;
      const strategy = { strategy: 'create-swap-delete' } as const;
      const { manifest, instance } = await deployDb(flow, strategy);
      const before = snapshotOf(instance);
      // The Director takes another address of the network for the VM beside the first.
      const next = changed(manifest, { networks: networksOf(tools) });
      await flow.done(deploy(director, next));
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
      expect([...ledger.vms.keys()]).toEqual([before.vm, after.vm]);
      await tools.cloud.run('stopVirtualMachine', { id: before.vm });
      await flow.done(deleteOrphanedVms(director));
      expect([...ledger.vms.keys()]).toEqual([after.vm]);
    },
  ),
];
