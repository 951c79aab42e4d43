// Proves that `check` tells of the way by which stemcells reach CloudStack as it is configured, says what
// to see to where they do not arrive, and takes a stemcell for a proof only of the way that it came by.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { startServer, user } from '../stemcell-server/running-server.js';

const [username = '', ...passwordParts] = user.split(':');
const password = passwordParts.join(':');
const world = { ...advancedKvm, settings: { 'ssvm.allowLoopback': true } };

/** Those about stemcells, but not about their OS type. */
async function findings(zone: CpiZone): Promise<object[]> {
  const all = await zone.check();
  return all.filter(({ about, text }) => about === 'stemcells' && !text.includes('OS type'));
}

/** Registers a template past the CPI, which looks like a stemcell of it. */
function registerStemcell({ user: account, simulator }: CpiZone, url: string): void {
  const { osTypes, zones } = simulator.world;
  const { template } = account.call('registerTemplate', {
    name: 'stemcell-x',
    displaytext: 'x',
    url,
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: zones.all()[0]!.id,
    ostypeid: osTypes.all()[0]!.id,
  }) as { template: { id: string }[] };
  account.done('createTags', {
    resourceids: template[0]!.id,
    resourcetype: 'Template',
    'tags[0].key': 'bosh-cpi-purpose',
    'tags[0].value': 'stemcell',
  });
}

test('webdav: that of the stemcell server, of which another way is no proof', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-stemcells-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  await using server = await startServer();
  const sections = {
    stemcell: { publish: 'webdav' },
    stemcell_server: { url: server.url, username, password },
  };
  await using zone = await startZone({ world }, 'direct', sections);
  const way = `the secondary storage VM of zone1 downloads them from the stemcell server, at ${server.url}`;
  const upload = { properties: { stemcell: { publish: 'upload' } } };
  const [uploaded, downloaded] = ['1', '2'].map((version) => [image, { name: 'jammy', version }]);
  await zone.result('create_stemcell', uploaded!, upload);
  expect(await findings(zone)).toEqual([
    {
      about: 'stemcells',
      verdict: 'warning',
      text: `${way}, which CloudStack refuses`,
      advice: expect.stringMatching(
        /no loopback.*correct stemcell_server\.url, or set .*public_url$/,
      ),
    },
  ]);
  await zone.result('create_stemcell', downloaded!);
  expect(await findings(zone)).toMatchObject([{ verdict: 'ok', text: `${way}; 1 came that way` }]);
  rmSync(folder, { recursive: true, force: true });
});

for (const [section, refused, settings] of [
  [{ host: '127.0.0.1' }, 'http://127.0.0.1:25778', 'host, or set stemcell_server.public_url'],
  [{ host: 'localhost' }, 'http://localhost:25778', 'host, or set '],
  [{ host: '127.0.0.1', public_url: 'http://[fd00::6]:80' }, 'http://[fd00::6]:80', 'public_url'],
] as const) {
  test(`create-env: that CloudStack does not take ${refused}, by check and by create_stemcell`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-stemcells-'));
    const image = join(folder, 'image');
    writeFileSync(image, await stemcellImage());
    const sections = {
      stemcell: { publish: 'create-env' },
      stemcell_server: section,
    };
    await using zone = await startZone({}, 'direct', sections);
    const [finding] = await findings(zone);
    expect(finding).toMatchObject({ verdict: 'failed' });
    expect(finding).toHaveProperty(
      'text',
      expect.stringContaining(`at ${refused}, which CloudStack`),
    );
    const error = await zone.error('create_stemcell', [image, { name: 'jammy', version: '1' }]);
    for (const advice of [error.message, (finding as { advice: string }).advice]) {
      expect(advice).toContain(`correct stemcell_server.${settings}`);
      expect(advice).not.toContain('cloud_properties');
    }
    rmSync(folder, { recursive: true, force: true });
  });
}

for (const [section, address] of [
  [{ host: '10.0.0.6', port: 8080 }, 'http://10.0.0.6:8080'],
  [{ host: '0.0.0.0', public_url: 'http://203.0.113.6:80' }, 'http://203.0.113.6:80'],
] as const) {
  test(`create-env: that of the CPI at ${address}, and what to see to`, async () => {
    const sections = { stemcell: { publish: 'create-env' }, stemcell_server: section };
    const fetchImage = () => Promise.resolve({ kind: 'failed', errorText: 'HTTP 404' } as const);
    await using zone = await startZone({ world, fetchImage }, 'direct', sections);
    const text = `of zone1 downloads them from the CPI itself, at ${address}; none has been yet`;
    expect(await findings(zone)).toMatchObject([
      { verdict: 'ok', text: expect.stringContaining(text) },
    ]);
    registerStemcell(zone, `${address}/stemcell-x.qcow2`);
    const [finding] = await findings(zone);
    expect(finding).toMatchObject({
      verdict: 'warning',
      text: expect.stringMatching(/1 of 1 did not arrive: stemcell-x/),
      advice: expect.stringContaining(`a secondary storage VM runs and reaches ${address}, then`),
    });
  });
}
