// Proves that gc which runs at the same time as calls takes nothing of theirs, whatever the turns of
// their requests: not what they make, and not what they find left over and use, such as an affinity
// group or a load balancer rule that had nobody in it. Only between its last look at such a thing and
// the deletion the other call does not get through a whole job. SEED repeats the turns that are drawn.
import { expect, test } from '@playwright/test';
import { differences } from '../../crash/possessions.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import {
  comesInAfter,
  drawnBy,
  interleaved,
  type Schedule,
  type Through,
} from '../../twice/interleaving.js';
import { likenessOf } from '../../twice/likeness.js';
import { usersMayExpunge } from '../methods/load-balancer-requests.js';
import { subnet } from '../methods/network-requests.js';
import { manualNetwork, vmArguments } from '../methods/vm-requests.js';

const seed = Number(process.env['SEED'] ?? 1);
const dayMs = 24 * 3_600_000;

const withEverything = {
  properties: {
    disk: 1024,
    ephemeral_disk_offering: 'ephemeral',
    affinity_group: 'web',
    lbs: [{ name: 'web', public_port: 80, private_port: 8080 }],
  },
  networks: { private: manualNetwork(), public: { type: 'vip', ip: '203.0.113.15' } },
};

/** What calls that nobody was told of left two days ago: the next ones find some of it in their way. */
async function leave(zone: CpiZone): Promise<void> {
  await zone.result('create_vm', vmArguments(withEverything));
  await zone.result('create_disk', [1024, { disk_offering: 'shared.custom' }, null]);
  zone.simulator.kernel.advanceBy(2 * dayMs);
}

/** The turns of gc, the first call, and of another one. */
function schedules(requests: number): [string, () => Schedule][] {
  return [
    ...Array.from({ length: Math.ceil(requests / 2) }, (_, n): [string, () => Schedule] => [
      `after ${2 * n} requests of gc`,
      () => comesInAfter(2 * n),
    ]),
    ...Array.from({ length: 16 }, (_, n): [string, () => Schedule] => [
      `drawn by SEED=${seed}, ${n}`,
      () => drawnBy(seed * 1_000 + n),
    ]),
  ];
}

/** gc, as the first call, and schedules in which a deletion of it does not wait for long. */
function promptGc(zone: CpiZone): {
  gc: (through: Through) => Promise<string>;
  prompt: (schedule: Schedule) => Schedule;
} {
  let isDeleting = false;
  let keptWaiting = 0;
  const watched =
    (through: Through): Through =>
    (transport) => {
      const line = through(transport);
      const send: typeof line.send = (request) => {
        const { body } = request;
        isDeleting = typeof body === 'string' && body.includes('command=delete');
        return line.send(request);
      };
      return { ...line, send };
    };
  return {
    gc: (through) => zone.gc({ through: watched(through) }).then(() => ''),
    prompt: (schedule) => (waiting) => {
      const isDue = isDeleting && keptWaiting >= 2 && waiting.includes(0);
      const turn = isDue ? 0 : schedule(waiting);
      keptWaiting = turn === 0 ? 0 : keptWaiting + 1;
      if (turn === 0) isDeleting = false;
      return turn;
    },
  };
}

const otherAgent = 'b0000000-0000-4000-8000-000000000002';

for (const [method, args] of [
  [
    'create_vm',
    vmArguments({
      ...withEverything,
      agentId: otherAgent,
      networks: {
        private: manualNetwork('10.203.6.41'),
        public: { type: 'vip', ip: '203.0.113.16' },
      },
    }),
  ],
  ['create_vm', vmArguments(withEverything)],
  ['create_disk', [1024, { disk_offering: 'shared.custom' }, null]],
  ['create_network', subnet({ netmask_bits: 24 })],
] as const) {
  const whose = args[0] === otherAgent ? ' for another agent' : '';
  test(`gc at the same time as ${method}${whose} takes nothing of it`, async () => {
    test.setTimeout(180_000);
    await using zone = await startZone({ world: usersMayExpunge }, 'direct');
    await leave(zone);
    const rewind = zone.simulator.bookmark();
    let requests = 0;
    const { gc, prompt } = promptGc(zone);
    const call = (through: Through): Promise<string> => zone.call(method, args, { through });
    await interleaved([gc], () => (requests += 1) * 0);
    await zone.result(method, args);
    const wanted = likenessOf(zone);
    const problems: Record<string, unknown> = {};
    for (const [name, schedule] of schedules(requests)) {
      rewind();
      const [, answer = ''] = await interleaved([gc, call], prompt(schedule()));
      const error = at(JSON.parse(answer), 'error');
      await zone.gc();
      const left = differences(wanted, likenessOf(zone));
      if (error !== null || left.length > 0) problems[name] = { error, left };
    }
    expect(problems).toEqual({});
  });
}

test('gc succeeds while delete_vm takes the last VM of a group and of a rule away, and both with it', async () => {
  test.setTimeout(180_000);
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const created = await zone.result('create_vm', vmArguments(withEverything));
  const vmCid = (created as [string])[0];
  await zone.result('set_vm_metadata', [vmCid, { deployment: 'web' }]);
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const rewind = zone.simulator.bookmark();
  let requests = 0;
  const gc = (through: Through): Promise<unknown> => zone.gc({ through });
  const deletion = (through: Through): Promise<unknown> =>
    zone.result('delete_vm', [vmCid], { through });
  await interleaved([gc], () => (requests += 1) * 0);
  expect(requests).toBeGreaterThan(10);
  for (let before = 0; before < requests; before += 1) {
    rewind();
    const after = `after ${before} requests of gc`;
    await test.step(after, () => interleaved([gc, deletion], comesInAfter(before)));
    expect(zone.simulator.world.loadBalancerRules.all(), after).toEqual([]);
    expect(zone.simulator.world.affinityGroups.all(), after).toEqual([]);
  }
});
