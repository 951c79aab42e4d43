import { expect } from '@playwright/test';
import type { Intercept } from '../../contract/api-door.js';
import { deploy, recreate } from '../../lite/flows/deploy.js';
import { cloudRefusal } from '../errors/refusal.js';
import { deployDb, flowCase } from './flow-case.js';
import { flowName, snapshotOf } from './flow-tools.js';

/** ApiErrorCode.INSUFFICIENT_CAPACITY_ERROR */
const noCapacity = 533;

/** What a Director does when a part of a flow fails. */
export const failureFlows = [
  flowCase(
    {
      id: 'FLOW-24',
      title: 'create_vm that is tried again',
      proves:
        'A VM for which there was no room at first is asked for again in the same words, and there ' +
        'is one.',
    },
    async (flow) => {
      const { director, tools } = flow;
      const { instance } = await deployDb(flow);
      const refusal = cloudRefusal('deployVirtualMachine', 'there is no room', noCapacity);
      tools.door.intercept(once('deployVirtualMachine', refusal));
      const calls = tools.cpi.calls.length;
      await flow.done(recreate(director, flowName));
      const made = tools.cpi.calls.slice(calls).flatMap(({ input }) => {
        const { method, arguments: args } = JSON.parse(input) as {
          method: string;
          arguments: unknown[];
        };
        return method === 'create_vm' ? [args] : [];
      });
      expect(made).toHaveLength(2);
      expect(made[1]).toEqual(made[0]);
      expect(instance.vm?.agentId).toBe(made[0]?.[0]);
    },
  ),
  flowCase(
    {
      id: 'FLOW-25',
      title: 'New VM that does not answer',
      proves:
        'It is deleted, its address is free, and the next deployment has it, with the disk that was ' +
        'never attached meanwhile.',
    },
    async (flow) => {
      const { director, agents, ledger } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      agents.areSilent = true;
      const { message } = await flow.failed(recreate(director, flowName));
      expect(message).toMatch(/timed out pinging/);
      expect(ledger.vms.size).toBe(0);
      agents.areSilent = false;
      await flow.done(deploy(director, manifest, { isFixing: true }));
      expect(snapshotOf(instance).disks).toEqual(before.disks);
    },
  ),
  flowCase(
    {
      id: 'FLOW-26',
      title: 'Disk that cannot be attached at first',
      proves: 'The new VM is without its disk until the next deployment, which attaches it.',
    },
    async (flow) => {
      const { director, tools } = flow;
      const { manifest, instance } = await deployDb(flow);
      const before = snapshotOf(instance);
      tools.door.intercept(every('attachVolume', cloudRefusal('attachVolume', 'not now')));
      const { message } = await flow.failed(recreate(director, flowName));
      expect(message).toMatch(/^attach_disk failed with .*not now/);
      tools.door.intercept(() => undefined);
      const { vm } = snapshotOf(instance);
      await flow.done(deploy(director, manifest, { isFixing: true }));
      expect(snapshotOf(instance)).toEqual({ vm, disks: before.disks });
    },
  ),
];

function once(command: string, answer: ReturnType<typeof cloudRefusal>): Intercept {
  let isOver = false;
  return (request) => {
    if (isOver || request.command !== command) return undefined;
    isOver = true;
    return answer;
  };
}

function every(command: string, answer: ReturnType<typeof cloudRefusal>): Intercept {
  return (request) => (request.command === command ? answer : undefined);
}
