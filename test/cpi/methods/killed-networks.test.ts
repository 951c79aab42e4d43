// Proves that a create_network is not refused because of what a killed one for the same has made: that
// network, which nobody was told of, is then the answer, of one call only: calls at once, and gc, whose
// requests come in any order, never share one. Networks that anybody may know of, or that are not the
// same, are left as they are, and the call is refused as before.
import { expect, test } from '@playwright/test';
import type { HttpResponse, Transport } from '../../../cpi/cloudstack/transport.js';
import { createVpc, tierOfVpc } from '../../crash/vm-scenarios.js';
import {
  at,
  directorUuid,
  startZone,
  type CallOptions,
  type CpiZone,
} from '../../support/cpi-zone.js';
import { comesInAfter, drawnBy, interleaved, type Through } from '../../twice/interleaving.js';
import { isolatedOffering, networksOf, subnet, type CreatedNetwork } from './network-requests.js';
import { vmArguments } from './vm-requests.js';

const asAdmin: CallOptions = { as: 'Admin' };
const offering = { network_offering: 'DefaultIsolatedNetworkOffering' };
const range = { range: '10.66.0.0/24', gateway: '10.66.0.1' };
const inVlan = subnet(range, { vlan: 666, ...offering });

/** A create_network that is killed when it has made the network, before it can mark it. */
async function killed(zone: CpiZone, args: unknown[], options: CallOptions = {}): Promise<void> {
  await new Promise<void>((resolve) => {
    const through = (transport: Transport): Transport => ({
      close: () => {
        transport.close();
      },
      send: (request) => {
        const { body } = request;
        if (typeof body !== 'string' || !body.includes('command=createTags&')) {
          return transport.send(request);
        }
        resolve();
        return new Promise(() => undefined);
      },
    });
    void zone.call('create_network', args, { ...options, through });
  });
}

const marked = expect.arrayContaining([
  expect.objectContaining({ key: 'bosh-cpi-director', value: directorUuid }),
  expect.objectContaining({ key: 'bosh-cpi-purpose', value: 'network' }),
]) as unknown;

for (const { what, options, args } of [
  { what: 'a VLAN', options: asAdmin, args: inVlan },
  {
    what: 'a VLAN, as a text, and a size',
    options: asAdmin,
    args: subnet({ netmask_bits: 24 }, { vlan: '666', ...offering }),
  },
  { what: 'a range in a VPC', options: {}, args: tierOfVpc },
]) {
  test(`the network of a killed call for ${what} is that of the next call`, async () => {
    await using zone = await startZone({}, 'direct');
    const as = options === asAdmin ? 'admin' : 'user';
    createVpc(zone);
    const before = networksOf(zone, as);
    await killed(zone, args, options);
    const made = networksOf(zone, as);
    expect(made).toHaveLength(before.length + 1);
    const [cid, addresses] = (await zone.result('create_network', args, options)) as CreatedNetwork;
    const network = at(zone[as].call('listNetworks', { id: cid }), 'network', 0);
    expect(network).toMatchObject({ cidr: addresses.range, tags: marked });
    expect(networksOf(zone, as)).toHaveLength(made.length);
    await zone.result('delete_network', [cid], options);
    expect(networksOf(zone, as)).toEqual(before);
  });
}

for (const [what, more, text] of [
  ['of another Director', {}, 'bosh-cpi-director another'],
  ['for another range', { range: '10.67.0.0/24', gateway: '10.67.0.1' }, undefined],
  ['for another gateway', { gateway: '10.66.0.9' }, undefined],
] as const) {
  test(`what a killed call ${what} made stays in the way`, async () => {
    await using zone = await startZone({}, 'direct');
    await killed(zone, subnet({ ...range, ...more }, { vlan: 666, ...offering }), asAdmin);
    if (text !== undefined) {
      for (const network of networksOf(zone, 'admin')) {
        const id = String(at(network, 'id'));
        if (String(at(network, 'name')).startsWith('network-')) {
          zone.admin.done('updateNetwork', { id, displaytext: text });
        }
      }
    }
    const before = networksOf(zone, 'admin');
    const error = await zone.error('create_network', inVlan, asAdmin);
    expect(error.message).toContain('Network with vlan 666 already exists');
    expect(networksOf(zone, 'admin')).toEqual(before);
  });
}

for (const [what, change] of [
  ['has tags', () => Promise.resolve()],
  [
    'has no tags, but a VM',
    async (zone: CpiZone, name: string) => {
      const dynamic = { type: 'dynamic', cloud_properties: { name } };
      await zone.result('create_vm', vmArguments({ networks: { dynamic } }), asAdmin);
      zone.admin.call('deleteTags', { resourceids: name, resourcetype: 'Network' });
    },
  ],
] as const) {
  test(`a network that ${what} is never given to a second call`, async () => {
    await using zone = await startZone({}, 'direct');
    const [cid] = (await zone.result('create_network', inVlan, asAdmin)) as CreatedNetwork;
    await change(zone, cid);
    const before = networksOf(zone, 'admin');
    const error = await zone.error('create_network', inVlan, asAdmin);
    expect(error.message).toContain('Network with vlan 666 already exists');
    expect(networksOf(zone, 'admin')).toEqual(before);
  });
}

test('a tier with another list of rules is not the same', async () => {
  const [request] = tierOfVpc as [{ cloud_properties: object }];
  const open = {
    ...request,
    cloud_properties: { ...request.cloud_properties, acl: 'default_allow' },
  };
  for (const [first, second] of [
    [open, request],
    [request, open],
  ]) {
    await using zone = await startZone({}, 'direct');
    createVpc(zone);
    await killed(zone, [first]);
    const before = networksOf(zone);
    expect((await zone.error('create_network', [second])).ok_to_retry).toBe(false);
    expect(networksOf(zone)).toEqual(before);
  }
});

const seed = Number(process.env['SEED'] ?? 1);
const dayMs = 24 * 3_600_000;

const schedules = [
  ...Array.from(
    { length: 24 },
    (_, after) => [`after ${after}`, () => comesInAfter(after)] as const,
  ),
  ...Array.from(
    { length: 24 },
    (_, n) => [`drawn by SEED=${seed}, ${n}`, () => drawnBy(seed * 1_000 + n)] as const,
  ),
];

interface Answer {
  readonly result: CreatedNetwork | null;
  readonly error: { message: string } | null;
}

/** Deletes what the answers name; tells what is wrong with them, and what is left. */
async function problemsOf(
  zone: CpiZone,
  answers: readonly string[],
  { as, before, options }: { as: 'admin' | 'user'; before: unknown; options: CallOptions },
): Promise<string[]> {
  const parsed = answers.map((answer) => JSON.parse(answer) as Answer);
  const cids = parsed.flatMap(({ result }) => result?.[0] ?? []);
  const problems = cids.length === 1 ? [] : [`${cids.length} networks: ${answers.join(', ')}`];
  for (const cid of new Set(cids)) {
    const network = at(zone[as].call('listNetworks', { id: cid }), 'network', 0);
    if (network === undefined) problems.push(`${cid} was answered, and is not there`);
    await zone.result('delete_network', [cid], options);
  }
  const left = networksOf(zone, as);
  return JSON.stringify(left) === JSON.stringify(before)
    ? problems
    : [...problems, `left: ${JSON.stringify(left)}`];
}

for (const { what, options, args } of [
  { what: 'a VLAN', options: asAdmin, args: inVlan },
  { what: 'a range in a VPC', options: {}, args: tierOfVpc },
]) {
  const as = options === asAdmin ? 'admin' : 'user';

  for (const isLeft of [false, true]) {
    const beside = isLeft ? ', of which a killed one has left the network' : '';
    test(`of two calls at once for ${what}${beside}, one has the network`, async () => {
      test.setTimeout(120_000);
      await using zone = await startZone({}, 'direct');
      createVpc(zone);
      const before = networksOf(zone, as);
      if (isLeft) await killed(zone, args, options);
      const rewind = zone.simulator.bookmark();
      const problems: Record<string, string[]> = {};
      for (const [name, schedule] of schedules) {
        rewind();
        const call = (through: Through): Promise<string> =>
          zone.call('create_network', args, { ...options, through });
        const answers = await interleaved([call, call], schedule());
        const found = await problemsOf(zone, answers, { as, before, options });
        if (found.length > 0) problems[name] = found;
      }
      expect(problems).toEqual({});
    });
  }
}

test('gc at the same time as a call that takes the network over: one of them has it', async () => {
  test.setTimeout(120_000);
  await using zone = await startZone({}, 'direct');
  createVpc(zone);
  const before = networksOf(zone);
  await killed(zone, tierOfVpc);
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const rewind = zone.simulator.bookmark();
  const call = (through: Through): Promise<string> =>
    zone.call('create_network', tierOfVpc, { through });
  const gc = (through: Through): Promise<string> => zone.gc({ through }).then(() => '');
  const problems: Record<string, string[]> = {};
  for (const [name, schedule] of schedules) {
    for (const calls of [
      [call, gc],
      [gc, call],
    ]) {
      rewind();
      const answers = (await interleaved(calls, schedule())).filter((answer) => answer !== '');
      const [answer = ''] = answers;
      const { error } = JSON.parse(answer) as Answer;
      // Who is refused because gc has not come to its end yet may call again.
      const isRefused = error !== null && /crosses other network cidr/.test(error.message);
      const again = isRefused ? [await zone.call('create_network', tierOfVpc)] : answers;
      const found = await problemsOf(zone, again, { as: 'user', before, options: {} });
      if (found.length > 0)
        problems[`${name}, ${calls[0] === gc ? 'gc first' : 'gc second'}`] = found;
    }
  }
  expect(problems).toEqual({});
});

test('a call that is interrupted when it has taken a network over removes it', async () => {
  await using zone = await startZone({}, 'direct');
  createVpc(zone);
  const before = networksOf(zone);
  await killed(zone, tierOfVpc);
  const interruption = new AbortController();
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: async (sent): Promise<HttpResponse> => {
      const answer = await transport.send(sent);
      const isTagging = typeof sent.body === 'string' && sent.body.includes('command=createTags&');
      if (isTagging) interruption.abort();
      return answer;
    },
  });
  const { signal } = interruption;
  const { message } = await zone.error('create_network', tierOfVpc, { through, signal });
  expect(message).toContain('interrupted');
  expect(networksOf(zone)).toEqual(before);
});

test('a tier whose range is chosen is no earlier one, but has a range of its own', async () => {
  await using zone = await startZone({}, 'direct');
  createVpc(zone);
  const chosen = subnet(
    { netmask_bits: 24 },
    { network_offering: 'DefaultIsolatedNetworkOfferingForVpcNetworks', vpc: 'cloud' },
  );
  await killed(zone, chosen);
  const left = networksOf(zone).filter((one) => String(at(one, 'name')).startsWith('network-'));
  const rewind = zone.simulator.bookmark();
  for (const [, schedule] of schedules) {
    rewind();
    const call = (through: Through): Promise<string> =>
      zone.call('create_network', chosen, { through });
    const answers = await interleaved([call, call], schedule());
    const results = answers.map((answer) => (JSON.parse(answer) as Answer).result);
    expect(results.map((result) => result?.[1].range).sort()).toEqual([
      '10.66.1.0/24',
      '10.66.2.0/24',
    ]);
    expect(networksOf(zone)).toEqual(expect.arrayContaining(left));
  }
});

test('gc finds a network that somebody was about to remove, and none that only has such a name', async () => {
  await using zone = await startZone({}, 'direct');
  await killed(zone, subnet());
  const { user } = zone;
  const [ours] = networksOf(zone).filter((one) => String(at(one, 'name')).startsWith('network-'));
  user.run('createTags', {
    resourcetype: 'Network',
    resourceids: String(at(ours, 'id')),
    'tags[0].key': 'bosh-cpi-claim',
    'tags[0].value': 'of a call that was killed',
  });
  const idIn = (command: string, key: string, values = {}): string =>
    String(at(user.call(command, values), key, 0, 'id'));
  user.call('createNetwork', {
    name: 'network-a0000000-0000-4000-8000-000000000001',
    displaytext: 'of an operator',
    zoneid: idIn('listZones', 'zone'),
    networkofferingid: idIn('listNetworkOfferings', 'networkoffering', { name: isolatedOffering }),
  });
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const collected = await zone.gc();
  expect(collected.map(({ forgotten, outcome }) => [forgotten.id, outcome])).toEqual([
    [at(ours, 'id'), 'deleted'],
  ]);
});

test('gc that cannot claim a network for the moment leaves it, and the next call for the same has it', async () => {
  await using zone = await startZone({}, 'direct');
  createVpc(zone);
  await killed(zone, tierOfVpc);
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const body = { createtagsresponse: { errorcode: 530, errortext: 'the database is away' } };
  const failing: HttpResponse = { status: 530, headers: {}, body: JSON.stringify(body) };
  let network: unknown;
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: async (sent): Promise<HttpResponse> => {
      const isOf = (command: string): boolean =>
        typeof sent.body === 'string' && sent.body.includes(`command=${command}&`);
      if (isOf('createTags')) return failing;
      if (isOf('deleteNetwork')) network = at(await zone.result('create_network', tierOfVpc), 0);
      return transport.send(sent);
    },
  });
  const [collected] = await zone.gc({ through });
  expect(collected?.outcome).toEqual({ failed: expect.stringContaining('the database is away') });
  network ??= at(await zone.result('create_network', tierOfVpc), 0);
  expect(networksOf(zone).map((one) => at(one, 'id'))).toContain(network);
});
