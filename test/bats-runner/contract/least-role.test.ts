// The role that `cloudstack-cpi permissions` prints is enough for the contract, which is run by an
// account that has it (contract.spec.ts), and nothing in it is too much: for each of its rules there
// is a case that the CPI does not pass without it.
import { expect, test } from '@playwright/test';
import { runCase } from '../../../bats-runner/contract/run-case.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import type { Right } from '../../../cpi/permissions/needs.js';
import { openSession, printedRole, type InProcessSession } from './in-process-session.js';

/** By rule: a case that fails without it. */
const neededBy = {
  assignToLoadBalancerRule: 'VM-46',
  associateIpAddress: 'NET-03',
  attachVolume: 'DSK-22',
  changeOfferingForVolume: 'DSK-31',
  copyTemplate: 'DSK-04',
  createAffinityGroup: 'VM-41',
  createLoadBalancerRule: 'VM-46',
  createNetwork: 'NET-21',
  createPortForwardingRule: 'NET-24',
  createSnapshot: 'SNP-01',
  createTags: 'DSK-01',
  createTemplate: 'STM-19',
  createVolume: 'DSK-01',
  deleteAffinityGroup: 'VM-41',
  deleteLoadBalancerRule: 'VM-46',
  deleteNetwork: 'NET-21',
  deletePortForwardingRule: 'NET-24',
  deleteSSHKeyPair: 'VM-56',
  deleteSnapshot: 'SNP-01',
  deleteTags: 'MET-03',
  deleteTemplate: 'STM-01',
  deleteVolume: 'DSK-01',
  deployVirtualMachine: 'VM-12',
  destroyVirtualMachine: 'VM-12',
  detachVolume: 'DSK-20',
  disableStaticNat: 'NET-24',
  disassociateIpAddress: 'NET-03',
  enableStaticNat: 'NET-03',
  expungeVirtualMachine: 'VM-57',
  getUploadParamsForTemplate: 'STM-01',
  listAffinityGroups: 'VM-41',
  listCapabilities: 'VM-25',
  listDiskOfferings: 'DSK-01',
  listLoadBalancerRuleInstances: 'VM-46',
  listLoadBalancerRules: 'VM-46',
  listNetworkACLLists: 'NET-23',
  listNetworkOfferings: 'NET-21',
  listNetworks: 'VM-12',
  listOsTypes: 'STM-01',
  listPortForwardingRules: 'NET-24',
  listPublicIpAddresses: 'NET-03',
  listSSHKeyPairs: 'VM-56',
  listServiceOfferings: 'VM-12',
  listSnapshots: 'SNP-01',
  listTags: 'MET-07',
  listTemplates: 'VM-12',
  listVPCs: 'NET-23',
  listVirtualMachines: 'VM-02',
  listVolumes: 'DSK-02',
  listZones: 'DSK-01',
  queryAsyncJobResult: 'DSK-01',
  rebootVirtualMachine: 'VM-13',
  registerSSHKeyPair: 'VM-56',
  registerTemplate: 'STM-09',
  removeFromLoadBalancerRule: 'VM-46',
  resizeVolume: 'DSK-23',
  startVirtualMachine: 'VM-12',
  stopVirtualMachine: 'VM-12',
  updateVirtualMachine: 'VM-12',
  updateVmNicIp: 'VM-09',
} satisfies Partial<Record<Right, string>>;

/**
 * `check` asks for the first one what there is, as test/cpi/check/inspect.test.ts shows. The second
 * is for a job that has not begun, which no case can bring about in time, as
 * test/cpi/methods/disk-changes.test.ts does.
 */
const ofNoCase = ['listApis', 'listAsyncJobs'];

let session: InProcessSession;
test.beforeAll(async () => {
  session = await openSession();
});
test.afterAll(() => session.close());

test('each rule is needed by a case, or by an operator', () => {
  const allowed = printedRole.rules.filter(({ permission }) => permission === 'allow');
  expect(allowed.map(({ rule }) => rule).sort()).toEqual(
    [...Object.keys(neededBy), ...ofNoCase].sort(),
  );
});

for (const [right, id] of Object.entries(neededBy)) {
  test(`without ${right} ${id} fails`, async () => {
    const contractCase = contractCases.find((found) => found.id === id)!;
    const rest = printedRole.rules.filter(({ rule }) => rule !== right);
    const outcome = await runCase(session.allowing(rest), contractCase, 2).then(
      () => 'it passes',
      (failure: unknown) => String(failure),
    );
    expect(outcome).toContain(right);
  });
}
