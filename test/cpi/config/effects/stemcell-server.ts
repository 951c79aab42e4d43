// How stemcells reach CloudStack, and by which server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { stemcellImage } from '../../../../bats-runner/stemcell/stemcell-image.js';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone } from '../../../support/cpi-zone.js';
import { freePort } from '../../../support/free-port.js';
import { startServer, user } from '../../stemcell-server/running-server.js';
import type { Effects } from './effect.js';

const [username = '', ...passwordParts] = user.split(':');
const account = { username, password: passwordParts.join(':') };

interface Published {
  /** What create_stemcell answered. */
  readonly answer: string;
  /** Where CloudStack has the template from; undefined if it was sent. */
  readonly url: unknown;
}

/** Publishes a stemcell in a zone whose secondary storage VM takes images from this machine, too. */
async function publish(way: string, server: object): Promise<Published> {
  const folder = mkdtempSync(join(tmpdir(), 'effects-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  await using zone = await startZone({
    world: { ...advancedKvm, settings: { 'ssvm.allowLoopback': true } },
  });
  const properties = { stemcell: { publish: way }, stemcell_server: server };
  const answer = await zone.call('create_stemcell', [image, { name: 'x' }], { properties });
  rmSync(folder, { recursive: true });
  const own = zone.user.call('listTemplates', { templatefilter: 'self' });
  return { answer, url: at(own, 'template', 0, 'url') };
}

/** Publishes by a stemcell server of its own, of which `section` is told. */
async function publishByServer(section: (url: string) => object): Promise<Published> {
  await using server = await startServer();
  return await publish('webdav', section(server.url));
}

export const stemcellServerEffects: Effects = {
  'stemcell.publish': async () => {
    expect((await publish('upload', {})).url).toBeUndefined();
    const { url } = await publishByServer((server) => ({ url: server, ...account }));
    expect(url).toMatch(/^http:/);
    const port = await freePort();
    const own = await publish('create-env', { host: '127.0.0.1', port });
    expect(own.url).toContain(`http://127.0.0.1:${port}/`);
  },
  'stemcell_server.url': async () => {
    await using server = await startServer();
    const { url } = await publish('webdav', { url: server.url, ...account });
    expect(String(url).startsWith(`${server.url}/`)).toBe(true);
  },
  'stemcell_server.username': async () => {
    const wrong = { ...account, username: 'somebody' };
    const { answer } = await publishByServer((url) => ({ url, ...wrong }));
    expect(answer).toContain('check stemcell_server.username');
  },
  'stemcell_server.password': async () => {
    const wrong = { ...account, password: 'another' };
    const { answer } = await publishByServer((url) => ({ url, ...wrong }));
    expect(answer).toContain('does not let the CPI in (401)');
  },
  'stemcell_server.host': async () => {
    const port = await freePort();
    const { url } = await publish('create-env', { host: 'localhost', port });
    expect(url).toContain(`http://localhost:${port}/`);
  },
  'stemcell_server.port': async () => {
    const port = await freePort();
    const { url } = await publish('create-env', { host: '127.0.0.1', port });
    expect(url).toContain(`:${port}/`);
  },
  'stemcell_server.public_url': async () => {
    const port = await freePort();
    const everywhere = { host: '0.0.0.0', port, public_url: `http://127.0.0.1:${port}` };
    const { url } = await publish('create-env', everywhere);
    expect(url).toContain(`http://127.0.0.1:${port}/`);
  },
};
