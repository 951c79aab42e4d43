// What it takes to download an image of 2 GiB from the stemcell server, compared with a stream of the
// same file by nothing but node:http: for one reader, and for 16 of the same file at a time; and
// whether the memory of the server stays flat. The file is in memory and has no place on the disk; the
// readers take what comes and keep nothing of it.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure, Measurement, Setting } from '../figure.js';
import { measurePairs, type Costs } from '../pairs.js';
import { startFileServer, type Server } from '../server.js';

const MIB = 2 ** 20;
const NAME = '0123456789abcdef0123456789abcdef.qcow2';

/** A download must reach 70 % of the bare stream's speed. */
const TIME_LIMIT = 1 / 0.7;

/** The most memory during a large image, over that during a small one. */
const FLAT_LIMIT = 1.25;

interface Load {
  readonly name: string;
  readonly readers: number;
  readonly pairs: number;
  readonly warmUps: number;
}

/** 16 of 2 GiB take half a minute: then code is compiled soon, and one run is like another. */
const loads: readonly Load[] = [
  { name: 'alone', readers: 1, pairs: 5, warmUps: 1 },
  { name: 'parallel', readers: 16, pairs: 3, warmUps: 0 },
];

export const stemcellServer: Measurement = {
  name: 'stemcell-server',
  asks: 'What does the stemcell server add to the bare download of an image?',
  run: async ({ isQuick, progress }) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-stemcells-'));
    try {
      const figures: Figure[] = [];
      for (const load of loads) {
        const quick = { ...load, pairs: 1, warmUps: 0 };
        const setting = { folder, isQuick, progress };
        figures.push(...(await figuresOf(isQuick ? quick : load, setting)));
      }
      return figures;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function figuresOf(
  { name, readers, pairs, warmUps }: Load,
  { folder, isQuick, progress }: Setting & { readonly folder: string },
): Promise<Figure[]> {
  const [large, small] = isQuick ? [2, 1] : [2_048, 20];
  const image = imageIn(folder, large);
  const { wall, cpu, peak } = await measurePairs(
    { pairs, warmUps, progress: (state) => progress(`${name} ${state}`) },
    () => downloadCost('stemcells', image, readers),
    () => downloadCost('file', image, readers),
  );
  const flat = [];
  for (const { subject } of peak) {
    const ofSmall = await downloadCost('stemcells', imageIn(folder, small), readers);
    flat.push({ subject, yardstick: ofSmall.peak });
  }
  const each = `${large} MiB for ${readers} at a time`;
  const figure = { subject: `download of ${each}`, yardstick: 'node:http alone' } as const;
  const memory = `most memory of the server during ${each}`;
  return [
    { ...figure, name: `${name} wall`, unit: 's', limit: TIME_LIMIT, pairs: wall },
    { ...figure, name: `${name} cpu`, unit: 's', pairs: cpu },
    { ...figure, name: `${name} memory`, subject: memory, unit: 'MiB', pairs: peak },
    {
      name: `${name} peak`,
      subject: memory,
      yardstick: `of ${small} MiB`,
      unit: 'MiB',
      limit: FLAT_LIMIT,
      pairs: flat,
    },
  ];
}

/** The path of an image of so many MiB, alone in its folder. */
function imageIn(folder: string, mib: number): string {
  const path = join(folder, String(mib), NAME);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  truncateSync(path, mib * MIB);
  return path;
}

async function downloadCost(
  kind: 'stemcells' | 'file',
  path: string,
  readers: number,
): Promise<Costs<'wall' | 'cpu' | 'peak'>> {
  await using server = await startFileServer({ kind, path });
  const before = await server.ask('cpuUs');
  const begin = process.hrtime.bigint();
  const bytes = await Promise.all(Array.from({ length: readers }, () => download(server)));
  const wall = Number(process.hrtime.bigint() - begin) / 1e9;
  const { size } = statSync(path);
  if (bytes.some((read) => read !== size))
    throw new Error(`${kind} sent ${bytes.join(', ')} bytes`);
  const cpu = ((await server.ask('cpuUs')) - before) / 1e6;
  return { wall, cpu, peak: (await server.ask('memory')).peakMiB };
}

/** The cheapest reader that there is: one buffer, which the next bytes overwrite. Answers how many. */
async function download({ origin }: Server): Promise<number> {
  const { hostname, port } = new URL(origin);
  let received = 0;
  let headBytes = 0;
  const socket = connect({
    host: hostname,
    port: Number(port),
    onread: {
      buffer: Buffer.allocUnsafe(2 ** 18),
      callback: (count, bytes) => {
        if (received === 0) headBytes = bodyStart(Buffer.from(bytes.subarray(0, count)));
        received += count;
        return true;
      },
    },
  });
  socket.write(`GET /${NAME} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`);
  await once(socket.resume(), 'close');
  return received - headBytes;
}

function bodyStart(first: Buffer): number {
  const head = first.subarray(0, first.indexOf('\r\n\r\n') + 4).toString('latin1');
  if (!/^HTTP\/1\.1 200 [^]*\r\n\r\n$/.test(head)) throw new Error(`answered ${first.toString()}`);
  return head.length;
}
