// Proves that every kind of broken or hostile form gets its answer over real HTTP, that the
// template ends in UploadError, and that the next upload works as if nothing had been.
import { expect, test } from '@playwright/test';
import { testSimulator } from '../../support/simulator-client.js';
import {
  BOUNDARY,
  formWith,
  listedTemplate,
  look,
  overHttp,
  qcow2Image,
  sendRaw,
  statusOf,
  upload,
  uploadHeaders,
  uploadParams,
} from '../../support/template-uploads.js';

const GIB = 1024 ** 3;

interface HostileBody {
  readonly what: string;
  readonly body: Buffer;
  readonly contentType?: string;
  readonly status: number;
  readonly text: string;
  /** What the monitor finds. */
  readonly leaves: string;
}

const part = (headers: string, content: string): string =>
  `--${BOUNDARY}\r\n${headers}\r\n\r\n${content}\r\n`;
const noFile = { status: 422, text: 'received entity is not a file', leaves: 'UploadError' };
/** The secondary storage VM keeps what it cannot read as an upload in progress. */
const malformed = { status: 500, leaves: '0% Downloaded' };

const hostileBodies: readonly HostileBody[] = [
  {
    what: 'fields, but no file',
    body: Buffer.from(
      `${part('Content-Disposition: form-data; name="a"', 'b')}--${BOUNDARY}--\r\n`,
    ),
    ...noFile,
  },
  {
    what: 'a file without a name',
    body: Buffer.from(
      `${part('Content-Disposition: form-data; name="f"\r\nContent-Type: application/octet-stream', 'x')}--${BOUNDARY}--\r\n`,
    ),
    ...noFile,
  },
  {
    what: 'a form cut off inside its file',
    body: formWith(qcow2Image()).subarray(0, 1_000),
    ...noFile,
  },
  {
    what: 'no form at all',
    body: qcow2Image(),
    contentType: 'application/octet-stream',
    ...noFile,
  },
  {
    what: 'another boundary than announced',
    body: Buffer.from(
      formWith(qcow2Image()).toString('latin1').replaceAll(BOUNDARY, 'other'),
      'latin1',
    ),
    ...malformed,
    text: 'No Multipart delimiter found',
  },
  {
    what: 'no boundary',
    body: formWith(qcow2Image()),
    contentType: 'multipart/form-data',
    ...malformed,
    text: 'Needs a boundary value',
  },
  {
    what: 'huge headers in a part',
    body: Buffer.from(
      `${part(`Content-Disposition: form-data; name="f"; filename="${'x'.repeat(200_000)}.qcow2"`, 'x')}--${BOUNDARY}--\r\n`,
    ),
    ...malformed,
    text: 'No Multipart delimiter found',
  },
  {
    what: 'nothing but noise',
    body: Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 73) % 256)),
    ...malformed,
    text: 'No Multipart delimiter found',
  },
];

for (const { what, body, contentType, status, text, leaves } of hostileBodies) {
  test(`a body with ${what} gets an answer and the simulator goes on`, async () => {
    const world = testSimulator();
    await overHttp(world, async () => {
      const params = uploadParams(world, world.user);
      const headers = uploadHeaders(
        params,
        body,
        contentType === undefined ? {} : { 'Content-Type': contentType },
      );
      expect(await sendRaw(params.postURL, headers, body)).toMatchObject({ status, text });
      look(world);
      expect(statusOf(world, params.id)).toBe(leaves);
      const next = uploadParams(world, world.user);
      expect((await upload(next, formWith(qcow2Image()))).status).toBe(200);
      world.simulator.kernel.advanceBy(61 * 60_000);
      expect(statusOf(world, params.id)).toBe('UploadError');
    });
  });
}

test('of two files the first counts', async () => {
  const world = testSimulator();
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const [first, second] = [qcow2Image(GIB), qcow2Image(2 * GIB)];
    const form = formWith(first).toString('latin1').replace(`--${BOUNDARY}--\r\n`, '');
    const body = Buffer.concat([Buffer.from(form, 'latin1'), formWith(second)]);
    expect((await upload(params, body)).status).toBe(200);
    look(world);
    expect(listedTemplate(world.user, params.id)).toMatchObject({ size: GIB });
  });
});
