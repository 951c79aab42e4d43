import { expect } from '@playwright/test';
import { manualNetwork, type VmWishes } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { changes } from '../stemcell/light.js';
import { cloudRefusal } from './refusal.js';

/** max_vm_create_tries of a Director. */
const triesOfDirector = 5;

/** create_vm that fails, and what the Director may do about it. */
export const failedCreateCases = [
  contractCase(
    {
      id: 'ERR-01',
      title: 'Failures that may pass',
      proves:
        'create_vm that finds no room is VMCreationFailed with ok_to_retry; the same call again ' +
        'makes the one VM as soon as there is room.',
    },
    async ({ cpi, cloud, door, vmArguments }) => {
      const args = await vmArguments();
      const before = await cloud.list('listVirtualMachines', 'virtualmachine');
      const text = 'Unable to create a deployment for VM due to insufficient capacity';
      let full = triesOfDirector - 1;
      door.intercept(({ command }) => {
        if (command !== 'startVirtualMachine' || full === 0) return undefined;
        full -= 1;
        return cloudRefusal(command, text, 533);
      });
      for (let attempt = 1; attempt < triesOfDirector; attempt += 1) {
        expect(await cpi.error('create_vm', args)).toMatchObject({
          type: 'Bosh::Clouds::VMCreationFailed',
          okToRetry: true,
        });
        const now = await cloud.list('listVirtualMachines', 'virtualmachine');
        expect(now).toHaveLength(before.length);
      }
      const vm = await cpi.cid('create_vm', args);
      expect(await cloud.vm(vm)).toMatchObject({ state: 'Running' });
      const now = await cloud.list('listVirtualMachines', 'virtualmachine');
      expect(now).toHaveLength(before.length + 1);
    },
  ),
  contractCase(
    {
      id: 'ERR-02',
      title: 'Failures that do not pass',
      proves: 'create_vm that cannot succeed as it is called is no reason to call it again.',
    },
    async ({ cpi, offers, createVm, address, vmArguments }) => {
      const ip = address(offers.network);
      const taken = { networks: { private: manualNetwork(offers.network, ip) } };
      await createVm(taken);
      for (const [wishes, names] of [
        [taken, ip],
        [{ properties: { compute_offering: 'none-such' } }, 'none-such'],
        [{ properties: { zone: 'no-such-zone' } }, 'no-such-zone'],
        [
          { networks: { private: manualNetwork({ ...offers.network, name: 'no-such-net' }, ip) } },
          'no-such-net',
        ],
      ] as const) {
        const { message, okToRetry } = await cpi.error('create_vm', await vmArguments(wishes));
        expect(message).toContain(names);
        expect(okToRetry, message).toBe(false);
      }
    },
  ),
  contractCase(
    {
      id: 'ERR-03',
      title: 'Agent that never answers',
      proves:
        'A VM whose agent was never heard can be deleted at once, and its address used again.',
    },
    async ({ cpi, cloud, offers, createVm, address }) => {
      // After agent_wait_timeout the Director deletes the VM (create_vm_step.rb).
      const ip = address(offers.network);
      const networks = { private: manualNetwork(offers.network, ip) };
      const silent = await createVm({ networks });
      expect(await cpi.result('delete_vm', [silent])).toBeNull();
      expect(await cpi.result('has_vm', [silent])).toBe(false);
      const next = await createVm({ networks });
      expect(await cloud.vm(next)).toMatchObject({ nic: [{ ipaddress: ip }] });
    },
  ),
  contractCase(
    {
      id: 'ERR-16',
      title: 'Nothing leaks from a failed create_vm',
      proves:
        'Whichever of its requests the cloud refuses, create_vm leaves no VM, volume, address, tag ' +
        'or group.',
      needs: ['vips'],
    },
    async ({ cpi, door, offers, ownership, newId, address, stemcell, vmArguments }) => {
      const [vip = ''] = offers.vips ?? [];
      const light = await stemcell();
      const wishes = (): VmWishes => ({
        stemcell: light,
        properties: {
          disk: 2048,
          ephemeral_disk_offering: offers.diskOffering,
          affinity_group: `contract-${newId()}`,
        },
        networks: {
          private: manualNetwork(offers.network, address(offers.network)),
          public: { type: 'vip', ip: vip, cloud_properties: {} },
        },
      });
      const first = door.requests.length;
      const vm = await cpi.cid('create_vm', await vmArguments(wishes()));
      const steps = changes(door.requests.slice(first));
      await cpi.result('delete_vm', [vm]);
      expect(steps).toContain('deployVirtualMachine');

      for (const position of steps.keys()) {
        const args = await vmArguments(wishes());
        let seen = -1;
        let refused = '';
        door.intercept((request) => {
          if (changes([request]).length === 0) return undefined;
          seen += 1;
          if (seen !== position) return undefined;
          refused = request.command;
          return cloudRefusal(request.command, 'refused by the contract');
        });
        const { error } = await cpi.call('create_vm', args);
        door.intercept(() => undefined);
        const where = `request ${position + 1}, ${refused}`;
        expect(error, where).not.toBeNull();
        expect(await ownership.changes(), where).toEqual([]);
      }
    },
  ),
];
