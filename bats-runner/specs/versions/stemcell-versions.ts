import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';

/** The API version of a stemcell, which says where its agent looks for its settings. */
export const stemcellVersionCases = [
  contractCase(
    {
      id: 'VER-04',
      title: 'Stemcell of version 1 without a registry',
      proves:
        'create_vm from a stemcell of API version 1, whose agent asks a registry that is not there, ' +
        'fails before anything is created and says why.',
      versions: [1, 2, 3],
    },
    async ({ cpi, door, vmArguments }) => {
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
