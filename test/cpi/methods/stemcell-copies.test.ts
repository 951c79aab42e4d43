// Proves that a light stemcell can become a template of the Director's own: by a VM that is there for a
// moment, once for each stemcell, with nothing left when it fails; and that all that can be checked is
// checked before that VM is created; against the simulated zone.
import { expect, test } from '@playwright/test';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import {
  at,
  directorUuid,
  startZone,
  type CallOptions,
  type CpiZone,
} from '../../support/cpi-zone.js';
import { idOf } from '../../support/simulator-vms.js';
import { drawnBy, interleaved, type Through } from '../../twice/interleaving.js';
import { vmArguments } from './vm-requests.js';

const dayMs = 24 * 3_600_000;
const properties = { name: 'bosh-jammy', version: '1.1' };
const copied = { ...properties, light_template: 'ubuntu-jammy', light_mode: 'copy' };
const means = { copy_compute_offering: 'm1.small', copy_network: 'NET_CS' };
const withMeans: CallOptions = { properties: { stemcell: means } };

function zoneWith(settings = {}): Promise<CpiZone> {
  const all = { 'allow.user.expunge.recover.vm': true, ...settings };
  return startZone({ world: { ...advancedKvm, settings: all } }, 'direct');
}

function templateOf(zone: CpiZone, id: unknown): unknown {
  const found = zone.user.call('listTemplates', { templatefilter: 'executable', id: String(id) });
  return at(found, 'template', 0);
}

test('it is a template of its own, outlives the other, serves VMs, and goes', async () => {
  await using zone = await zoneWith();
  const source = idOf(zone.simulator.world.templates.all(), 'ubuntu-jammy');
  const args = ['/none', copied, { tags: { team: 'a' } }];
  const cid = await zone.result('create_stemcell', args, { ...withMeans, apiVersion: 3 });
  expect(cid).not.toContain(source);
  expect(cid).not.toContain('light');
  expect(templateOf(zone, cid)).toMatchObject({
    isready: true,
    sourcetemplateid: source,
    displaytext: `bosh-jammy/1.1 (bosh-cpi-director ${directorUuid})`,
    hypervisor: 'KVM',
    ostypename: at(templateOf(zone, source), 'ostypename'),
    ispublic: false,
    tags: expect.arrayContaining([
      expect.objectContaining({ key: 'team', value: 'a' }),
      expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'stemcell' }),
      expect.objectContaining({ key: 'bosh-cpi-chosen', value: 'true' }),
    ]),
  });
  expect(zone.user.call('listVirtualMachines')).toEqual({});
  expect(zone.user.call('listVolumes')).toEqual({});
  zone.admin.done('deleteTemplate', { id: source, forced: true });
  const [vm] = (await zone.result('create_vm', vmArguments({ stemcell: String(cid) }))) as [string];
  await zone.result('delete_vm', [vm]);
  await zone.result('delete_stemcell', [cid]);
  expect(templateOf(zone, cid)).toBeUndefined();
});

test('the same stemcell is copied once, for each name, version and template', async () => {
  await using zone = await zoneWith();
  const create = (more = {}): Promise<unknown> =>
    zone.result('create_stemcell', ['/none', { ...copied, ...more }], withMeans);
  const first = await create();
  expect(await create()).toBe(first);
  expect(await create({ version: '1.2' })).not.toBe(first);
  // What is there already takes no means to make it.
  expect(await zone.result('create_stemcell', ['/none', copied])).toBe(first);
});

test('three at once answer one template, and leave no VM', async () => {
  await using zone = await zoneWith();
  const rewind = zone.simulator.bookmark();
  for (let number = 0; number < 4; number += 1) {
    rewind();
    const call = (through: Through): Promise<string> =>
      zone.call('create_stemcell', ['/none', copied], { ...withMeans, through });
    const seed = Number(process.env['SEED'] ?? 1);
    const answers = await interleaved([call, call, call], drawnBy(seed * 1_000 + number));
    const ids = new Set(answers.map((answer) => (JSON.parse(answer) as { result: string }).result));
    expect(ids.size, `SEED=${seed}, number ${number}`).toBe(1);
    const { templates, vms } = zone.simulator.world;
    expect(templates.all().filter(({ name }) => name.startsWith('stemcell-'))).toHaveLength(1);
    expect(vms.all()).toEqual([]);
  }
});

for (const [what, more, stemcell, message] of [
  ['no means to copy', {}, {}, /set stemcell\.copy_compute_offering and stemcell\.copy_network/],
  [
    'an offering that is not there',
    {},
    { ...means, copy_compute_offering: 'tiny' },
    /no compute offering "tiny"; the compute offerings are .*"m1\.small"/,
  ],
  [
    'a custom offering',
    {},
    { ...means, copy_compute_offering: 'custom' },
    /custom is custom: set stemcell\.copy_compute_offering/,
  ],
  [
    'a network that is not there',
    {},
    { ...means, copy_network: 'none' },
    /no network "none"; the networks are .*"NET_CS"/,
  ],
  ['a template that is not there', { light_template: 'gone' }, means, /no template "gone"/],
] as const) {
  test(`${what}: the error says so, and nothing is created`, async () => {
    await using zone = await zoneWith();
    const events = zone.simulator.kernel.log.after(0).length;
    const args = ['/none', { ...copied, ...more }];
    const error = await zone.error('create_stemcell', args, { properties: { stemcell } });
    expect(error).toMatchObject({ ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.simulator.kernel.log.after(0)).toHaveLength(events);
  });
}

for (const [what, limited, message] of [
  ['a VM', 'user_vm', /VM|vm|instance/i],
  ['a template', 'template', /template/i],
] as const) {
  test(`an account that may have no more of ${what} is told so, and nothing is left`, async () => {
    await using zone = await zoneWith();
    const { vms, volumes, templates } = zone.simulator.world;
    const { accountId } = zone.simulator.userWithRole('User');
    const { name, domainId } = zone.simulator.world.accounts.require(accountId);
    zone.admin.call('updateResourceLimit', {
      resourcetype: { user_vm: 0, template: 4 }[limited],
      max: 0,
      account: name,
      domainid: domainId,
    });
    const error = await zone.error('create_stemcell', ['/none', copied], withMeans);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('look after');
    expect([...vms.all(), ...volumes.all()]).toEqual([]);
    expect(templates.all().map((template) => template.name)).toEqual(['ubuntu-jammy']);
  });
}

test('an account that may not expunge leaves a destroyed VM, and no more', async () => {
  await using zone = await zoneWith({ 'allow.user.expunge.recover.vm': false });
  await zone.result('create_stemcell', ['/none', copied], withMeans);
  expect(zone.user.call('listVirtualMachines')).toEqual({});
  const { vms } = zone.simulator.world;
  expect(vms.all().map(({ state }) => state)).toEqual(['Destroyed']);
});

test('where only private templates may be made, it is private, and the log says so', async () => {
  await using zone = await zoneWith({ 'allow.public.user.templates': false });
  const cid = await zone.result('create_stemcell', ['/none', copied], {
    properties: { stemcell: means, stemcell_public_visibility: true },
  });
  expect(templateOf(zone, cid)).toMatchObject({ ispublic: false, isready: true });
  expect(zone.diagnostics.join('\n')).toContain('the stemcell is private');
});

test('a VM that cannot be removed is no failure: the log tells, and gc removes it', async () => {
  await using zone = await zoneWith();
  const through = (transport: Transport): Transport => ({
    close: () => {
      transport.close();
    },
    send: async (request) => {
      const isRemoval =
        typeof request.body === 'string' && /=destroyVirtualMachine&/.test(request.body);
      if (!isRemoval) return transport.send(request);
      const answer = { destroyvirtualmachineresponse: { errorcode: 530, errortext: 'no' } };
      return Promise.resolve({ status: 530, headers: {}, body: JSON.stringify(answer) });
    },
  });
  await zone.result('create_stemcell', ['/none', copied], { ...withMeans, through });
  expect(zone.diagnostics.join('\n')).toMatch(
    /warning: VM stemcell-work-\S+ stays until gc finds it/,
  );
  expect(await zone.gc()).toEqual([]);
  zone.simulator.kernel.advanceBy(2 * dayMs);
  expect(await zone.gc()).toMatchObject([{ forgotten: { kind: 'VM' }, outcome: 'deleted' }]);
  expect(zone.simulator.world.vms.all()).toEqual([]);
});
