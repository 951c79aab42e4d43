import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import { cloudRefusal, jobFailed, jobTaken } from '../errors/refusal.js';
import { withVip } from '../network/addresses.js';

/** TEST-NET-1 (RFC 5737): no cloud has it to give. */
const nobodysAddress = '192.0.2.1';

/** What the cloud answers about a job that it still works on. */
const pending = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ queryasyncjobresultresponse: { jobstatus: 0 } }),
};

/** VMs that cannot be made, and what is left of them: nothing. */
export const vmFailureCases = [
  contractCase(
    {
      id: 'VM-16',
      title: 'Failure when the VM is there',
      proves:
        'A VM that cannot have its public address is taken back; the error names the address.',
    },
    async ({ cpi, offers, ownership, address, vmArguments }) => {
      const networks = withVip({ offers, address }, nobodysAddress);
      const { message, okToRetry } = await cpi.error('create_vm', await vmArguments({ networks }));
      expect(message).toContain(nobodysAddress);
      expect(okToRetry).toBe(false);
      expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-17',
      title: 'VM that does not come up in time',
      proves: 'A start that takes longer than it may is an error that says so, and is taken back.',
    },
    async ({ cpi, door, ownership, newId, vmArguments }) => {
      const job = newId();
      door.intercept(({ command, parameters }) => {
        if (command === 'startVirtualMachine') return jobTaken(command, job);
        return parameters.get('jobid') === job ? pending : undefined;
      });
      const context = { state_timeout: 2 };
      const { message } = await cpi.error('create_vm', await vmArguments(), { context });
      expect(message).toMatch(/start of VM .* was not finished after 2/);
      // What could not be taken back in the short time is taken back by the next call.
      door.intercept(() => undefined);
      if (!message.includes('look after')) expect(await ownership.changes()).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'VM-18',
      title: 'VM that ends in an error',
      proves: 'A deployment or start that fails is an error that says why, and is taken back.',
    },
    async ({ cpi, door, ownership, newId, vmArguments }) => {
      const text = 'Failed to start: the host is in pieces';
      for (const failing of ['deployVirtualMachine', 'startVirtualMachine']) {
        const job = newId();
        door.intercept(({ command, parameters }) => {
          if (command === failing) return jobTaken(command, job);
          return parameters.get('jobid') === job ? jobFailed(text) : undefined;
        });
        const { message } = await cpi.error('create_vm', await vmArguments());
        expect(message).toContain(text);
        expect(await ownership.changes()).toEqual([]);
      }
    },
  ),
  contractCase(
    {
      id: 'VM-50',
      title: 'Marks that cannot be made',
      proves: 'A VM that cannot be marked as the CPI’s own is taken back.',
    },
    async ({ cpi, door, ownership, vmArguments }) => {
      door.intercept(({ command }) =>
        command === 'createTags' ? cloudRefusal(command, 'no tags today') : undefined,
      );
      const { message } = await cpi.error('create_vm', await vmArguments());
      expect(message).toContain('no tags today');
      expect(await ownership.changes()).toEqual([]);
    },
  ),
];
