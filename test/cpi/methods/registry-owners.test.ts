// Proves whose settings in the registry delete_vm removes, which may be that of many: those of the VM,
// also when somebody took its tags off and the caller tells no version of its stemcell; and of a VM that
// CloudStack does not know, as it does not know that of another account, none that tell another owner.
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { cidOf, ofStemcell, startWithRegistry } from './registry-requests.js';
import { vmArguments } from './vm-requests.js';

const untold = ofStemcell(undefined);

/** An id that no VM of this zone has. */
const elsewhere = 'b0000000-0000-4000-8000-00000000000e';

const foundry = { ...advancedKvm, projects: [{ name: 'foundry', account: 'bosh' }] };

/** Of what the account of the CPI is and has. */
interface Ids {
  readonly account: string;
  readonly domain: string;
  readonly name: string;
  readonly project: string;
}

function idsIn({ simulator }: CpiZone): Ids {
  const { accounts, projects } = simulator.world;
  const { accountId } = simulator.userWithRole('User');
  const { domainId: domain, name } = accounts.require(accountId);
  const [project] = projects.all();
  return { account: `${domain}/${name}`, domain, name, project: project?.id ?? '' };
}

test('the settings of a VM go with it, though its tags are off and no version is told', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  const vm = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(1)));
  zone.admin.run('deleteTags', { resourcetype: 'UserVm', resourceids: vm });
  await zone.result('delete_vm', [vm], untold);
  expect(await registry.entries()).toEqual({});
});

test('a VM without any is deleted though the registry is away, which is told', async () => {
  await using zone = await startZone({}, 'direct', {
    registry: { endpoint: 'http://127.0.0.1:9', username: 'u', password: 'of-the-registry' },
  });
  const vm = cidOf(await zone.result('create_vm', vmArguments(), ofStemcell(3)));
  await zone.result('delete_vm', [vm], untold);
  expect(zone.diagnostics.join('\n')).toMatch(
    new RegExp(`warning: whether the registry has settings of VM .*${vm}.* is not known`),
  );
  expect(zone.simulator.world.vms.get(vm)?.state).toBe('Destroyed');
});

interface Case {
  /** The owner that the settings tell, if any. */
  readonly owner?: readonly [director: string, account: string];
  /** For whom the call is, as the configuration tells. */
  readonly properties?: object;
}

/** In a zone in which the account of the CPI has a project of its own. */
const cases: Readonly<Record<string, (own: Ids) => Case & { readonly stays: boolean }>> = {
  'another Director’s': ({ account }) => ({ owner: ['another', account], stays: true }),
  'a project’s, for a call that is for none': ({ project }) => ({
    owner: [directorUuid, project],
    stays: true,
  }),
  'another project’s': ({ project }) => ({
    owner: [directorUuid, elsewhere],
    properties: { project_id: project },
    stays: true,
  }),
  'another account’s': ({ domain, name }) => ({
    owner: [directorUuid, `${domain}/another`],
    properties: { account: name, domain_id: domain },
    stays: true,
  }),
  'its own': ({ account }) => ({ owner: [directorUuid, account], stays: false }),
  'its project’s': ({ project }) => ({
    owner: [directorUuid, project],
    properties: { project_id: project },
    stays: false,
  }),
  'its account’s': ({ account, domain, name }) => ({
    owner: [directorUuid, account],
    properties: { account: name, domain_id: domain },
    stays: false,
  }),
  'nobody’s, as earlier CPIs wrote them': () => ({ stays: false }),
};

for (const [whose, caseOf] of Object.entries(cases)) {
  test(`what the registry has for a VM that is not here: ${whose}`, async () => {
    await using place = await startWithRegistry({}, { simulator: { world: foundry } });
    const { zone, registry } = place;
    const { owner, properties = {}, stays } = caseOf(idsIn(zone));
    const [director, account] = owner ?? [];
    const settings = { agent_id: 'a', ...(owner && { cloudstack_cpi: { director, account } }) };
    const entries = { [elsewhere]: JSON.stringify(settings) };
    await registry.restore(entries);
    await zone.result('delete_vm', [elsewhere], ofStemcell(1, { properties }));
    expect(await registry.entries()).toEqual(stays ? entries : {});
    const told = `warning: the settings of VM ${elsewhere} stay in the registry: they are those of`;
    expect(zone.diagnostics.some((line) => line.startsWith(told))).toBe(stays);
  });
}

test('settings of a VM that is gone which nobody can read go, too', async () => {
  await using place = await startWithRegistry();
  const { zone, registry } = place;
  await registry.restore({ [elsewhere]: 'no JSON' });
  await zone.result('delete_vm', [elsewhere], ofStemcell(1));
  expect(await registry.entries()).toEqual({});
});
