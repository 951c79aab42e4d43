// What it takes to download an image of 2 GiB from the stemcell server, compared with a stream of the
// same file by nothing but node:http, one reader alone and many at a time; and whether the memory of
// the server stays flat.
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure, Measurement } from '../figure.js';
import { measurePairs, type Costs } from '../pairs.js';
import { startFileServer, type Server } from '../server.js';

const MIB = 2 ** 20;
const NAME = '0123456789abcdef0123456789abcdef.qcow2';
const AT_A_TIME = 16;

/** A download must reach 70 % of the bare stream's speed. */
const TIME_LIMIT = 1 / 0.7;

export const stemcellServer: Measurement = {
  name: 'stemcell-server',
  asks: 'What does the stemcell server add to the bare download of an image?',
  run: async ({ isQuick, progress }) => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-stemcells-'));
    const pairs = isQuick ? 1 : 5;
    const [large, each, small] = isQuick ? [2, 1, 1] : [2_048, 256, 20];
    try {
      const figures: Figure[] = [];
      for (const [name, mib, readers] of [
        ['alone', large, 1],
        ['parallel', each, AT_A_TIME],
      ] as const) {
        const path = imageIn(folder, mib);
        const told = (state: string): void => progress(`${name} ${state}`);
        const { wall, cpu } = await measurePairs(
          { pairs, warmUps: isQuick ? 0 : 1, progress: told },
          () => downloadCost('stemcells', path, readers),
          () => downloadCost('file', path, readers),
        );
        const subject = `download of ${mib} MiB by ${readers} at a time`;
        const figure = { subject, yardstick: 'node:http alone' } as const;
        figures.push(
          { ...figure, name: `${name} wall`, unit: 's', limit: TIME_LIMIT, pairs: wall },
          { ...figure, name: `${name} cpu`, unit: 's', pairs: cpu },
        );
      }
      for (const [name, mib, readers] of [
        ['alone peak', large, 1],
        ['parallel peak', each, AT_A_TIME],
      ] as const) {
        const [path, other] = [imageIn(folder, mib), imageIn(folder, small)];
        const { peak } = await measurePairs(
          { pairs, warmUps: 0, progress: (state) => progress(`${name} ${state}`) },
          () => peakCost(path, readers),
          () => peakCost(other, readers),
        );
        figures.push({
          name,
          subject: `most memory of the server during ${mib} MiB for ${readers} at a time`,
          yardstick: `of ${small} MiB`,
          unit: 'MiB',
          limit: 1.25,
          pairs: peak,
        });
      }
      return figures;
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

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
): Promise<Costs<'wall' | 'cpu'>> {
  await using server = await startFileServer({ kind, path });
  const before = await server.ask('cpuUs');
  const begin = process.hrtime.bigint();
  await download(server, readers);
  const wall = Number(process.hrtime.bigint() - begin) / 1e9;
  return { wall, cpu: ((await server.ask('cpuUs')) - before) / 1e6 };
}

async function peakCost(path: string, readers: number): Promise<Costs<'peak'>> {
  await using server = await startFileServer({ kind: 'stemcells', path });
  await download(server, readers);
  return { peak: (await server.ask('memory')).peakMiB };
}

async function download({ origin }: Server, readers: number): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const one = async (): Promise<void> => {
    const [response] = (await once(get(`${origin}/${NAME}`, { agent }), 'response')) as [
      IncomingMessage,
    ];
    if (response.statusCode !== 200) throw new Error(`answered ${response.statusCode}`);
    response.resume();
    await once(response, 'end');
  };
  await Promise.all(Array.from({ length: readers }, one));
  agent.destroy();
}
