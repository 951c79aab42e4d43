// Conversations with a stemcell server on a folder beside which lie files of others, and in which
// links lead to them.
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  secretName,
  startServer,
  user,
  type TestServer,
} from '../../cpi/stemcell-server/running-server.js';
import type { Subject } from '../inputs/subject.js';
import { drawConversation } from './draw-parts.js';
import { wrongInImageAnswer } from './image-answers.js';
import { drawImageRequest, imageBytesMax } from './image-requests.js';
import { treeDifferences, treeIn, type ImageTree } from './image-tree.js';
import { serverSubject } from './server-subject.js';

const statuses = new Set([
  ...[200, 201, 204, 206, 207, 304, 400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 416, 417],
  ...[431, 501, 502],
]);

/** How long what a client has left half sent may lie there. */
const CLEARED_MS = 10_000;

export async function stemcellServerRequests(): Promise<Subject> {
  const server = await startServer({ imageBytesMax });
  const outside = join(dirname(server.folder), 'outside');
  writeFileSync(outside, 'outside-the-folder');
  mkdirSync(`${outside}-folder`);
  writeFileSync(join(`${outside}-folder`, 'x'), 'outside-the-folder');
  return serverSubject<ImageTree>({
    port: Number(new URL(server.url).port),
    failures: server.failures,
    statuses,
    draw: (draw) => drawConversation(draw, (kind) => drawImageRequest(draw, kind)),
    begin: () => {
      server.access.length = 0;
      return Promise.resolve(fill(server.folder, outside));
    },
    problemOf: (tree, request, answer) => wrongInImageAnswer(tree, request, answer, user),
    atTheEnd: (tree) => wrongAtTheEnd(server, outside, tree),
    close: () => server[Symbol.asyncDispose](),
  });
}

function fill(folder: string, outside: string): ImageTree {
  for (const name of readdirSync(folder).filter((one) => !one.startsWith('.'))) {
    rmSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'a.qcow2'), 'inside-the-folder: an image that can be guessed');
  writeFileSync(join(folder, secretName), 'an image that is open to who knows its name');
  mkdirSync(join(folder, 'c'));
  writeFileSync(join(folder, 'c', 'b'), 'inside-the-folder: an image in a collection');
  symlinkSync(outside, join(folder, 'link'));
  symlinkSync(`${outside}-folder`, join(folder, 'links'));
  return treeIn(folder);
}

async function wrongAtTheEnd(
  server: TestServer,
  outside: string,
  tree: ImageTree,
): Promise<string | undefined> {
  const untilMs = performance.now() + CLEARED_MS;
  while (server.staged().length > 0 && performance.now() < untilMs) await setImmediate();
  const left = server.staged().map((name) => `.staging/${name} is left`);
  const wrong = [...left, ...treeDifferences(treeIn(server.folder), tree), ...touched(outside)];
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

/** What is not as it was beside the folder. */
function touched(outside: string): string[] {
  const names = readdirSync(dirname(outside)).sort().join();
  const files = [outside, join(`${outside}-folder`, 'x')];
  const isSame = files.every((path) => readFileSync(path, 'utf8') === 'outside-the-folder');
  const isAlone = readdirSync(`${outside}-folder`).join() === 'x';
  const isAsBefore = names === 'images,outside,outside-folder' && isSame && isAlone;
  return isAsBefore ? [] : [`what is outside was touched: ${names}`];
}
