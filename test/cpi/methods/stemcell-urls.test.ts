// Proves that a stemcell with a URL becomes a template that CloudStack downloads from there, once for
// each stemcell; that what cannot be is refused before anything is asked, and what fails leaves nothing.
// The simulated secondary storage VM really downloads.
import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { emptyQcow2 } from '../../../bats-runner/stemcell/qcow2.js';
import { stemcellDiskMib } from '../../../bats-runner/stemcell/stemcell-image.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, directorUuid, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { whileServing } from '../../support/template-downloads.js';
import { vmArguments } from './vm-requests.js';

const disk = Buffer.from(emptyQcow2(stemcellDiskMib));
const sha256 = createHash('sha256').update(disk).digest('hex');
const stemcell = { name: 'bosh-jammy', version: '1.1', disk: 3072, os_type: 'linux' };

function zoneWith(settings = {}): Promise<CpiZone> {
  const all = { 'ssvm.allowLoopback': true, ...settings };
  return startZone({ world: { ...advancedKvm, settings: all } }, 'direct');
}

/** A server that has the disk as /jammy.qcow2 and nothing else. */
async function whileDiskIsThere(use: (url: string) => Promise<void>): Promise<void> {
  await whileServing(
    ({ url = '' }, response) => {
      if (!url.startsWith('/jammy.qcow2')) response.writeHead(404);
      else response.writeHead(200, { 'content-length': disk.length });
      response.end(url.startsWith('/jammy.qcow2') ? disk : '');
    },
    (origin) => use(`${origin}/jammy.qcow2`),
  );
}

function templateOf(zone: CpiZone, id: unknown): unknown {
  const found = zone.user.call('listTemplates', { templatefilter: 'executable', id: String(id) });
  return at(found, 'template', 0);
}

test('CloudStack downloads it; VMs start from it, and delete_stemcell deletes it', async () => {
  await whileDiskIsThere(async (url) => {
    await using zone = await zoneWith();
    const args = ['/none', { ...stemcell, image_url: url }, { tags: { team: 'a' } }];
    const cid = await zone.result('create_stemcell', args, { apiVersion: 3 });
    expect(templateOf(zone, cid)).toMatchObject({
      isready: true,
      url,
      format: 'QCOW2',
      hypervisor: 'KVM',
      displaytext: `bosh-jammy/1.1 (bosh-cpi-director ${directorUuid})`,
      ispublic: false,
      tags: expect.arrayContaining([
        expect.objectContaining({ key: 'team', value: 'a' }),
        expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'stemcell' }),
        expect.objectContaining({ key: 'bosh-cpi-chosen', value: 'true' }),
      ]),
    });
    expect(zone.diagnostics.join('\n')).not.toContain('is unknown');
    const [vm] = (await zone.result('create_vm', vmArguments({ stemcell: String(cid) }))) as [
      string,
    ];
    await zone.result('delete_vm', [vm]);
    await zone.result('delete_stemcell', [cid]);
    expect(templateOf(zone, cid)).toBeUndefined();
  });
});

test('the same URL, or the same digest, of one name and version is one template', async () => {
  await whileDiskIsThere(async (url) => {
    await using zone = await zoneWith();
    const create = (more: object): Promise<unknown> =>
      zone.result('create_stemcell', ['/none', { ...stemcell, ...more }]);
    const first = await create({ image_url: url });
    expect(await create({ image_url: url })).toBe(first);
    const others = [
      await create({ image_url: `${url}?another` }),
      await create({ image_url: url, version: '1.2' }),
      await create({ image_url: url, image_sha256: sha256 }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
    const mirror = { image_url: `${url}?mirror`, image_sha256: sha256.toUpperCase() };
    expect(await create(mirror)).toBe(others[2]);
  });
});

for (const [what, properties, message] of [
  [
    'a URL of no image',
    { image_url: 'http://images.example.com/jammy.tgz' },
    /image_url must be a URL whose path ends with qcow2/,
  ],
  ['a URL that is none', { image_url: 5 }, /image_url must be a URL .*got the integer 5/],
  [
    'a URL and a template',
    { image_url: 'http://images.example.com/a.qcow2', light_template: 'ubuntu-jammy' },
    /image_url and light_template exclude each other/,
  ],
  [
    'a digest that is none',
    { image_url: 'http://images.example.com/a.qcow2', image_sha256: 'abc' },
    /image_sha256 must be the 64 hexadecimal digits/,
  ],
  ['a digest of nothing', { image_sha256: sha256 }, /image_sha256 needs image_url/],
  ['a copy of nothing', { light_mode: 'copy' }, /light_mode copy needs light_template/],
  [
    'an unknown mode',
    { light_template: 'ubuntu-jammy', light_mode: 'clone' },
    /light_mode must be .*reference.*copy/,
  ],
] as const) {
  test(`${what} is refused before anything is asked of the cloud`, async () => {
    await using zone = await zoneWith();
    const error = await zone.error('create_stemcell', ['/none', { ...stemcell, ...properties }]);
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CpiError', ok_to_retry: false });
    expect(error.message).toMatch(message);
    expect(zone.diagnostics.filter((line) => line.startsWith('cloudstack '))).toEqual([]);
  });
}

for (const [what, change, message] of [
  [
    'an image that is not there',
    (url: string) => ({ image_url: url.replace('jammy', 'focal') }),
    /HTTP Server returned 404.*the secondary storage VM must reach http:\/\/127\.0\.0\.1/,
  ],
  [
    'an image of another digest',
    (url: string) => ({ image_url: url, image_sha256: '0'.repeat(64) }),
    /checksum .* didn't match/,
  ],
  [
    'an image of another format',
    (url: string) => ({ image_url: url.replace('.qcow2', '.qcow2/a.vhd'), hypervisor: 'kvm' }),
    /mismatch between selected format and template content/,
  ],
  [
    'an operating system that is not there',
    (url: string) => ({ image_url: url }),
    /there is no OS type "BeOS"/,
    { stemcell: { os_type: 'BeOS' } },
  ],
] as const) {
  test(`${what}: the error says so, and nothing is left`, async () => {
    await whileDiskIsThere(async (url) => {
      await using zone = await zoneWith();
      const before = zone.holdings();
      const args = ['/none', { ...stemcell, ...change(url) }];
      const properties = what.startsWith('an operating') ? { stemcell: { os_type: 'BeOS' } } : {};
      const error = await zone.error('create_stemcell', args, { properties });
      expect(error.message).toMatch(message);
      expect(error.message).not.toContain('look after');
      expect(zone.holdings()).toEqual(before);
    });
  });
}

test('a zone that takes no image from there says so, and never tells the query of the URL', async () => {
  await using zone = await zoneWith({ 'ssvm.allowLoopback': false });
  const before = zone.holdings();
  const image_url = 'http://127.0.0.1:9/jammy.qcow2?X-Signature=5ecre7&b=1';
  const error = await zone.error('create_stemcell', ['/none', { ...stemcell, image_url }]);
  expect(error.message).toMatch(/registerTemplate.*Illegal host specified in URL/);
  expect(zone.holdings()).toEqual(before);
  await whileDiskIsThere(async (url) => {
    await using other = await zoneWith();
    const signed = `${url}?X-Signature=5ecre7&b=1`;
    await other.result('create_stemcell', ['/none', { ...stemcell, image_url: signed }]);
    const missing = signed.replace('jammy', 'focal');
    const { message } = await other.error('create_stemcell', [
      '/none',
      { ...stemcell, image_url: missing },
    ]);
    const told = [...zone.rawDiagnostics, ...other.rawDiagnostics, error.message, message].join(
      '\n',
    );
    expect(told).not.toContain('5ecre7');
    expect(told).toContain('is downloaded by CloudStack from http://127.0.0.1');
  });
});

test('where the account may make private templates only, it is private, and the log says so', async () => {
  await whileDiskIsThere(async (url) => {
    await using zone = await zoneWith({ 'allow.public.user.templates': false });
    const args = ['/none', { ...stemcell, image_url: url }];
    const cid = await zone.result('create_stemcell', args, {
      properties: { stemcell_public_visibility: true },
    });
    expect(templateOf(zone, cid)).toMatchObject({ ispublic: false, isready: true });
    expect(zone.diagnostics.join('\n')).toContain('the stemcell is private');
  });
});

test('a misspelt property is told of, one of the builder’s is not', async () => {
  await whileDiskIsThere(async (url) => {
    await using zone = await zoneWith();
    const spelt = { ...stemcell, image_url: url, image_sha265: 'a', root_device_name: '/dev/vda' };
    await zone.result('create_stemcell', ['/none', spelt]);
    const warnings = zone.diagnostics.filter((line) => line.includes('is unknown'));
    expect(warnings).toEqual([
      'warning: the stemcell: image_sha265 is unknown and was ignored (did you mean image_sha256?)',
    ]);
  });
});
