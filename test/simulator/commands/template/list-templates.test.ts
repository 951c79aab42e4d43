// Proves which templates each filter of listTemplates shows to whom, ready or not, that an id
// passes by the filter but not by the owner, and who sees the status.
import { expect, test } from '@playwright/test';
import { testSimulator, type TestClient, type Values } from '../../../support/simulator-client.js';
import { idOf } from '../../../support/simulator-vms.js';
import { twoZones, uploadParams } from '../../../support/template-uploads.js';

function names(client: TestClient, templatefilter: string, values: Values = {}): string[] {
  const rows = client.call('listTemplates', { templatefilter, ...values })['template'] as
    { name: string }[] | undefined;
  return (rows ?? []).map((row) => row.name);
}

/** The default template, which is public and featured, and three that nobody has uploaded yet. */
function worldWithTemplates() {
  const world = testSimulator();
  uploadParams(world, world.user, { name: 'mine' });
  uploadParams(world, world.user, { name: 'mine-public', ispublic: true });
  uploadParams(world, world.admin, { name: 'admins' });
  return world;
}

const everywhere: readonly (readonly [filter: string, user: string[], admin: string[]])[] = [
  ['featured', ['ubuntu-jammy'], ['ubuntu-jammy']],
  ['community', [], []],
  ['self', ['mine', 'mine-public'], ['ubuntu-jammy', 'admins']],
  ['selfexecutable', [], ['ubuntu-jammy']],
  [
    'executable',
    ['ubuntu-jammy', 'mine', 'mine-public'],
    ['ubuntu-jammy', 'mine-public', 'admins'],
  ],
  ['shared', [], []],
  ['sharedexecutable', [], []],
];

for (const [filter, user, admin] of everywhere) {
  test(`filter ${filter}`, () => {
    const world = worldWithTemplates();
    expect(names(world.user, filter)).toEqual(user);
    expect(names(world.admin, filter)).toEqual(admin);
    expect(names(world.admin, filter, { listall: true })).toEqual(admin);
  });
}

test('filter all is for admins', () => {
  const world = worldWithTemplates();
  expect(names(world.admin, 'all')).toEqual(['ubuntu-jammy', 'mine', 'mine-public', 'admins']);
  expect(world.user.fails('listTemplates', { templatefilter: 'all' })).toMatchObject({
    httpStatus: 431,
    cserrorcode: 4350,
    errortext: 'Filter all can be specified by admin only',
  });
});

test('the filter is required, and a wrong one is named', () => {
  const { user } = testSimulator();
  expect(user.fails('listTemplates').errortext).toBe(
    'Unable to execute API command listtemplates due to missing parameter templatefilter',
  );
  expect(user.fails('listTemplates', { templatefilter: 'mine' })).toMatchObject({
    httpStatus: 431,
    errortext: 'No enum constant com.cloud.template.VirtualMachineTemplate.TemplateFilter.mine',
  });
});

test('an id passes by the filter, yet not by whether the template is ready', () => {
  const world = worldWithTemplates();
  const { templates } = world.simulator.world;
  const ubuntu = idOf(templates.all(), 'ubuntu-jammy');
  const mine = idOf(templates.all(), 'mine');
  expect(names(world.user, 'self', { id: ubuntu })).toEqual(['ubuntu-jammy']);
  expect(names(world.user, 'self', { id: mine })).toEqual(['mine']);
  expect(names(world.user, 'featured', { id: mine })).toEqual([]);
  expect(names(world.user, 'self', { id: mine, name: 'other' })).toEqual([]);
});

test('a private template of somebody else is refused by id, a root admin sees it', () => {
  const world = worldWithTemplates();
  const { templates } = world.simulator.world;
  const refused = world.user.fails('listTemplates', {
    templatefilter: 'executable',
    id: idOf(templates.all(), 'admins'),
  });
  expect(refused).toMatchObject({ httpStatus: 531, cserrorcode: 4365 });
  expect(refused.errortext).toContain('does not have permission to launch instances from template');
  expect(names(world.admin, 'self', { id: idOf(templates.all(), 'mine') })).toEqual(['mine']);
});

test('a deleted id lists nothing, one that never was is an error', () => {
  const world = testSimulator();
  const id = idOf(world.simulator.world.templates.all(), 'ubuntu-jammy');
  world.admin.done('deleteTemplate', { id });
  expect(world.user.call('listTemplates', { templatefilter: 'executable', id })).toEqual({});
  expect(
    world.user.fails('listTemplates', { templatefilter: 'executable', id: 'nothing' }).errortext,
  ).toMatch(
    /^Unable to execute API command listtemplates due to invalid value. Invalid parameter id/,
  );
});

test('the status is for the owner and root admins, whether it is ready for everybody', () => {
  const world = testSimulator();
  const seen = (client: TestClient) =>
    client.call('listTemplates', { templatefilter: 'featured' })['template'][0];
  expect(seen(world.user)).toMatchObject({ isready: true, size: 5 * 1024 ** 3 });
  expect(seen(world.user)).not.toHaveProperty('status');
  expect(seen(world.admin)).toMatchObject({ isready: true, status: 'Download Complete' });
});

test('names are compared whole, keywords in part', () => {
  const world = worldWithTemplates();
  expect(names(world.user, 'self', { name: 'MINE' })).toEqual(['mine']);
  expect(names(world.user, 'self', { name: 'min' })).toEqual([]);
  expect(names(world.user, 'self', { keyword: 'ine-p' })).toEqual(['mine-public']);
  const ids = world.simulator.world.templates.all().map((row) => row.id);
  expect(names(world.user, 'self', { ids: ids.slice(1, 2).join(',') })).toEqual(['mine']);
  expect(
    world.user.fails('listTemplates', { templatefilter: 'self', id: ids[1]!, ids: ids[2]! }),
  ).toMatchObject({ httpStatus: 431 });
});

test('hypervisors that the cloud does not have hide their templates', () => {
  const world = testSimulator();
  uploadParams(world, world.user, { name: 'xen', hypervisor: 'XenServer', format: 'VHD' });
  uploadParams(world, world.user, { name: 'kvm' });
  expect(names(world.user, 'self')).toEqual(['kvm']);
  expect(names(world.user, 'self', { hypervisor: 'kvm' })).toEqual(['kvm']);
  expect(names(world.user, 'self', { hypervisor: 'XenServer' })).toEqual([]);
});

test('tags are joined by "or"', () => {
  const world = worldWithTemplates();
  const id = idOf(world.simulator.world.templates.all(), 'mine');
  world.user.done('createTags', {
    resourceids: id,
    resourcetype: 'Template',
    'tags[0].key': 'director',
    'tags[0].value': 'bosh',
  });
  const tag = { 'tags[0].key': 'director', 'tags[0].value': 'bosh' };
  const other = { 'tags[1].key': 'director', 'tags[1].value': 'other' };
  expect(names(world.user, 'self', { ...tag, ...other })).toEqual(['mine']);
  expect(names(world.user, 'self', { 'tags[0].key': 'director', 'tags[0].value': 'x' })).toEqual(
    [],
  );
});

test('a template of several zones is listed once for each', () => {
  const world = twoZones();
  expect(world.user.call('listTemplates', { templatefilter: 'featured' })).toMatchObject({
    count: 2,
    template: [{ zonename: 'zone1' }, { zonename: 'zone2' }],
  });
  const zoneid = idOf(world.simulator.world.zones.all(), 'zone2');
  expect(names(world.user, 'featured', { zoneid })).toEqual(['ubuntu-jammy']);
});
