// Proves that a stemcell image becomes a template from which VMs start, and that only templates of
// a CPI are ever deleted; against the simulated zone over HTTP.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { twoZones } from '../stemcells/two-zones.js';
import { bzip2, openstackImage, qcow2, rawDisk, tar, vhd } from '../support/stemcell-files.js';
import { emptyQcow2 } from '../../../bats-runner/stemcell/qcow2.js';
import { stemcellDiskMib, stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import type { WorldDescriptionInput } from '../../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

const properties = {
  name: 'bosh-openstack-kvm-ubuntu-jammy-go_agent',
  version: '1.1',
  hypervisor: 'kvm',
  infrastructure: 'openstack',
  disk_format: 'qcow2',
};

let folder: string;
let image: string;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stemcell-'));
  image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A cloud with a cluster of each hypervisor: templates for others are listed nowhere. */
const withEachHypervisor: WorldDescriptionInput = {
  ...advancedKvm,
  zones: advancedKvm.zones.map((zone) => ({
    ...zone,
    pods: zone.pods.map((pod) => ({
      ...pod,
      clusters: [
        ...pod.clusters,
        ...(['XenServer', 'VMware'] as const).map((hypervisor) => ({
          name: hypervisor,
          hypervisor,
          hosts: [{ name: `host-${hypervisor}` }],
          pools: [{ name: `pool-${hypervisor}`, sizeGib: 1_000 }],
        })),
      ],
    })),
  })),
};

function templateOf(zone: CpiZone, id: string): unknown {
  const found = zone.user.call('listTemplates', { templatefilter: 'executable', id });
  return at(found, 'template', 0);
}

test('an image becomes a template with marks and tags, serves a VM, and goes', async () => {
  await using zone = await startZone();
  const v3 = { apiVersion: 3 };
  const args = [image, properties, { tags: { team: 'a' } }];
  const stemcell = (await zone.result('create_stemcell', args, v3)) as string;
  expect(templateOf(zone, stemcell)).toMatchObject({
    isready: true,
    displaytext: `${properties.name}/1.1 (bosh-cpi-director ${directorUuid})`,
    hypervisor: 'KVM',
    format: 'QCOW2',
    tags: expect.arrayContaining([
      expect.objectContaining({ key: 'team', value: 'a' }),
      expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'stemcell' }),
    ]),
  });
  const [vm] = (await zone.result('create_vm', vmArguments({ stemcell }))) as [string];
  await zone.result('delete_vm', [vm]);
  await zone.result('delete_stemcell', [stemcell]);
  await zone.result('delete_stemcell', [stemcell]);
  expect(templateOf(zone, stemcell)).toBeUndefined();
});

test('a light stemcell that names no template is told so, and a misspelt key with it', async () => {
  await using zone = await startZone();
  const file = join(mkdtempSync(join(tmpdir(), 'light-')), 'image');
  writeFileSync(file, '');
  for (const given of [{ light_templat: 'ubuntu-jammy' }, { light_template: '' }]) {
    const { message } = await zone.error('create_stemcell', [file, given]);
    expect(message).toMatch(
      /the file is empty: .*a light one, .* name a template \(light_template\)/,
    );
    const isMisspelt = 'light_templat' in given;
    expect(message.includes('did you mean light_template?')).toBe(isMisspelt);
  }
  expect(zone.diagnostics).toContain(
    'warning: the stemcell: light_templat is unknown and was ignored (did you mean light_template?)',
  );
  const strict = { properties: { strict_properties: true } };
  const given = { light_templat: 'ubuntu-jammy', some_builders_own: 1 };
  const { message } = await zone.error('create_stemcell', [file, given], strict);
  expect(message).toMatch(/stemcell: light_templat is unknown \(did you mean light_template\?\)$/);
});

test('one stemcell is one template for each Director, however often it is uploaded', async () => {
  await using zone = await startZone();
  const upload = (args: unknown[], more = {}): Promise<unknown> =>
    zone.result('create_stemcell', args, { apiVersion: 3, ...more });
  const first = await upload([image, properties]);
  const isTold = (): boolean =>
    zone.diagnostics.some((line) =>
      line.includes(`template ${String(first)} is this stemcell already`),
    );
  expect(isTold()).toBe(false);
  expect(await upload([image, properties, { tags: { team: 'b' } }])).toBe(first);
  expect(isTold()).toBe(true);
  expect(at(templateOf(zone, String(first)), 'tags')).toContainEqual(
    expect.objectContaining({ key: 'team', value: 'b' }),
  );
  const others = [
    await upload([image, { ...properties, version: '1.2' }]),
    await upload([image, properties], { properties: { director_uuid: 'another' } }),
  ];
  expect(new Set([first, ...others]).size).toBe(3);
  await zone.result('delete_stemcell', [first]);
  expect(await upload([image, properties])).not.toBe(first);
});

test('each zone has one of its own, and it is found again there', async () => {
  await using zone = await startZone({ world: twoZones('bosh') });
  const upload = (name: string): Promise<unknown> =>
    zone.result('create_stemcell', [image, properties], { properties: { default_zone: name } });
  const [first, second] = [await upload('zone1'), await upload('zone2')];
  expect(second).not.toBe(first);
  expect(templateOf(zone, String(first))).toMatchObject({ zonename: 'zone1', isready: true });
  expect(templateOf(zone, String(second))).toMatchObject({ zonename: 'zone2', isready: true });
  expect([await upload('zone1'), await upload('zone2')]).toEqual([first, second]);
});

test('another operating system makes another template, as its operator wants', async () => {
  await using zone = await startZone();
  const upload = (stemcell: object): Promise<unknown> =>
    zone.result('create_stemcell', [image, properties], { properties: { stemcell } });
  const first = await upload({});
  const other = { os_type: 'Ubuntu 22.04 LTS' };
  const second = await upload(other);
  expect(templateOf(zone, String(second))).toMatchObject({ ostypename: other.os_type });
  expect(await upload(other)).toBe(second);
  expect(await upload({ requires_hvm: false })).not.toBe(first);
  expect(await upload({})).toBe(first);
});

test('templates of others stay: light ones, foreign ones, ones that never were', async () => {
  await using zone = await startZone();
  const light = await zone.result('create_stemcell', ['/none', { light_template: 'ubuntu-jammy' }]);
  expect(light).toMatch(/ light$/);
  const id = String(light).replace(' light', '');
  await zone.result('delete_stemcell', [light]);
  await zone.result('delete_stemcell', [id]);
  await zone.result('delete_stemcell', [id], { as: 'Admin' });
  await zone.result('delete_stemcell', ['b0000000-0000-4000-8000-00000000000f']);
  expect(templateOf(zone, id)).toMatchObject({ name: 'ubuntu-jammy', isready: true });
});

for (const [problem, args, message] of [
  ['a missing image', ['/no/such/image', properties], /\/no\/such\/image/],
  [
    'a light template that is not there',
    ['/none', { light_template: 'gone' }],
    /no template "gone"; the templates are/,
  ],
  [
    'a light template that is no text',
    ['/none', { light_template: 5 }],
    /light_template.*got the integer 5/,
  ],
] as const) {
  test(`${problem} leaves nothing`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    expect((await zone.error('create_stemcell', args)).message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const [problem, change, env, message] of [
  ['tags that are a list', {}, { tags: ['a'] }, /tags in env must be an object.*: \["a"\]$/],
  ['tags that are text', {}, { tags: 'team' }, /tags in env must be an object.*: "team"$/],
  [
    'an unknown hypervisor',
    { hypervisor: 'hyperv' },
    {},
    /hypervisor .* is "hyperv", .* it knows kvm, xen, xenserver, vmware, esxi$/,
  ],
  ['a hypervisor that is a number', { hypervisor: 5 }, {}, /hypervisor .* is 5, .* knows kvm, xen/],
  ['a name of JavaScript', { hypervisor: 'constructor' }, {}, /is "constructor", .* knows kvm/],
] as const) {
  test(`an image with ${problem} is refused and leaves nothing`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const args = [image, { ...properties, ...change }, env];
    const error = await zone.error('create_stemcell', args, { apiVersion: 3 });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const hypervisor of ['KVM', '', null]) {
  test(`with ${JSON.stringify(hypervisor)} and no tags it is a template for KVM`, async () => {
    await using zone = await startZone();
    const args = [image, { ...properties, hypervisor }, { tags: null }];
    const stemcell = await zone.result('create_stemcell', args, { apiVersion: 3 });
    expect(templateOf(zone, String(stemcell))).toMatchObject({ hypervisor: 'KVM' });
  });
}

/** The image of a stemcell of each format that `info` names, and what becomes of it. */
const formats: Readonly<
  Record<string, readonly [Buffer | (() => Promise<Buffer>), format: string, hypervisor: string]>
> = {
  'cloudstack-vhdx': [bzip2, 'VHD', 'XenServer'],
  'cloudstack-vhd': [vhd('dynamic'), 'VHD', 'XenServer'],
  'cloudstack-qcow2': [Buffer.from(emptyQcow2(stemcellDiskMib)), 'QCOW2', 'KVM'],
  'cloudstack-raw': [rawDisk(), 'RAW', 'KVM'],
  'cloudstack-ova': [
    () => tar({ 'image.ovf': Buffer.from('<x/>'), 'image-disk1.vmdk': Buffer.alloc(10) }),
    'OVA',
    'VMware',
  ],
  'openstack-qcow2': [async () => Buffer.from(await stemcellImage()), 'QCOW2', 'KVM'],
  'openstack-raw': [() => openstackImage(rawDisk()), 'RAW', 'KVM'],
};

test('an image that CloudStack finds broken is told of, and gone when the call ends', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const path = join(folder, 'broken');
  writeFileSync(path, qcow2());
  const error = await zone.error('create_stemcell', [path, properties]);
  expect(error.message).toMatch(/the secondary storage VM answered: .*not a valid QCOW2/);
  expect(error.message).not.toContain('look after');
  expect(zone.holdings()).toEqual(before);
});

test('each format that info names is told what becomes of it', async () => {
  await using zone = await startZone();
  const { stemcell_formats } = (await zone.result('info', [])) as { stemcell_formats: string[] };
  expect(stemcell_formats.sort()).toEqual(Object.keys(formats).sort());
});

for (const [name, [content, format, hypervisor]] of Object.entries(formats)) {
  test(`a stemcell of ${name} becomes a template in ${format} for ${hypervisor}`, async () => {
    await using zone = await startZone({ world: withEachHypervisor });
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'function' ? await content() : content);
    const stemcell = await zone.result('create_stemcell', [path, { name, version: '1' }]);
    expect(templateOf(zone, String(stemcell))).toMatchObject({ isready: true, format, hypervisor });
  });
}

test('a file that is no image leaves nothing', async () => {
  await using zone = await startZone();
  const before = zone.holdings();
  const text = join(folder, 'text');
  writeFileSync(text, 'hello');
  expect((await zone.error('create_stemcell', [text, properties])).message).toContain(text);
  expect(zone.holdings()).toEqual(before);
});
