// Proves which upload requests are refused for their headers, before their body is read, with
// which status and text, and what each refusal means for the one-time URL and the template.
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../support/simulator-client.js';
import {
  beginRequest,
  formWith,
  look,
  overHttp,
  qcow2Image,
  sendRaw,
  statusOf,
  upload,
  uploadHeaders,
  uploadParams,
  uploadStatus,
} from '../../support/template-uploads.js';

interface Refusal {
  readonly what: string;
  readonly changes: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

const refusals: readonly Refusal[] = [
  ...['X-signature', 'X-metadata', 'X-expires'].map((header) => ({
    what: `without ${header}`,
    changes: { [header]: undefined },
    text: 'signature, metadata and expires are compulsory fields.',
  })),
  {
    what: 'with another signature',
    changes: { 'X-signature': 'bm90IHRoaXMgb25l' },
    text: 'signature validation failed.',
  },
  {
    what: 'with other metadata',
    changes: { 'X-metadata': 'e30=' },
    text: 'signature validation failed.',
  },
  {
    what: 'with a later end',
    changes: { 'X-expires': '2036-01-01T00:00:00.000Z' },
    text: 'signature validation failed.',
  },
  {
    what: 'through another host name',
    changes: { Host: 'localhost' },
    text: 'signature validation failed.',
  },
];

for (const { what, changes, text } of refusals) {
  test(`an upload ${what} is refused before its body is read`, async () => {
    const world = testSimulator();
    await overHttp(world, async () => {
      const params = uploadParams(world, world.user);
      const body = formWith(qcow2Image());
      const headers = uploadHeaders(params, body, changes);
      expect(await sendRaw(params.postURL, headers, body)).toMatchObject({ status: 400, text });
      expect(uploadStatus(world, params.id)).toBe('ERROR');
      const again = await upload(params, body);
      expect(again).toMatchObject({
        status: 400,
        text: 'The one time post url is already used and the upload is in ERROR state.',
      });
      look(world);
      expect(statusOf(world, params.id)).toBe('UploadError');
      expect((await upload(params, body)).text).toBe('The one time post url is already used');
    });
  });
}

test('a chunked body is refused, and the URL stays good', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const headers = uploadHeaders(params, body, {
      'Content-Length': undefined,
      'Transfer-Encoding': 'chunked',
    });
    const chunked = Buffer.concat([
      Buffer.from(`${body.length.toString(16)}\r\n`),
      body,
      Buffer.from('\r\n0\r\n\r\n'),
    ]);
    expect(await sendRaw(params.postURL, headers, chunked)).toMatchObject({
      status: 400,
      text: 'content length is not set in the request or has invalid value.',
    });
    expect((await upload(params, body)).status).toBe(200);
  });
});

test('only POST is served', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    for (const method of ['GET', 'PUT', 'DELETE']) {
      expect(
        await sendRaw(params.postURL, uploadHeaders(params, body), body, method),
      ).toMatchObject({ status: 400, text: 'only post requests are allowed' });
    }
    expect((await upload(params, body)).status).toBe(200);
  });
});

test('the URL is good until world time has passed its end', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const body = formWith(qcow2Image());
    const inTime = uploadParams(world, world.user);
    expect(inTime.expires).toBe('2026-01-01T01:00:00.000Z');
    world.simulator.kernel.advanceBy(60 * 60_000);
    expect((await upload(inTime, body)).status).toBe(200);
    const late = uploadParams(world, world.user);
    world.simulator.kernel.advanceBy(60 * 60_000 + 1);
    expect(await upload(late, body)).toMatchObject({
      status: 400,
      text: 'request not valid anymore.',
    });
  });
});

test('a finished upload uses its URL up', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    await upload(params, body);
    expect((await upload(params, body)).text).toBe(
      'The one time post url is already used and the upload is in COMPLETED state.',
    );
    look(world);
    expect((await upload(params, body)).text).toBe('The one time post url is already used');
    expect(statusOf(world, params.id)).toBe('Download Complete');
  });
});

test('header names may be written in any case', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const headers = Object.entries(uploadHeaders(params, body)).map(
      ([name, value]) => [name.toUpperCase(), value] as const,
    );
    expect((await sendRaw(params.postURL, Object.fromEntries(headers), body)).status).toBe(200);
  });
});

test('an upload to an id that nobody has is refused like a wrong signature', async () => {
  const world = testSimulator();
  await overHttp(world, async ({ origin }) => {
    const params = uploadParams(world, world.user);
    const body = formWith(qcow2Image());
    const before = world.simulator.kernel.log.lastSeq;
    const url = `${origin}/upload/00000000-0000-4000-8000-000000000000`;
    expect(await sendRaw(url, uploadHeaders(params, body), body)).toMatchObject({
      status: 400,
      text: 'signature validation failed.',
    });
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });
});

test('an upload of more than the largest template is answered before its body comes', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const headers = { 'Content-Length': String(51 * 1024 ** 3) };
    const { socket } = beginRequest(
      params.postURL,
      uploadHeaders(params, Buffer.alloc(0), headers),
    );
    const answer = await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(String(answer)).toContain(
      'Maximum file upload size exceeded. Content Length received: 51GB. Maximum allowed size: 50GB.',
    );
    look(world);
    expect(statusOf(world, params.id)).toBe('UploadError');
  });
});
