// Whether memory stays flat while the world lives on: the JavaScript heap after many events,
// compared with that after some, when the log of events is full for the first time.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSimulator } from '../../../simulator/simulator.js';
import { SignedClient } from '../../support/signed-client.js';
import type { Measurement, Setting } from '../figure.js';

const MIB = 1024 ** 2;
/** Finished jobs are kept for a day of world time, so time has to pass as it would. */
const PAUSE_MS = 3_600_000;

export const events: Measurement = {
  name: 'events',
  asks: 'Does memory stay flat over one million events?',
  run: (setting) => {
    const [many, some] = setting.isQuick ? [4_000, 2_000] : [1_000_000, 250_000];
    const pair = heapAfter(setting, many, some);
    return Promise.resolve([
      {
        name: 'memory over events',
        subject: `the heap after ${many} events`,
        yardstick: `after ${some}`,
        unit: 'MiB' as const,
        limit: 1.1,
        pairs: [pair],
      },
    ]);
  },
};

function heapAfter(
  { progress }: Setting,
  many: number,
  some: number,
): { subject: number; yardstick: number } {
  const simulator = createSimulator({ clock: 'manual' });
  const { kernel } = simulator;
  const client = new SignedClient(simulator, simulator.userWithRole('User'));
  const id = deployed(client);
  const liveUntil = (count: number): number => {
    let told = 0;
    progress(`up to ${count} events`);
    while (kernel.log.lastSeq < count) {
      client.done('stopVirtualMachine', { id });
      client.done('startVirtualMachine', { id });
      kernel.advanceBy(PAUSE_MS);
      if (kernel.log.lastSeq - told < 50_000) continue;
      told = kernel.log.lastSeq;
      progress(`${told} of ${many} events`);
    }
    return heapMib();
  };
  const yardstick = liveUntil(some);
  return { subject: liveUntil(many), yardstick };
}

function deployed(client: SignedClient): string {
  const idOf = (list: string, key: string): string => client.call(list)[key][0].id;
  const outcome = client.run('deployVirtualMachine', {
    zoneid: idOf('listZones', 'zone'),
    templateid: client.call('listTemplates', { templatefilter: 'executable' })['template'][0].id,
    serviceofferingid: idOf('listServiceOfferings', 'serviceoffering'),
    networkids: idOf('listNetworks', 'network'),
  });
  if (outcome.status !== 1) throw new Error(JSON.stringify(outcome));
  return outcome.id!;
}

/** Without a collection before it, the heap would be what happens to lie about. */
function heapMib(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed / MIB;
}
