// delete_vm of VMs that the Java and the Go CPI made.
import { holdAddress } from '../cpi/methods/load-balancer-requests.js';
import { agentId } from '../cpi/methods/vm-requests.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { earlierCpis, prepareForEarlierCpi } from '../support/earlier-cpis.js';
import { warmNetwork } from './made-before.js';
import { byBothAccounts, type Scenario } from './scenario.js';

/** A VM of an earlier CPI with a persistent disk, by the name that its Director knows. */
async function earlierVm(zone: CpiZone, name: keyof typeof earlierCpis): Promise<[string]> {
  const cpi = earlierCpis[name];
  prepareForEarlierCpi(zone);
  await warmNetwork(zone);
  const vip = '203.0.113.16';
  holdAddress(zone, vip);
  const request = { agentId, stemcell: 'ubuntu-jammy', ip: '10.203.6.40', vip };
  const { cid } = cpi.createVm(zone, request);
  cpi.setVmMetadata(zone, cid, { director: 'd', name: 'web/0' });
  const disk = cpi.createDisk(zone, 1_024);
  cpi.attachDisk(zone, cid, disk);
  return [cid];
}

export const earlierScenarios: readonly Scenario[] = [
  {
    method: 'delete_vm',
    about: 'of a VM of the Java CPI, by an account that may not expunge',
    prepare: (zone) => earlierVm(zone, 'Java'),
  },
  ...byBothAccounts({
    method: 'delete_vm',
    about: 'of a VM of the Go CPI',
    prepare: (zone) => earlierVm(zone, 'Go'),
  }),
];
