import { expect } from '@playwright/test';
import { manualNetwork, offered } from '../../contract/case-tools.js';
import type { CpiConfiguration } from '../../contract/cpi-under-test.js';
import { textOf, type JsonObject } from '../../json.js';
import { deleteDeployment, deploy, recreate } from '../../lite/flows/deploy.js';
import { changeState } from '../../lite/flows/stop-start.js';
import { uploadStemcell } from '../../lite/flows/upload-stemcell.js';
import type { Stemcell } from '../../lite/records.js';
import { settingsOf, valueAt } from '../vm/agent-settings.js';
import { deployDb, flowCase } from './flow-case.js';
import {
  dbManifest,
  diskPlan,
  flowName,
  lightStemcell,
  snapshotOf,
  type FlowTools,
} from './flow-tools.js';
import { heavyStemcell } from './heavy-stemcell.js';

/** Flows of Directors with a registry, or with more than one CPI. */
export const surroundingsFlows = [
  flowCase(
    {
      id: 'FLOW-33',
      title: 'Stemcell of version 1 with a registry',
      proves:
        'Whichever VM an instance has at a time, its agent finds its settings and its disk in the ' +
        'registry; nothing is left there of VMs that are gone.',
    },
    async (flow) => {
      const { director, tools } = flow;
      const registry = await tools.openRegistry();
      flow.calls = { configuration: (usual) => ({ ...usual, registry: registry.section }) };
      const archive = { ...lightStemcell(tools), apiVersion: 1 };
      const { instance } = await deployDb(flow, {}, archive);
      const names: string[] = [];
      const looksUp = async (): Promise<void> => {
        const { vm, disks } = snapshotOf(instance);
        const pointer = await settingsOf(tools.cloud, vm);
        const name = textOf(valueAt(pointer, 'server', 'name'));
        const settings = registry.settings(name);
        expect(settings).toMatchObject({ agent_id: instance.vm?.agentId });
        expect(Object.keys(valueAt(settings, 'disks', 'persistent') as object)).toEqual(disks);
        expect(names.map((earlier) => registry.settings(earlier))).toEqual(
          names.map(() => undefined),
        );
        names.push(name);
      };
      await looksUp();
      await flow.done(recreate(director, flowName));
      await looksUp();
      await flow.done(changeState(director, flowName, 'stop --hard'));
      await flow.done(changeState(director, flowName, 'start'));
      await looksUp();
      await flow.done(deleteDeployment(director, flowName));
      expect(names.map((name) => registry.settings(name))).toEqual(names.map(() => undefined));
    },
  ),
  flowCase(
    {
      id: 'FLOW-34',
      title: 'Several CPIs',
      proves:
        'With a cpi-config each stemcell, VM and disk is made, changed and deleted in the zone of ' +
        'its CPI with what comes in the context of each request; cpi.json has no keys.',
      needs: ['uploads', 'two zones'],
    },
    async (flow) => {
      const { director, tools } = flow;
      const { zone, network } = offered(tools.offers.secondZone);
      await configureCpis(flow, { first: tools.offers.zone, second: zone });
      const archive = await heavyStemcell(tools);
      const upload = (cpi: string): Promise<Stemcell> =>
        flow.done(uploadStemcell(director, archive, { cpi }));
      const [first, second] = [await upload('first'), await upload('second')];
      const { groups, ...rest } = dbManifest(tools, first);
      const web = {
        name: 'web',
        stemcell: second,
        properties: { compute_offering: tools.offers.computeOffering },
        networks: { private: manualNetwork(network, tools.address(network)) },
        disks: [diskPlan(tools, 1024)],
      };
      await flow.done(deploy(director, { ...rest, groups: [...groups, web] }));
      const before = ['db', 'web'].map((group) => snapshotOf(director.instance(flowName, group)));
      await flow.done(recreate(director, flowName));
      for (const [position, group] of ['db', 'web'].entries()) {
        const { vm, disks } = snapshotOf(director.instance(flowName, group));
        expect(disks).toEqual(before[position]?.disks);
        const row = await tools.cloud.vm(vm);
        expect(row?.['zonename']).toBe([tools.offers.zone, zone][position]);
      }
    },
  ),
];

/** Takes the keys from the file, and puts them into the cpi-config, with a zone for each CPI. */
async function configureCpis(
  flow: FlowTools,
  zones: Readonly<Record<string, string>>,
): Promise<void> {
  const configuration = (usual: CpiConfiguration): CpiConfiguration => {
    const { api_key, secret_access_key, ...others } = usual['cloudstack'] ?? {};
    for (const [name, zone] of Object.entries(zones)) {
      const properties: JsonObject = { api_key, secret_access_key, default_zone: zone };
      flow.cpis[name] = { cloudstack: properties };
    }
    return { ...usual, cloudstack: others };
  };
  flow.calls = { configuration };
  // What the file would have had is known once there is a file.
  await flow.tools.cpi.call('info', [], flow.calls);
}
