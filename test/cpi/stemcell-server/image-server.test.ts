// The server that the CPI opens for one image serves that and nothing else, whole and in parts though
// it can be read from its beginning only, and tells whoever reads the CPI's log what was asked for.
import { expect, test } from '@playwright/test';
import { openImageServer } from '../../../cpi/stemcell-server/image-server.js';
import { patientClock } from '../support/virtual-clock.js';
import { ask } from './running-server.js';

const name = 'stemcell-0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9.qcow2';

async function* content(): AsyncGenerator<Buffer> {
  for (const piece of ['0123', '4567', '89']) yield await Promise.resolve(Buffer.from(piece));
}

test('the image is served, whole and in parts, and nothing else', async () => {
  const logged: string[] = [];
  const server = await openImageServer({
    host: '127.0.0.1',
    port: 0,
    image: { bytes: 10, open: content },
    name,
    sha256: 'ab',
    clock: patientClock(),
    log: (line) => logged.push(line),
  });
  const status = async (method: string, path: string): Promise<number> =>
    (await ask(server.endpoint, method, path)).status;
  const whole = await ask(server.endpoint, 'GET', `/${name}`);
  expect(whole).toMatchObject({ status: 200, body: Buffer.from('0123456789') });
  const headers = { range: 'bytes=3-8' };
  const part = await ask(server.endpoint, 'GET', `/${name}`, { headers });
  expect(part).toMatchObject({ status: 206, body: Buffer.from('345678') });
  for (const path of ['/', `/a/../${name}`, `/${name.toUpperCase()}`, `/${name}/`, '/%zz']) {
    expect(await status('GET', path), path).toBe(404);
  }
  for (const method of ['PUT', 'DELETE', 'PROPFIND', 'POST']) {
    expect(await status(method, `/${name}`), method).toBe(405);
  }
  expect(logged.slice(0, 3)).toEqual([
    '127.0.0.1: GET of the image answered 200 after 0 ms',
    '127.0.0.1: GET of the image answered 206 after 0 ms',
    '127.0.0.1: GET of something else answered 404 after 0 ms',
  ]);
  await server.stop(0);
});
