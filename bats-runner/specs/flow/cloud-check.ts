import { expect } from '@playwright/test';
import { cloudOperator } from '../../cloud/operator.js';
import { forgetVm } from '../../director/ledger.js';
import { cloudCheck, type Resolution } from '../../lite/flows/cloud-check.js';
import { deploy, recreate } from '../../lite/flows/deploy.js';
import { deleteUnknownVm } from '../../lite/flows/orphaned-vms.js';
import { uploadStemcell } from '../../lite/flows/upload-stemcell.js';
import { changed, deployDb, flowCase } from './flow-case.js';
import {
  dbManifest,
  diskPlan,
  flowName,
  lightStemcell,
  snapshotOf,
  useOf,
  type FlowTools,
} from './flow-tools.js';

/** What a cloud check finds, and each way to resolve it. */
export const cloudCheckFlows = [
  flowCase(
    {
      id: 'FLOW-13',
      title: 'Missing VM: recreate',
      proves:
        'A VM that somebody has removed is found missing; another runs at its address with its disk.',
      needs: ['operator'],
    },
    async (flow) => {
      const { instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      await loseVm(flow, before.vm);
      await resolved(flow, 'missing_vm', 'recreate_vm');
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-14',
      title: 'Missing VM: delete the reference',
      proves: 'The missing VM is forgotten; the next deployment makes another, with the disk.',
      needs: ['operator'],
    },
    async (flow) => {
      // No call tells the CPI of such a VM: an ephemeral disk of it would be left to `gc`.
      const properties = { compute_offering: flow.tools.offers.computeOffering };
      const { manifest, instance } = await deployDb(flow, { properties });
      const before = snapshotOf(instance);
      await loseVm(flow, before.vm);
      await resolved(flow, 'missing_vm', 'delete_vm_reference');
      expect(flow.ledger.vms.size).toBe(0);
      await flow.done(deploy(flow.director, manifest));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-15',
      title: 'Unresponsive agent: reboot',
      proves:
        'A VM that somebody has stopped is there for the CPI, and runs again after reboot_vm.',
    },
    async (flow) => {
      const { instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      await flow.tools.cloud.run('stopVirtualMachine', { id: before.vm });
      flow.agents.silent.add(before.vm);
      await resolved(flow, 'unresponsive_agent', 'reboot_vm');
      expect(snapshotOf(instance)).toEqual(before);
    },
  ),
  flowCase(
    {
      id: 'FLOW-16',
      title: 'Unresponsive agent: recreate',
      proves: 'The VM is deleted with its disk attached; the next has its address and disk.',
    },
    async (flow) => {
      const { instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      flow.agents.silent.add(before.vm);
      await resolved(flow, 'unresponsive_agent', 'recreate_vm');
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-17',
      title: 'Unresponsive agent: delete the VM',
      proves: 'The VM goes, its disk stays; the next deployment makes another with that disk.',
    },
    async (flow) => {
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      flow.agents.silent.add(before.vm);
      await resolved(flow, 'unresponsive_agent', 'delete_vm');
      expect([flow.ledger.vms.size, flow.ledger.disks.size]).toEqual([0, 1]);
      await flow.done(deploy(flow.director, manifest));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-18',
      title: 'Missing disk: delete the reference',
      proves:
        'A disk that somebody has deleted is found missing; detaching it is no obstacle, and the ' +
        'next deployment makes another.',
    },
    async (flow) => {
      const { director, tools, ledger, marks } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      const [disk = ''] = before.disks;
      await tools.cloud.run('detachVolume', { id: disk });
      await tools.cloud.call('deleteVolume', { id: disk });
      ledger.disks.delete(disk);
      marks?.forget(useOf(flowName, 'db'));
      await resolved(flow, 'missing_disk', 'delete_disk_reference');
      await flow.done(deploy(director, manifest));
      const after = snapshotOf(instance);
      expect(after.vm).toBe(before.vm);
      expect(after.disks).not.toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-19',
      title: 'Inactive disk: delete it',
      proves:
        'The new disk of a change that broke off is detached and kept; the old one is in use, and ' +
        'the next deployment changes it.',
    },
    async (flow) => {
      const { director, agents, tools } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      const larger = changed(manifest, { disks: [diskPlan(tools, 2048)] });
      const migrate = agents.migrate.bind(agents);
      agents.migrate = () => Promise.reject(new Error('the agent dies while it copies'));
      await flow.failed(deploy(director, larger));
      agents.migrate = migrate;
      const [, copy] = instance.disks;
      // The agent that was started anew has not mounted it.
      if (copy !== undefined) copy.isMounted = false;
      await resolved(flow, 'inactive_disk', 'delete_disk');
      expect(snapshotOf(instance)).toEqual(before);
      expect(director.orphanedDisks.map(({ cid }) => cid)).toEqual([copy?.cid]);
      await flow.done(deploy(director, larger));
    },
  ),
  flowCase(
    {
      id: 'FLOW-20',
      title: 'Mount mismatch: attach again',
      proves: 'A disk that somebody has detached is in its VM again, with all that is on it.',
    },
    (flow) => detachedBySomebody(flow, 'reattach_disk'),
  ),
  flowCase(
    {
      id: 'FLOW-21',
      title: 'Mount mismatch: attach again and reboot',
      proves: 'The same with a reboot: VM and disk are the same, and the VM runs.',
    },
    (flow) => detachedBySomebody(flow, 'reattach_disk_and_reboot'),
  ),
  flowCase(
    {
      id: 'FLOW-29',
      title: 'Unresponsive agent: delete the reference',
      proves:
        'The VM that the Director has forgotten runs on with its disk, and keeps its address: no ' +
        'other is made at it until the operator has deleted that VM by its CID.',
    },
    async (flow) => {
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      flow.agents.silent.add(before.vm);
      const calls = flow.tools.cpi.calls.length;
      await resolved(flow, 'unresponsive_agent', 'delete_vm_reference');
      expect(methodsSince(flow, calls)).not.toContain('delete_vm');
      await flow.failed(deploy(flow.director, manifest));
      expect([...flow.ledger.vms.keys()]).toEqual([before.vm]);
      await flow.done(deleteUnknownVm(flow.director, before.vm));
      await flow.done(deploy(flow.director, manifest));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-30',
      title: 'Unresponsive agent: recreate without waiting',
      proves:
        'A VM that somebody has stopped is deleted with its disk attached; the next has its address ' +
        'and disk.',
    },
    async (flow) => {
      const { instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      await flow.tools.cloud.run('stopVirtualMachine', { id: before.vm });
      flow.agents.silent.add(before.vm);
      await resolved(flow, 'unresponsive_agent', 'recreate_vm_without_wait');
      const after = snapshotOf(instance);
      expect(after.vm).not.toBe(before.vm);
      expect(after.disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-31',
      title: 'Inactive disk: activate it',
      proves:
        'A disk that was mounted when its Director died is there, stays where it is, and is the ' +
        'disk of its VM from then on.',
    },
    async (flow) => {
      const { director, agents, tools } = flow;
      const stemcell = await uploadStemcell(director, lightStemcell(tools));
      const manifest = dbManifest(tools, stemcell);
      const mount = agents.mount.bind(agents);
      agents.mount = async (...disk) => {
        await mount(...disk);
        throw new Error('the Director dies');
      };
      await flow.failed(deploy(director, manifest));
      agents.mount = mount;
      const instance = director.instance(flowName, 'db');
      for (const disk of instance.disks) disk.isMounted = true;
      const before = snapshotOf(instance);
      await resolved(flow, 'inactive_disk', 'activate_disk');
      await flow.done(deploy(director, manifest));
      expect(snapshotOf(instance)).toEqual(before);
      await flow.done(recreate(director, flowName));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
    },
  ),
];

/** What the CPI was asked for, without `info`. */
function methodsSince({ tools }: FlowTools, first: number): string[] {
  return tools.cpi.calls
    .slice(first)
    .map(({ input }) => (JSON.parse(input) as { method: string }).method)
    .filter((method) => method !== 'info');
}

async function detachedBySomebody(flow: FlowTools, resolution: Resolution): Promise<void> {
  const { instance } = await deployDb(flow);
  const before = snapshotOf(instance);
  await flow.tools.cloud.run('detachVolume', { id: String(before.disks[0]) });
  for (const disk of instance.disks) disk.isMounted = false;
  await resolved(flow, 'mount_info_mismatch', resolution);
  expect(snapshotOf(instance)).toEqual(before);
}

/** A cloud check that finds this one problem, and nothing when it looks again. */
async function resolved(flow: FlowTools, kind: string, resolution: Resolution): Promise<void> {
  const found = await flow.done(cloudCheck(flow.director, flowName, resolution));
  expect(found.map((problem) => problem.kind)).toEqual([kind]);
  expect(await cloudCheck(flow.director, flowName, 'ignore')).toEqual([]);
}

/** Not the Director's doing. */
async function loseVm({ tools, agents, ledger }: FlowTools, vm: string): Promise<void> {
  const { client, pause } = tools.operator;
  await cloudOperator({ client, pause }).removeVm(vm);
  agents.silent.add(vm);
  forgetVm(ledger, vm);
}
