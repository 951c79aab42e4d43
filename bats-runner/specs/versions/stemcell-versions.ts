import { expect } from '@playwright/test';
import type { CallOptions } from '../../contract/cpi-under-test.js';
import type { CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { textOf } from '../../json.js';
import { settingsOf, valueAt } from '../vm/agent-settings.js';

/** The API version of a stemcell, which says where its agent looks for its settings. */
export const stemcellVersionCases = [
  contractCase(
    {
      id: 'VER-04',
      title: 'Stemcell of version 1 without and with a registry',
      proves:
        'create_vm from a stemcell of API version 1, whose agent asks a registry, fails without one ' +
        'before anything is created and says why. With one the agent is told where it is and finds ' +
        'its settings there, its disks among them as long as they are attached, until the VM is gone.',
      versions: [1, 2, 3],
    },
    async (tools) => {
      const { cpi, door, vmArguments } = tools;
      const args = await vmArguments();
      const first = door.requests.length;
      const { message, okToRetry } = await cpi.error('create_vm', args, { stemcellApiVersion: 1 });
      expect(message).toMatch(/registry/);
      expect(message).toMatch(/api_version/);
      expect(okToRetry).toBe(false);
      expect(door.requests.slice(first)).toEqual([]);

      // Older callers do not tell the version of any stemcell, nor does the Director of one whose
      // manifest has none. They are not refused for it.
      const { stderr, error } = await cpi.call('create_vm', args, { stemcellApiVersion: null });
      expect(error).toBeNull();
      expect(stderr).toMatch(/registry/);

      await findsSettingsInRegistry(tools);
    },
  ),
  contractCase(
    {
      id: 'VER-05',
      title: 'Stemcell of version 2 without a registry',
      proves: 'The agent of a stemcell of API version 2 or 3 finds its settings in the user data.',
      needs: ['simulator'],
      versions: [1, 2, 3],
    },
    async ({ cpi, simulator, newId, vmArguments }) => {
      for (const stemcellApiVersion of [2, 3]) {
        const agentId = newId();
        const args = await vmArguments({ agentId });
        const vm = await cpi.cid('create_vm', args, { stemcellApiVersion });
        const url = 'http://data-server/latest/user-data';
        const settings = JSON.parse((await simulator.guestHttp(vm, url)) ?? 'null') as unknown;
        expect(settings).toMatchObject({ agent_id: agentId, networks: { private: {} } });
      }
    },
  ),
];

async function findsSettingsInRegistry(tools: CaseTools): Promise<void> {
  const { cpi, cloud, newId, vmArguments, createDisk, openRegistry } = tools;
  const registry = await openRegistry();
  const options: CallOptions = {
    stemcellApiVersion: 1,
    configuration: (usual) => ({ ...usual, registry: registry.section }),
  };
  const agentId = newId();
  const vm = await cpi.cid('create_vm', await vmArguments({ agentId }), options);
  const pointer = await settingsOf(cloud, vm);
  // An agent that knows of settings in user data would take them for good.
  expect(pointer['agent_id']).toBeUndefined();
  expect(valueAt(pointer, 'registry', 'endpoint')).toBe(registry.agentEndpoint);
  const name = textOf(valueAt(pointer, 'server', 'name'));
  const persistent = (): unknown => valueAt(registry.settings(name), 'disks', 'persistent');
  expect(registry.settings(name)).toMatchObject({ agent_id: agentId, networks: { private: {} } });
  expect(persistent()).toEqual({});

  const disk = await createDisk(1024, vm);
  const hint = await cpi.result('attach_disk', [vm, disk], options);
  expect(persistent()).toEqual({ [disk]: hint ?? expect.anything() });
  await cpi.result('detach_disk', [vm, disk], options);
  expect(persistent()).toEqual({});
  await cpi.result('delete_vm', [vm], options);
  expect(registry.settings(name)).toBeUndefined();
}
