// Proves that a public address which CloudStack allocates only when create_vm has failed, for it got no
// answer and found nothing, is no loss: the next create_vm for it takes it as its own, or gc gives it
// back. What somebody else may have got is left alone: later than the request can be carried out, for
// another network, with a tag, or in use.
import { expect, test } from '@playwright/test';
import { TransportError, type Transport } from '../../../cpi/cloudstack/transport.js';
import { isolatedOffering } from './network-requests.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { holdAddress, makeRule, networkId, usersMayExpunge } from './load-balancer-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const ip = '203.0.113.15';
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const request = vmArguments({
  networks: { private: manualNetwork(), public: { type: 'vip', ip } },
});

/** A zone in which a create_vm has failed, and how its request for the address arrives after all. */
async function failed(): Promise<CpiZone & { arrive: () => Promise<unknown> }> {
  const zone = await startZone({ world: usersMayExpunge }, 'direct');
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('delete_vm', [vm]);
  let arrive: () => Promise<unknown> = () => Promise.reject(new Error('nothing was sent'));
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (sent) => {
      const { body } = sent;
      if (typeof body !== 'string' || !body.includes('command=associateIpAddress&')) {
        return transport.send(sent);
      }
      arrive = async () => {
        await transport.send(sent);
        zone.simulator.kernel.advanceUntilIdle();
      };
      return Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'));
    },
  });
  const error = await zone.error('create_vm', request, { through });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  return Object.assign(zone, { arrive });
}

const isHeld = (zone: CpiZone): boolean =>
  zone.user.call('listPublicIpAddresses', { ipaddress: ip })['count'] === 1;

function notes(zone: CpiZone): unknown[] {
  return (zone.user.call('listTags', { resourcetype: 'Network' })['tag'] ?? []) as unknown[];
}

async function found(zone: CpiZone, isToBeDeleted = true): Promise<string[]> {
  const all = await zone.gc({ isToBeDeleted });
  return all.map(
    ({ forgotten: { kind, name }, outcome }) => `${kind} ${name} ${JSON.stringify(outcome)}`,
  );
}

test('gc gives it back, and takes the note off the network', async () => {
  await using zone = await failed();
  expect(notes(zone)).toMatchObject([{ key: 'bosh-cpi-late-address' }]);
  await zone.arrive();
  expect(isHeld(zone)).toBe(true);
  expect(await found(zone), 'a call may be at work').toEqual([]);
  zone.simulator.kernel.advanceBy(2 * dayMs);
  expect(await found(zone, false)).toEqual([`public address ${ip} "found"`]);
  expect(await found(zone)).toEqual([`public address ${ip} "deleted"`]);
  expect(isHeld(zone)).toBe(false);
  expect(notes(zone)).toEqual([]);
});

for (const { when } of [{ when: 'before' }, { when: 'while' }]) {
  test(`the next create_vm has it, if it is allocated ${when} that is at work, and it goes with its VM`, async () => {
    await using zone = await failed();
    if (when === 'before') await zone.arrive();
    const through = (transport: Transport): Transport => ({
      ...transport,
      send: async (sent) => {
        const isStart =
          typeof sent.body === 'string' && sent.body.includes('command=startVirtualMachine&');
        if (when === 'while' && isStart) await zone.arrive();
        return transport.send(sent);
      },
    });
    const [vm] = (await zone.result('create_vm', request, { through })) as [string];
    const { virtualmachine } = zone.user.call('listVirtualMachines', { id: vm });
    expect(at(virtualmachine, 0)).toMatchObject({ publicip: ip });
    expect(notes(zone)).toEqual([]);
    await zone.result('delete_vm', [vm]);
    expect(isHeld(zone)).toBe(false);
  });
}

test('one that a create_vm takes over while gc is at work stays with its VM', async () => {
  await using zone = await failed();
  await zone.arrive();
  zone.simulator.kernel.advanceBy(2 * dayMs);
  let hasLooked = false;
  let vm = '';
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: async (sent) => {
      const body = typeof sent.body === 'string' ? sent.body : '';
      const isSecondLook = body.includes('command=listPublicIpAddresses&') && /(^|&)id=/.test(body);
      if (isSecondLook && !hasLooked) {
        hasLooked = true;
        [vm] = (await zone.result('create_vm', request)) as [string];
      }
      return transport.send(sent);
    },
  });
  const [collected] = await zone.gc({ isToBeDeleted: true, through });
  expect(collected?.outcome).toEqual({
    failed: expect.stringContaining(`public address ${ip} has been taken over since it was found`),
  });
  const { virtualmachine } = zone.user.call('listVirtualMachines', { id: vm });
  expect(at(virtualmachine, 0)).toMatchObject({ publicip: ip });
});

test('if it never comes, the next create_vm gets one, and the note goes, by gc if need be', async () => {
  await using zone = await failed();
  const start = zone.simulator.save();
  const [vm] = (await zone.result('create_vm', request)) as [string];
  expect(notes(zone)).toEqual([]);
  await zone.result('delete_vm', [vm]);
  expect(isHeld(zone)).toBe(false);
  zone.simulator.load(start);
  const pastNow = Date.now() - zone.simulator.kernel.nowMs;
  zone.simulator.kernel.advanceBy(Math.max(0, pastNow) + 2 * dayMs);
  expect(await found(zone)).toEqual(['note NET_CS "deleted"']);
  expect(notes(zone)).toEqual([]);
});

test('one that a request sent twice has got, though its second answer is a refusal, is the next create_vm’s', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const twice = (transport: Transport): Transport => ({
    ...transport,
    send: async (sent) => {
      const { body } = sent;
      const isForAddress = typeof body === 'string' && body.includes('command=associateIpAddress&');
      if (isForAddress) await transport.send(sent);
      return transport.send(sent);
    },
  });
  expect(await zone.error('create_vm', request, { through: twice })).toMatchObject({
    type: 'Bosh::Clouds::CloudError',
    message: expect.stringContaining(`The vip ${ip} is not allocated to this account`),
  });
  expect(isHeld(zone)).toBe(true);
  expect(notes(zone)).toMatchObject([{ key: 'bosh-cpi-late-address' }]);
  const [vm] = (await zone.result('create_vm', request)) as [string];
  expect(notes(zone)).toEqual([]);
  await zone.result('delete_vm', [vm]);
  expect(isHeld(zone)).toBe(false);
});

test('an address that is refused, and not there, is not noted', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  const networks = { private: manualNetwork(), public: { type: 'vip', ip: '192.0.2.99' } };
  expect(await zone.error('create_vm', vmArguments({ networks }))).toMatchObject({
    type: 'Bosh::Clouds::CloudError',
  });
  expect(notes(zone)).toEqual([]);
});

for (const [what, get] of [
  [
    'later',
    (zone) => {
      // By then the signature of the lost request has expired.
      const pastNow = Date.now() - zone.simulator.kernel.nowMs;
      zone.simulator.kernel.advanceBy(Math.max(0, pastNow) + hourMs);
      holdAddress(zone, ip);
    },
  ],
  ['for a load balancer', (zone) => void makeRule(zone, holdAddress(zone, ip))],
  [
    'with a tag',
    (zone) =>
      zone.user.run('createTags', {
        resourcetype: 'PublicIpAddress',
        resourceids: holdAddress(zone, ip),
        'tags[0].key': 'owner',
        'tags[0].value': 'operator',
      }),
  ],
  [
    'for another network',
    async (zone) => {
      const subnet = { type: 'manual', cloud_properties: { network_offering: isolatedOffering } };
      const [networkid] = (await zone.result('create_network', [subnet])) as [string];
      zone.user.done('associateIpAddress', { networkid, ipaddress: ip });
    },
  ],
] as [string, (zone: CpiZone) => unknown][]) {
  test(`an address that an operator gets ${what} stays`, async () => {
    await using zone = await failed();
    await get(zone);
    const address = zone.user.call('listPublicIpAddresses', { ipaddress: ip });
    const answer = await zone.call('create_vm', request);
    const { result } = JSON.parse(answer) as { result: [string] | null };
    if (result !== null) await zone.result('delete_vm', [result[0]]);
    zone.simulator.kernel.advanceBy(Math.max(0, Date.now() - zone.simulator.kernel.nowMs));
    zone.simulator.kernel.advanceBy(3 * dayMs);
    expect((await found(zone)).filter((line) => line.startsWith('public'))).toEqual([]);
    expect(zone.user.call('listPublicIpAddresses', { ipaddress: ip })).toEqual(address);
  });
}

test('what another Director has noted is held for create_vm, and stays', async () => {
  await using zone = await failed();
  const network = networkId(zone, 'NET_CS');
  const of = { resourcetype: 'Network', resourceids: network };
  const [note] = notes(zone);
  zone.user.run('deleteTags', of);
  zone.user.run('createTags', {
    ...of,
    'tags[0].key': String(at(note, 'key')),
    'tags[0].value': String(at(note, 'value')).replace(/\S+$/, 'another'),
  });
  await zone.arrive();
  const [vm] = (await zone.result('create_vm', request)) as [string];
  await zone.result('delete_vm', [vm]);
  expect(isHeld(zone)).toBe(true);
});
