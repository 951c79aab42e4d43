// What memory VMs take: the simulator's process with VMs that were deployed through its API,
// compared with one that has none.
import { worldOfSize } from '../../../simulator/world/presets/large.js';
import type { Measurement } from '../figure.js';
import { measurePairs, type Costs } from '../pairs.js';
import { startSimulator } from '../server.js';

export const memory: Measurement = {
  name: 'memory',
  asks: 'How much memory does the simulator take with 1,000 VMs?',
  run: async ({ isQuick, progress }) => {
    const vms = isQuick ? 10 : 1_000;
    const { rss, heap } = await measurePairs(
      { pairs: isQuick ? 1 : 5, warmUps: 0, progress },
      () => held(vms),
      () => held(0),
    );
    const told = { yardstick: 'an idle one', unit: 'MiB' } as const;
    return [
      { name: 'memory', subject: `a simulator with ${vms} VMs`, ...told, pairs: rss },
      { name: 'memory heap', subject: `its JavaScript heap`, ...told, pairs: heap },
    ];
  },
};

async function held(deployed: number): Promise<Costs<'rss' | 'heap'>> {
  const world = worldOfSize({ hosts: 50, vms: 1 });
  await using server = await startSimulator({ world, account: 'tenant1', deployed });
  const { rssMiB: rss, heapMiB: heap } = await server.ask('memory');
  return { rss, heap };
}
