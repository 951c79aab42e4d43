// What a list costs in a large world: the server's CPU time for one call over HTTP, and how long a
// client waits for it, compared with a small world and with a server that does nothing.
import { worldOfSize } from '../../../simulator/world/presets/large.js';
import type { Values } from '../../support/signed-client.js';
import { costFigures, type Figure, type Measurement, type Setting } from '../figure.js';
import { sendAgainAndAgain, signedCall, type SignedCall } from '../http-calls.js';
import { measurePairs, type Costs } from '../pairs.js';
import { startBare, startSimulator, type Server } from '../server.js';

const ofVm = ({ id }: Server['vm']): Values => ({ virtualmachineid: id });

/** Each keeps one VM, or what it has; `keyword` has to look at every VM of the account, in CloudStack as well. */
const filters: readonly {
  readonly name: string;
  /** listVirtualMachines unless given. */
  readonly command?: string;
  readonly values: (vm: Server['vm']) => Values;
  readonly limit?: number;
}[] = [
  { name: 'id', values: ({ id }) => ({ id }), limit: 1.5 },
  { name: 'name', values: ({ name }) => ({ name }), limit: 1.5 },
  { name: 'disks of a VM', command: 'listVolumes', values: ofVm, limit: 1.5 },
  { name: 'NICs of a VM', command: 'listNics', values: ofVm, limit: 1.5 },
  { name: 'keyword', values: ({ name }) => ({ keyword: name }) },
];

export const lists: Measurement = {
  name: 'lists',
  asks: 'What do filtered lists cost in the preset large?',
  run: async (setting) => {
    const [many, few] = setting.isQuick ? [300, 30] : [25_000, 100];
    setting.progress(`making worlds of ${many} and ${few} VMs`);
    await using large = await startWorld(many);
    await using small = await startWorld(few);
    const figures: Figure[] = [];
    for (const filter of filters) {
      const name = `list ${filter.command === undefined ? 'by' : 'of'} ${filter.name}`;
      const costs = await compared(setting, name, callOf(large, filter), callOf(small, filter));
      figures.push(
        ...costFigures(costs, {
          name,
          subject: `${name} among ${many} VMs`,
          yardstick: `among ${few}`,
          ...(filter.limit !== undefined && { limit: filter.limit }),
        }),
      );
    }
    return [...figures, ...(await comparedWithBare(setting, large, many))];
  },
};

type Served = SignedCall & { readonly server: Server };

function startWorld(vms: number): Promise<Server> {
  const world = worldOfSize({ hosts: Math.ceil(vms / 25), vms });
  return startSimulator({ world, account: 'tenant1' });
}

function callOf(server: Server, filter: (typeof filters)[number]): Served {
  const { command = 'listVirtualMachines', values } = filter;
  const call = signedCall(server.origin, server.keys, command, values(server.vm));
  return { ...call, server };
}

async function comparedWithBare(setting: Setting, large: Server, many: number): Promise<Figure[]> {
  const byId = callOf(large, { name: 'id', values: ({ id }) => ({ id }) });
  const { headers, body } = await sendAgainAndAgain(byId, 1);
  await using bare = await startBare({ headers, body });
  const doingNothing = { origin: bare.origin, form: byId.form, server: bare };
  return costFigures(await compared(setting, 'list by id, bare', byId, doingNothing), {
    name: 'list over bare',
    subject: `list by id among ${many} VMs`,
    yardstick: 'the same bytes from a bare node:http server',
  });
}

function compared(
  { isQuick, progress }: Setting,
  name: string,
  subject: Served,
  yardstick: Served,
): ReturnType<typeof measurePairs<'cpu' | 'wall'>> {
  const calls = isQuick ? 20 : 400;
  return measurePairs(
    {
      pairs: isQuick ? 2 : 15,
      warmUps: isQuick ? 0 : 3,
      progress: (text) => progress(`${name} ${text}`),
    },
    () => costOfCall(subject, calls),
    () => costOfCall(yardstick, calls),
  );
}

async function costOfCall(call: Served, count: number): Promise<Costs<'cpu' | 'wall'>> {
  const beforeUs = await call.server.ask('cpuUs');
  const startedMs = performance.now();
  await sendAgainAndAgain(call, count);
  const wallMs = performance.now() - startedMs;
  const afterUs = await call.server.ask('cpuUs');
  return { cpu: (afterUs - beforeUs) / count, wall: (wallMs * 1_000) / count };
}
