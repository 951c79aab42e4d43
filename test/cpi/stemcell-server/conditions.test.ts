// What changes something heeds the conditions of RFC 9110 (section 13): of what is there when it is
// done, not when it is asked for; where they are not met, nothing has changed.
import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { Condition } from '../../../cpi/stemcell-server/conditions.js';
import { ImageFolder } from '../../../cpi/stemcell-server/image-folder.js';
import { webdavEngine, type DavAnswer } from '../../../cpi/stemcell-server/webdav-engine.js';
import { startServer, type TestServer } from './running-server.js';

const destination = '/b.qcow2';

/** A server with an image, and fields with its tag and its date. */
async function withImage(): Promise<{ server: TestServer; etag: string; date: string }> {
  const server = await startServer();
  await server.asUser('PUT', '/a.qcow2', { body: 'a' });
  const { headers } = await server.asUser('HEAD', '/a.qcow2');
  return { server, etag: headers.etag ?? '', date: headers['last-modified'] ?? '' };
}

for (const method of ['PUT', 'DELETE', 'MOVE', 'COPY']) {
  test(`${method} of another one than the client knows is answered 412, and changes nothing`, async () => {
    const { server: started, etag } = await withImage();
    await using server = started;
    for (const unmet of [
      { 'if-match': '"other"' },
      { 'if-none-match': '*' },
      { 'if-none-match': `"other", ${etag}` },
      { 'if-unmodified-since': new Date(0).toUTCString() },
    ]) {
      const headers = { destination, ...unmet };
      const told = await server.asUser(method, '/a.qcow2', { body: 'new', headers });
      expect(told.status, JSON.stringify(unmet)).toBe(412);
      expect(told.body.toString()).toContain('does not fit If-Match');
      expect(server.stored()).toEqual(['a.qcow2']);
      expect((await server.asUser('HEAD', '/a.qcow2')).headers.etag).toBe(etag);
    }
  });

  test(`${method} of what the client knows is done`, async () => {
    for (const field of ['if-match', 'if-none-match', 'if-unmodified-since', 'both']) {
      const { server: started, etag, date } = await withImage();
      await using server = started;
      const met = {
        'if-match': { 'if-match': etag },
        'if-none-match': { 'if-none-match': '"other"' },
        'if-unmodified-since': { 'if-unmodified-since': date },
        both: { 'if-match': etag, 'if-unmodified-since': new Date(0).toUTCString() },
      }[field];
      const headers = { destination, ...met };
      const told = await server.asUser(method, '/a.qcow2', { body: 'new', headers });
      expect(told.status, field).toBe(method === 'MOVE' || method === 'COPY' ? 201 : 204);
    }
  });
}

test('a collection has a tag, too', async () => {
  await using server = await startServer();
  await server.asUser('MKCOL', '/old');
  const headers = { 'if-match': '"other"' };
  expect((await server.asUser('DELETE', '/old', { headers })).status).toBe(412);
  expect(server.stored()).toEqual(['old']);
});

for (const method of ['DELETE', 'MOVE', 'COPY'] as const) {
  test(`${method} of what has become another one since it was looked at changes nothing`, async () => {
    const { server: started } = await withImage();
    await using server = started;
    const options = { newId: randomUUID, onFailure: () => undefined };
    const engine = webdavEngine(await ImageFolder.open(server.folder, options));
    const asked = { depth: 'infinity', destination: ['b.qcow2'], mayOverwrite: true } as const;
    const attempt = (isMet: Condition): Promise<DavAnswer> => {
      const given = { path: ['a.qcow2'], isMet };
      if (method === 'DELETE') return engine({ method, ...given });
      return engine(
        method === 'MOVE' ? { method, ...asked, ...given } : { method, ...asked, ...given },
      );
    };
    expect(await attempt(() => false)).toMatchObject({ refusal: 'changed' });
    expect(server.stored()).toEqual(['a.qcow2']);
    const done = await attempt((there) => there?.bytes === 1);
    expect(done.status).toBeLessThan(300);
  });
}
