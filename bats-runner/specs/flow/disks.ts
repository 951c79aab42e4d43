import { expect } from '@playwright/test';
import { offered } from '../../contract/case-tools.js';
import { deleteDeployment, deploy, recreate } from '../../lite/flows/deploy.js';
import {
  deleteDynamicDisk,
  detachDynamicDisk,
  provideDynamicDisk,
} from '../../lite/flows/dynamic-disks.js';
import { adoptOrphan, deleteOrphan } from '../../lite/flows/orphaned-disks.js';
import { changeState } from '../../lite/flows/stop-start.js';
import { changed, deployDb, flowCase } from './flow-case.js';
import { diskPlan, flowName, snapshotOf, useOf } from './flow-tools.js';

/** What becomes of persistent disks. */
export const diskFlows = [
  flowCase(
    {
      id: 'FLOW-07',
      title: 'Larger disk by copy',
      proves:
        'A larger disk is attached beside the old one, gets what is on it, and stays; the old one is ' +
        'detached and kept.',
    },
    async (flow) => {
      const { director, tools } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      const disks = [diskPlan(tools, 2048)];
      await flow.done(deploy(director, changed(manifest, { disks })));
      const after = snapshotOf(instance);
      expect(after.vm).toBe(before.vm);
      expect(after.disks).not.toEqual(before.disks);
      expect(director.orphanedDisks.map(({ cid }) => cid)).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-08',
      title: 'Larger disk in place',
      proves: 'The detached disk grows, and is the same one with all that is on it.',
      settings: { resizesDisks: true },
    },
    async (flow) => {
      const { director, tools } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      const disks = [diskPlan(tools, 2048)];
      await flow.done(deploy(director, changed(manifest, { disks })));
      expect(snapshotOf(instance)).toEqual(before);
      expect(director.orphanedDisks).toEqual([]);
    },
  ),
  flowCase(
    {
      id: 'FLOW-09',
      title: 'Another disk type',
      proves:
        'The disk becomes one of the other offering, in place or by a copy, whatever the CPI can; ' +
        'what is on it stays.',
      needs: ['second disk offering'],
      settings: { resizesDisks: true, updatesDisks: true },
    },
    async (flow) => {
      const { director, tools } = flow;
      const { manifest } = await deployDb(flow);
      const properties = { disk_offering: offered(tools.offers.otherDiskOffering) };
      const disks = [{ sizeMib: 2048, properties }];
      await flow.done(deploy(director, changed(manifest, { disks })));
    },
  ),
  flowCase(
    {
      id: 'FLOW-10',
      title: 'Several disks',
      proves: 'Two disks of one VM are in the next one, each with what is on it.',
    },
    async (flow) => {
      const { director, tools } = flow;
      const disks = [diskPlan(tools, 1024), diskPlan(tools, 2048)];
      const { instance } = await deployDb(flow, { disks });
      const before = snapshotOf(instance);
      await flow.done(recreate(director, flowName));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-11',
      title: 'Orphaned disk is attached again',
      proves:
        'The disk of a deployment that was deleted is in the VM of the next one, with all that is ' +
        'on it; the disk in whose place it is can be deleted.',
    },
    async (flow) => {
      const { director, marks } = flow;
      const { manifest, instance } = await deployDb(flow);
      const [orphan] = snapshotOf(instance).disks;
      await flow.done(deleteDeployment(director, flowName));
      const name = 'next';
      await flow.done(deploy(director, { ...manifest, name }));
      const next = director.instance(name, 'db');
      const [own] = snapshotOf(next).disks;
      await flow.done(changeState(director, name, 'stop --hard'));
      adoptOrphan(director, next, String(orphan));
      marks?.move(useOf(flowName, 'db'), useOf(name, 'db'));
      await flow.done(changeState(director, name, 'start'));
      expect(snapshotOf(next).disks).toEqual([orphan]);
      await flow.done(deleteOrphan(director, String(own)));
      expect([...flow.ledger.disks.keys()]).toEqual([orphan]);
    },
  ),
  flowCase(
    {
      id: 'FLOW-12',
      title: 'Dynamic disk',
      proves: 'A disk that a workload asks for comes beside the one of its VM, and goes again.',
    },
    async (flow) => {
      const { director, tools, ledger } = flow;
      const { instance } = await deployDb(flow);
      const before = [...ledger.disks.keys()];
      const disk = await flow.done(
        provideDynamicDisk(
          director,
          { deployment: flowName, instance },
          { ...diskPlan(tools, 1024), name: `flow-${tools.newId()}`, metadata: { for: 'flows' } },
        ),
      );
      await flow.done(detachDynamicDisk(director, instance, disk));
      await flow.done(deleteDynamicDisk(director, disk));
      expect([...ledger.disks.keys()]).toEqual(before);
    },
  ),
];
