// Proves that ISOs are registered, downloaded, posted, listed and changed as templates are, and in what
// they differ: what VMs do not boot from has no operating system, and lists tell of them in other words.
import { expect, test } from '@playwright/test';
import {
  isoImage,
  isoValues,
  listedIsos,
  ofBosh,
  readyIso,
  registeredIso,
  URL_OF_ISO,
} from '../../../support/isos.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type Values,
} from '../../../support/simulator-client.js';
import { refusedUnchanged } from '../../../support/simulator-vms.js';
import {
  downloadingWorld,
  downloadsEnded,
  whileServing,
} from '../../../support/template-downloads.js';
import {
  formWith,
  listedTemplate,
  overHttp,
  twoZones,
  upload,
  uploadParams,
  type UploadParams,
} from '../../../support/template-uploads.js';

function without(name: string, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

test('an ISO is there at once, and listed among ISOs alone', () => {
  const world = testSimulator();
  const { user } = world;
  const values = {
    displaytext: 'an installer',
    isextractable: true,
    isdynamicallyscalable: true,
    passwordenabled: true,
    arch: 'aarch64',
  };
  const iso = registeredIso(world, user, {
    ...values,
    checksum: '{SHA-256}00ff',
    isfeatured: true,
    imagestoreuuid: 'not looked at',
  });
  expect(iso).toMatchObject({
    ...values,
    name: 'installer',
    format: 'ISO',
    bootable: true,
    ostypename: 'Other PV (64-bit)',
    isready: false,
    ispublic: false,
    isfeatured: false,
    bits: 64,
    checksum: '00ff',
    url: URL_OF_ISO,
    status: '',
    zonename: 'zone1',
    account: 'bosh',
    downloaddetails: [{ downloadState: 'NOT_DOWNLOADED' }],
  });
  expect(listedIsos(user, 'self')).toEqual([iso]);
  expect(listedTemplateNames(user)).not.toContain('installer');
  const { id } = iso;
  expect(user.fails('listTemplates', { templatefilter: 'self', id })).toMatchObject({
    errorcode: 431,
    errortext: 'Incorrect format ISO of the specified template id',
  });
  const template = world.simulator.world.templates.all()[0]!;
  expect(user.fails('listIsos', { id: template.id })).toMatchObject({
    errorcode: 431,
    errortext: 'Specified Template Id is not an ISO',
  });
});

function listedTemplateNames(client: TestClient): string[] {
  const { template = [] } = client.call('listTemplates', { templatefilter: 'executable' });
  return (template as Reply[]).map(({ name }) => name as string);
}

test('for another account, for all zones, and what is refused', () => {
  const world = twoZones();
  const { admin, user } = world;
  expect(registeredIso(world, admin, ofBosh(world))).toMatchObject({ account: 'bosh' });
  const everywhere = admin.call('registerIso', isoValues(world, { zoneid: -1 }))['iso'] as Reply[];
  expect(everywhere.map(({ zonename, crossZones }) => [zonename, crossZones])).toEqual([
    ['zone1', true],
    ['zone2', true],
  ]);
  const none = world.simulator.world.osTypes
    .all()
    .find(({ description }) => description === 'None')!;
  const refusals: readonly (readonly [Values, number, string])[] = [
    [{ ostypeid: none.id }, 431, 'Please pass a valid GuestOS Id'],
    [
      { zoneid: -1 },
      431,
      "Template registered for 'All zones' can only be owned a Root Admin account. Please select specific zone(s).",
    ],
    [{ url: 'file:///x.iso' }, 431, 'File:// type urls are currently unsupported'],
    [
      { url: 'http://images.example.org/x.qcow2' },
      431,
      'Please specify a valid URL. URL:/x.qcow2 is an invalid for the format iso',
    ],
    [{ arch: 'sparc' }, 431, 'Unsupported arch type: sparc'],
  ];
  for (const [values, code, text] of refusals) {
    const asked = isoValues(world, values);
    expect(refusedUnchanged(world, user, 'registerIso', asked)).toMatchObject({
      errorcode: code,
      errortext: text,
    });
  }
  const noZone = without('zoneid', isoValues(world));
  expect(user.fails('registerIso', noZone).errortext).toBe(
    'Unable to execute API command registeriso due to missing parameter zoneid',
  );
  world.simulator.world.settings.set('allow.public.user.templates', false);
  expect(
    refusedUnchanged(world, user, 'registerIso', isoValues(world, { ispublic: true })).errortext,
  ).toBe('Only private templates/ISO can be created.');
  admin.call('updateResourceLimit', { resourcetype: 4, max: 0, ...ofBosh(world) });
  expect(refusedUnchanged(world, user, 'registerIso', isoValues(world)).errorcode).toBe(535);
});

test('what nobody boots from has no operating system', () => {
  const world = testSimulator();
  const values = without('ostypeid', isoValues(world, { bootable: false }));
  const [iso] = world.user.call('registerIso', values)['iso'] as Reply[];
  expect(iso).toMatchObject({ bootable: false, ostypename: 'None' });
});

test('it is downloaded, and its status has words of its own', async () => {
  await whileServing(
    (request, response) => {
      response.end(request.url === '/bad.iso' ? 'no ISO' : isoImage('setup'));
    },
    async (origin) => {
      const world = downloadingWorld({
        'duration.template.download': 1_000,
        'duration.template.install': 5_000,
      });
      const { user, simulator } = world;
      registeredIso(world, user, { name: 'good', url: `${origin}/good.iso` });
      registeredIso(world, user, { name: 'bad', url: `${origin}/bad.iso` });
      await downloadsEnded(world);
      const [bad, good] = ['bad', 'good'].map(
        (name) => () => listedIsos(user, 'self', { name })[0],
      );
      simulator.kernel.advanceBy(3_000);
      expect(good!()).toMatchObject({ isready: false, status: 'Installing ISO' });
      simulator.kernel.advanceUntilIdle();
      expect(good!()).toMatchObject({
        isready: true,
        status: 'Successfully Installed',
        size: isoImage().length,
        downloaddetails: [{ downloadState: 'DOWNLOADED', downloadPercent: '100' }],
      });
      expect(bad!()?.['status']).toMatch(/^Failed to install: Template content is unsupported/);
    },
  );
});

test('it is posted; unless told so nobody boots from it', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const values = without('url', isoValues(world, { format: 'ISO', checksum: 'not looked at' }));
    const post = (more: Values): UploadParams =>
      world.user.call('getUploadParamsForIso', { ...values, ...more })[
        'getuploadparams'
      ] as UploadParams;
    const params = post({ bootable: true });
    expect(listedIsos(world.user, 'self')[0]).not.toHaveProperty('status');
    const answer = await upload(params, formWith(isoImage(), 'installer.iso'));
    expect([answer.status, answer.text]).toEqual([200, 'upload successful.']);
    world.simulator.kernel.advanceUntilIdle();
    expect(listedIsos(world.user, 'self', { id: params.id })[0]).toMatchObject({
      isready: true,
      bootable: true,
      status: 'Successfully Installed',
    });
    const other = post({});
    expect(listedIsos(world.user, 'self', { id: other.id })[0]).toMatchObject({
      bootable: false,
      ostypename: 'None',
    });
    const refused = await upload(other, formWith(Buffer.alloc(2_000, 1), 'installer.iso'));
    expect(refused.status).toBe(400);
  });
});

test('at a limit, uploads are refused in words of their own', () => {
  const world = testSimulator();
  world.admin.call('updateResourceLimit', { resourcetype: 4, max: 0, ...ofBosh(world) });
  const values = without('url', isoValues(world, { format: 'ISO' }));
  const refused = refusedUnchanged(world, world.user, 'getUploadParamsForIso', values);
  expect(refused.errorcode).toBe(530);
  expect(refused.errortext).toMatch(
    /^Exception while registering ISO: Maximum amount of resources/,
  );
  const noFormat = without('format', values);
  expect(world.user.fails('getUploadParamsForIso', noFormat)).toMatchObject({
    wrapper: 'postuploadisoresponse',
    errortext: 'Unable to execute API command postuploadiso due to missing parameter format',
  });
});

test('what lists of ISOs are narrowed down by', () => {
  const world = testSimulator();
  const { admin, user } = world;
  readyIso(world, user, { name: 'ready' });
  registeredIso(world, user, { name: 'arm', arch: 'aarch64' });
  registeredIso(world, user, { name: 'data', bootable: false });
  registeredIso(world, admin, { name: 'public', ispublic: true });
  const names = (filter: string | undefined, values: Values = {}): string[] => {
    const asked = { ...(filter === undefined ? {} : { isofilter: filter }), ...values };
    const { iso = [] } = user.call('listIsos', asked);
    return (iso as Reply[]).map(({ name }) => name as string);
  };
  expect(names(undefined)).toEqual(['ready']);
  expect(names('self')).toEqual(['ready', 'arm', 'data']);
  expect(names('self', { isready: true })).toEqual(['ready']);
  expect(names('self', { isready: false })).toEqual(['ready', 'arm', 'data']);
  expect(names('self', { bootable: false })).toEqual(['data']);
  expect(names('self', { arch: 'aarch64' })).toEqual(['arm']);
  expect(names('self', { name: 'arm' })).toEqual(['arm']);
  expect(names('self', { keyword: 'a' })).toEqual(['ready', 'arm', 'data']);
  expect(names('self', { hypervisor: 'KVM' })).toEqual([]);
  expect(names('self', { ispublic: true, showicon: true })).toEqual(['ready', 'arm', 'data']);
  expect(names('executable')).toEqual(['ready', 'arm', 'data', 'public']);
  const [iso] = listedIsos(user, 'self');
  const { zoneid } = iso!;
  expect(names('self', { zoneid: zoneid as string, page: 1, pagesize: 1 })).toEqual(['ready']);
  const tagged = { resourcetype: 'ISO', resourceids: iso!['id'] as string };
  user.done('createTags', { ...tagged, 'tags[0].key': 'a', 'tags[0].value': 'b' });
  expect(names('self', { 'tags[0].key': 'a', 'tags[0].value': 'b' })).toEqual(['ready']);
  expect(listedIsos(user, 'self')[0]!['tags']).toMatchObject([{ key: 'a', resourcetype: 'ISO' }]);
  const pool = world.simulator.world.storagePools.all()[0]!;
  expect(listedIsos(admin, 'all', { storageid: pool.id })).toEqual([]);
  expect(user.fails('listIsos', { isofilter: 'all' }).errortext).toBe(
    'Filter all can be specified by admin only',
  );
});

test('updateIso changes what an ISO says of itself, but for its format', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const { id } = registeredIso(world, user);
  const osType = simulator.world.osTypes.all()[1]!;
  const changed = user.call('updateIso', {
    id,
    name: 'other',
    displaytext: 'another one',
    ostypeid: osType.id,
    bootable: false,
    passwordenabled: true,
    sshkeyenabled: true,
    isdynamicallyscalable: true,
    sortkey: 3,
    arch: 'aarch64',
    'details[0].a': 'b',
    format: 'QCOW2',
    requireshvm: false,
  });
  expect(changed['iso']).toMatchObject({
    name: 'other',
    displaytext: 'another one',
    ostypeid: osType.id,
    bootable: false,
    isdynamicallyscalable: true,
    format: 'ISO',
    hypervisor: 'None',
    details: { a: 'b' },
  });
  expect(listedIsos(user, 'self')[0]).toMatchObject({ passwordenabled: true, arch: 'aarch64' });
  expect(simulator.world.templates.require(id as string)).toMatchObject({
    sshKeyEnabled: true,
    sortKey: 3,
    requiresHvm: true,
  });
  user.call('updateIso', { id, cleanupdetails: true });
  expect(user.call('updateIso', { id })['iso']).not.toHaveProperty('details');
  admin.call('updateIso', { id, isrouting: true });
  expect(simulator.world.templates.require(id as string).type).toBe('ROUTING');
  admin.call('updateIso', { id, isrouting: false });
  expect(simulator.world.templates.require(id as string).type).toBe('USER');
  expect(refusedUnchanged(world, user, 'updateIso', { id, isrouting: true }).errorcode).toBe(531);
  const foreign = registeredIso(world, admin)['id'];
  expect(refusedUnchanged(world, user, 'updateIso', { id: foreign, name: 'x' }).errorcode).toBe(
    531,
  );
});

test('who may use an ISO', () => {
  const world = testSimulator();
  const { user } = world;
  const { id } = registeredIso(world, user);
  user.call('updateIsoPermissions', {
    id,
    ispublic: true,
    isextractable: true,
    isfeatured: true,
    op: 'add',
    accounts: 'admin',
  });
  expect(listedIsos(user, 'self')[0]).toMatchObject({
    ispublic: true,
    isextractable: true,
    isfeatured: true,
  });
  expect(user.call('listIsoPermissions', { id })['templatepermission']).toMatchObject({
    id,
    ispublic: true,
    account: ['admin'],
  });
  user.call('updateIsoPermissions', { id, op: 'remove', accounts: 'admin' });
  user.call('updateIsoPermissions', { id, op: 'reset' });
  expect(user.call('listIsoPermissions', { id })['templatepermission']).toMatchObject({
    ispublic: false,
    account: ['bosh'],
  });
  const template = uploadParams(world, user).id;
  for (const [command, text] of [
    ['listIsoPermissions', 'Please provide a valid iso'],
    ['updateIsoPermissions', 'Please provide a valid iso'],
  ] as const) {
    expect(refusedUnchanged(world, user, command, { id: template })).toMatchObject({
      errorcode: 431,
      errortext: text,
    });
  }
  for (const command of ['listTemplatePermissions', 'updateTemplatePermissions'] as const) {
    expect(refusedUnchanged(world, user, command, { id })).toMatchObject({
      errorcode: 431,
      errortext: 'Please provide a valid template',
    });
  }
  world.simulator.world.settings.set('allow.public.user.templates', false);
  expect(
    refusedUnchanged(world, user, 'updateIsoPermissions', { id, ispublic: true }).errortext,
  ).toBe('Only private isos can be created.');
});

test('a copy in another zone, and deletion there and everywhere', () => {
  const world = twoZones();
  const { user, simulator } = world;
  const [one, two] = simulator.world.zones.all().map((zone) => zone.id);
  const id = readyIso(world, user);
  const copied = user.done('copyIso', { id, sourcezoneid: one!, destzoneid: two! });
  // CloudStack shows it as a template.
  expect(copied['template']).toMatchObject({ id, format: 'ISO', zonename: 'zone2', isready: true });
  expect(user.run('copyIso', { id, sourcezoneid: one!, destzoneids: one! })).toMatchObject({
    resultcode: 431,
    result: { errortext: 'Please specify different source and destination zones.' },
  });
  const zones = (): unknown[] => listedIsos(user, 'self').map(({ zonename }) => zonename);
  expect(zones()).toEqual(['zone1', 'zone2']);
  user.done('deleteIso', { id, zoneid: one! });
  expect(zones()).toEqual(['zone2']);
  user.done('deleteIso', { id });
  expect(zones()).toEqual([]);
  const { internalId } = simulator.world.templates.require(id);
  expect(user.run('deleteIso', { id })).toMatchObject({
    resultcode: 431,
    result: { errortext: `unable to find iso with id ${internalId}` },
  });
});

test('templates, foreign ISOs and those that are awaited are not deleted', () => {
  const world = testSimulator();
  const { admin, user, simulator } = world;
  const refused = (client: TestClient, command: string, id: unknown): unknown[] => {
    const { resultcode, result } = client.run(command, { id: id as string });
    return [resultcode, result['errortext']];
  };
  const template = simulator.world.templates.all()[0]!;
  expect(refused(admin, 'deleteIso', template.id)).toEqual([431, 'Please specify a valid iso.']);
  const { id } = registeredIso(world, user);
  expect(refused(user, 'deleteTemplate', id)).toEqual([431, 'Please specify a valid template.']);
  expect(refused(user, 'deleteIso', registeredIso(world, admin)['id'])[0]).toBe(530);
  const values = without('url', isoValues(world, { format: 'ISO' }));
  const posted = user.call('getUploadParamsForIso', values)['getuploadparams'] as UploadParams;
  expect(refused(user, 'deleteIso', posted.id)).toEqual([
    431,
    'The iso is either getting uploaded or it may be initiated shortly, please wait for it to be completed',
  ]);
  expect(listedTemplate(admin, template.id)).toBeTruthy();
});
