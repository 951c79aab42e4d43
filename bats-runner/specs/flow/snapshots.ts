import { expect } from '@playwright/test';
import { deploy, recreate } from '../../lite/flows/deploy.js';
import { deleteSnapshot, deleteSnapshots, takeSnapshot } from '../../lite/flows/snapshots.js';
import { changed, deployDb, flowCase } from './flow-case.js';
import { diskPlan, flowName, snapshotOf } from './flow-tools.js';

/** Snapshots that a Director takes and deletes. */
export const snapshotFlows = [
  flowCase(
    {
      id: 'FLOW-22',
      title: 'Snapshots',
      proves:
        'Each disk has its snapshots; they go one by one, and then all; the disks stay in use.',
      needs: ['snapshots'],
      settings: { takesSnapshots: true },
    },
    async (flow) => {
      const { director, tools, ledger } = flow;
      const disks = [diskPlan(tools, 1024), diskPlan(tools, 2048)];
      const { instance } = await deployDb(flow, { disks });
      await flow.done(takeSnapshot(director, flowName));
      await flow.done(takeSnapshot(director, flowName));
      expect(instance.disks.map(({ snapshots }) => snapshots.length)).toEqual([2, 2]);
      const [first] = instance.disks[0]?.snapshots ?? [];
      await flow.done(deleteSnapshot(director, String(first)));
      expect(ledger.snapshots.size).toBe(3);
      await flow.done(deleteSnapshots(director, flowName));
      expect(ledger.snapshots.size).toBe(0);
    },
  ),
  flowCase(
    {
      id: 'FLOW-23',
      title: 'Disks with snapshots',
      proves:
        'Disks with snapshots are attached to the next VM, are copied to larger ones, and go with ' +
        'their snapshots when nobody needs them.',
      needs: ['snapshots'],
      settings: { takesSnapshots: true },
    },
    async (flow) => {
      const { director, tools, ledger } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      await flow.done(recreate(director, flowName));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
      await flow.done(deploy(director, changed(manifest, { disks: [diskPlan(tools, 2048)] })));
      expect(director.orphanedDisks.map(({ snapshots }) => snapshots.length)).toEqual([2]);
      expect(ledger.snapshots.size).toBe(2);
    },
  ),
];
