import { expect } from '@playwright/test';
import { createEnv, deleteEnv, type EnvManifest } from '../../lite/flows/create-env.js';
import { flowCase } from './flow-case.js';
import { diskPlan, lightStemcell, networksOf, type FlowTools } from './flow-tools.js';
import { heavyStemcell } from './heavy-stemcell.js';

/** What the CLI does without a Director. */
export const createEnvFlows = [
  flowCase(
    {
      id: 'FLOW-27',
      title: 'create-env and delete-env',
      proves:
        'The VM of create-env runs at its address with its disk, is left alone without a change, ' +
        'and is made anew with --recreate; delete-env leaves nothing.',
    },
    async (flow) => {
      const { cli, ledger, tools } = flow;
      const manifest = envManifest(flow);
      await flow.done(createEnv(cli, manifest));
      const { vmCid, currentDisk } = cli.state;
      const calls = tools.cpi.calls.length;
      await flow.done(createEnv(cli, manifest));
      expect(tools.cpi.calls.length - calls, 'calls of create-env without changes').toBe(0);
      await flow.done(createEnv(cli, manifest, { isRecreating: true }));
      expect(cli.state.vmCid).not.toBe(vmCid);
      expect(cli.state.currentDisk).toBe(currentDisk);
      await flow.done(deleteEnv(cli, manifest));
      expect([ledger.vms.size, ledger.disks.size]).toEqual([0, 0]);
    },
  ),
  flowCase(
    {
      id: 'FLOW-28',
      title: 'create-env with a larger disk and another stemcell',
      proves:
        'What is on the disk is on the larger one, and the old one is gone; after the other ' +
        'stemcell the first is gone.',
      needs: ['uploads'],
    },
    async (flow) => {
      const { cli, ledger, tools } = flow;
      const manifest = { ...envManifest(flow), stemcell: await heavyStemcell(tools, '1') };
      await flow.done(createEnv(cli, manifest));
      const larger = { ...manifest, disk: diskPlan(tools, 2048) };
      await flow.done(createEnv(cli, larger));
      expect([...ledger.disks.keys()]).toEqual([cli.state.currentDisk]);
      const upgraded = { ...larger, stemcell: await heavyStemcell(tools, '2') };
      await flow.done(createEnv(cli, upgraded));
      expect(ledger.stemcells.size).toBe(1);
      await flow.done(deleteEnv(cli, upgraded));
      expect(ledger.stemcells.size).toBe(0);
    },
  ),
];

function envManifest({ tools }: FlowTools): EnvManifest {
  return {
    name: 'flow-env',
    group: 'bosh',
    stemcell: lightStemcell(tools),
    properties: { compute_offering: tools.offers.computeOffering },
    networks: networksOf(tools),
    env: { bosh: { password: '*' } },
    disk: diskPlan(tools, 1024),
  };
}
