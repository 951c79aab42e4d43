// What is deleted reaches nobody any more: neither who is getting it, nor who has just begun to.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serve } from '../../../cpi/serving/serve.js';
import { DownloadLimit } from '../../../cpi/stemcell-server/download-limit.js';
import { ImageFolder } from '../../../cpi/stemcell-server/image-folder.js';
import { RunningDownloads } from '../../../cpi/stemcell-server/running-downloads.js';
import { stemcellServerApp } from '../../../cpi/stemcell-server/stemcell-server-app.js';
import { patientClock } from '../support/virtual-clock.js';
import { ask, secretName } from './running-server.js';

test('a download whose image is deleted when it has just been opened gets nothing of it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'deleted-'));
  const clock = patientClock();
  const failures: unknown[] = [];
  const onFailure = (failure: unknown): void => void failures.push(failure);
  const folder = await ImageFolder.open(directory, { newId: randomUUID, onFailure });
  const app = stemcellServerApp({
    folder,
    users: [{ username: 'stemcells', password: 'secret' }],
    limit: new DownloadLimit({ most: 9, waitMs: 60_000, clock }),
    downloads: new RunningDownloads(),
    imageBytesMax: 2 ** 30,
    nowMs: () => 0,
    onAccess: () => undefined,
    onFailure,
  });
  const timeouts = { requestTimeoutMs: 30_000, idleTimeoutMs: 60_000 };
  const server = { host: '127.0.0.1', port: 0, ...timeouts, clock, onFailure };
  const { endpoint, stop } = await serve(app, server);
  const as = 'stemcells:secret';
  await ask(endpoint, 'PUT', secretName, { as, body: 'an image' });
  const openImage = folder.openImage.bind(folder);
  folder.openImage = async (path) => {
    const image = await openImage(path);
    expect((await ask(endpoint, 'DELETE', secretName, { as })).status).toBe(204);
    return image;
  };
  await expect(ask(endpoint, 'GET', secretName)).rejects.toThrow(/hang up|aborted/);
  expect(failures).toEqual([]);
  await stop(0);
  rmSync(directory, { recursive: true });
});
