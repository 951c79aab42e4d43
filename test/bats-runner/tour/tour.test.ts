// A tour whose CPI fails ends badly, says what failed, and stays up or ends as it was asked to. The
// simulator is real; the CPI is a program that does nothing.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect } from '@playwright/test';
import { paintWith } from '../../../bats-runner/paint.js';
import { runTour } from '../../../bats-runner/tour/tour.js';
import { host, paths, test } from '../support.js';

interface FailedTour {
  readonly isGood: boolean;
  readonly progress: string;
  readonly result: string;
}

/** A tour that is interrupted as soon as it says that it stays up. */
async function failedTour(folder: string, once: boolean): Promise<FailedTour> {
  const cpi = join(folder, 'idle-cpi.js');
  writeFileSync(cpi, '');
  const controller = new AbortController();
  const paint = paintWith(false);
  const stream = new PassThrough();
  let result = '';
  const isGood = await runTour({
    paths: { ...paths, cpi },
    nodePath: host.nodePath,
    environment: host.environment,
    port: 0,
    once,
    progress: {
      stream: stream as unknown as NodeJS.WriteStream,
      isLive: false,
      paint,
      isInterrupted: () => false,
    },
    writeResult: (text) => {
      result += text;
      if (text.includes('until Ctrl-C')) controller.abort();
    },
    resultPaint: paint,
    clock: { nowMs: host.nowMs, nowIso: () => '2026-01-01T00:00:00Z', pause: host.pause },
    newId: randomUUID,
    signal: controller.signal,
  });
  return { isGood, progress: String(stream.read()), result };
}

test('with --once it ends', async ({ folder }) => {
  const { isGood, progress, result } = await failedTour(folder, true);
  expect(isGood).toBe(false);
  expect(progress).toMatch(/^ {2}FAILED {2}create_stemcell\n\nfailed {2}stdout is empty/m);
  expect(result).not.toMatch(/until Ctrl-C|Nothing is left over/);
});

test('without it, it stays up with its addresses', async ({ folder }) => {
  const { isGood, result } = await failedTour(folder, false);
  expect(isGood).toBe(false);
  expect(result).toMatch(/^ {2}API {9}http:.*until Ctrl-C/ms);
});
