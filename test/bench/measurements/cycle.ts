// How fast a VM comes and goes in the same process: deployed, polled until it runs, destroyed and
// expunged, polled until it is gone.
import type { Measurement } from '../figure.js';
import { worldOfSize } from '../../../simulator/world/presets/large.js';
import { createSimulator, type Simulator } from '../../../simulator/simulator.js';
import { SignedClient } from '../../support/signed-client.js';
import { measurePairs, type Costs } from '../pairs.js';

export const cycle: Measurement = {
  name: 'cycle',
  asks: 'How many VMs a second can be deployed, polled and destroyed in one process?',
  run: async ({ isQuick, progress }) => {
    const [many, few] = isQuick ? [300, 30] : [25_000, 100];
    progress(`making worlds of ${many} and ${few} VMs`);
    const [large, small] = [zoneWith(many), zoneWith(few)];
    const cycles = isQuick ? 2 : 40;
    const pairs = (about: string) => ({
      pairs: isQuick ? 2 : 15,
      warmUps: isQuick ? 0 : 3,
      progress: (text: string) => progress(`${about} ${text}`),
    });
    const overCheapest = await measurePairs(
      pairs('beside the cheapest calls'),
      () => Promise.resolve(small.cycles(cycles)),
      () => Promise.resolve(small.cheapestCalls(cycles)),
    );
    const overSmall = await measurePairs(
      pairs(`in worlds of ${many} and ${few} VMs`),
      () => Promise.resolve(large.cycles(cycles)),
      () => Promise.resolve(small.cycles(cycles)),
    );
    return [
      {
        name: 'cycle',
        subject: 'a VM deployed, polled, destroyed, polled',
        yardstick: 'as many calls of listCapabilities',
        unit: 'ms',
        isRate: true,
        pairs: overCheapest.cpu,
      },
      {
        name: 'cycle in a large world',
        subject: `the same among ${many} VMs`,
        yardstick: `among ${few} VMs`,
        unit: 'ms',
        isRate: true,
        pairs: overSmall.cpu,
        limit: 2,
      },
    ];
  },
};

interface Zone {
  readonly cycles: (count: number) => Costs<'cpu'>;
  /** As many calls as so many cycles have, of the command that does least. */
  readonly cheapestCalls: (cycles: number) => Costs<'cpu'>;
}

function zoneWith(vms: number): Zone {
  const world = worldOfSize({ hosts: Math.ceil(vms / 25), vms });
  const simulator = createSimulator({
    clock: 'on-poll',
    world: { ...world, settings: { 'allow.user.expunge.recover.vm': true } },
  });
  const client = new SignedClient(simulator, simulator.userWithRole('User'));
  let calls = 0;
  const oneCycle = (): void => {
    calls = deployAndDestroy(simulator, client);
  };
  return {
    cycles: (count) => costOf(count, oneCycle),
    cheapestCalls: (cycles) =>
      costOf(cycles, () => {
        for (let call = 0; call < calls; call += 1) client.call('listCapabilities');
      }),
  };
}

/** Answers how many calls it took. */
function deployAndDestroy({ world }: Simulator, client: SignedClient): number {
  const deployed = client.call('deployVirtualMachine', {
    zoneid: world.zones.all()[0]?.id ?? '',
    templateid: world.templates.all()[0]?.id ?? '',
    serviceofferingid: world.serviceOfferings.all()[0]?.id ?? '',
  });
  const polls = pollUntilDone(client, String(deployed['jobid']));
  const destroyed = client.call('destroyVirtualMachine', {
    id: String(deployed['id']),
    expunge: true,
  });
  return 2 + polls + pollUntilDone(client, String(destroyed['jobid']));
}

function pollUntilDone(client: SignedClient, jobid: string): number {
  for (let polls = 1; polls < 100; polls += 1) {
    const job = client.call('queryAsyncJobResult', { jobid });
    if (job['jobstatus'] === 1) return polls;
    if (job['jobstatus'] !== 0) throw new Error(JSON.stringify(job));
  }
  throw new Error(`job ${jobid} does not end`);
}

function costOf(count: number, action: () => void): Costs<'cpu'> {
  const before = process.cpuUsage();
  for (let done = 0; done < count; done += 1) action();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1_000 / count };
}
