// The log of the stemcell server shows what became of an image; what is not in it is not told.
import { expect, test } from '@playwright/test';
import { publishedImage } from '../../../bats-runner/tour/published-image.js';

const path = '/stemcell-0f1e2d3c-4b5a-4978-8695-a4b3c2d1e0f9.qcow2';
const published = [
  { method: 'OPTIONS', path: '/', status: 200 },
  { method: 'PUT', path, status: 201 },
  { method: 'HEAD', path, status: 200 },
  { method: 'GET', path, status: 200 },
  { method: 'DELETE', path, status: 204 },
];
type Requests = typeof published;

/** What is told where the log has more with each pause. */
function told(...logs: readonly Requests[]): Promise<readonly string[]> {
  let pauses = 0;
  const requests = (): Requests => logs[Math.min(pauses, logs.length - 1)] ?? [];
  return publishedImage({ requests }, () => Promise.resolve((pauses += 1))).run();
}

test('the image was put there, fetched and removed, even if the log comes late', async () => {
  const expected = [
    `the CPI put the image there as ${path.slice(1)}`,
    'the secondary storage of CloudStack fetched it',
    'the CPI removed it again',
  ];
  expect(await told(published)).toEqual(expected);
  expect(await told([], published.slice(0, 3), published)).toEqual(expected);
});

for (const wanted of ['PUT', 'GET', 'DELETE']) {
  const without = published.filter(({ method }) => method !== wanted);

  test(`a log without ${wanted}, or with one that was refused, is an error`, async () => {
    const refused = { method: wanted, path, status: 404 };
    for (const log of [without, [...without, refused]]) {
      await expect(told(log)).rejects.toThrow(`its log has no ${wanted}`);
    }
  });
}
