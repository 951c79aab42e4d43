// Proves that a public address which CloudStack allocates only when create_vm has failed, for it got no
// answer and found nothing, is no loss: the next create_vm for it takes it as its own, or gc gives it
// back; each of several, and each Director's. What somebody else may have got is left alone: later than
// the request can be carried out, for another network, with a tag, or in use.
import { expect, test } from '@playwright/test';
import {
  TransportError,
  type HttpResponse,
  type Transport,
} from '../../../cpi/cloudstack/transport.js';
import { realClock } from '../../../cpi/flow/clock.js';
import { interleaved, type Schedule, type Through } from '../../twice/interleaving.js';
import { isolatedOffering } from './network-requests.js';
import { at, startZone, type CallOptions, type CpiZone } from '../../support/cpi-zone.js';
import { holdAddress, makeRule, networkId, usersMayExpunge } from './load-balancer-requests.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const ip = '203.0.113.15';
const otherIp = '203.0.113.16';
const noteKey = expect.stringMatching(/^bosh-cpi-late-address-[0-9a-f-]{36}$/) as unknown;
const dayMs = 24 * 3_600_000;
const requestFor = (address: string, agentId?: string): unknown[] =>
  vmArguments({
    ...(agentId !== undefined && { agentId }),
    networks: { private: manualNetwork(), public: { type: 'vip', ip: address } },
  });
const request = requestFor(ip);

/** A command, by the parameters that it has at least. */
const isSent = (body: unknown, ...parameters: string[]): boolean =>
  typeof body === 'string' && parameters.every((one) => `&${body}&`.includes(`&${one}&`));

/** A zone in which users may expunge, and whose network has had its first VM. */
async function warmZone(): Promise<CpiZone> {
  const zone = await startZone({ world: usersMayExpunge }, 'direct');
  const [vm] = (await zone.result('create_vm', vmArguments())) as [string];
  await zone.result('delete_vm', [vm]);
  return zone;
}

/** A create_vm that fails for want of an answer; how its request for the address arrives after all. */
async function fail(
  zone: CpiZone,
  args = request,
  options: CallOptions = {},
): Promise<() => Promise<void>> {
  let arrive: () => Promise<void> = () => Promise.reject(new Error('nothing was sent'));
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (sent) => {
      if (!isSent(sent.body, 'command=associateIpAddress')) return transport.send(sent);
      arrive = async () => {
        await transport.send(sent);
        zone.simulator.kernel.advanceUntilIdle();
      };
      return Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'));
    },
  });
  const error = await zone.error('create_vm', args, { ...options, through });
  expect(error).toMatchObject({ type: 'Bosh::Clouds::VMCreationFailed', ok_to_retry: true });
  return arrive;
}

async function failed(): Promise<CpiZone & { arrive: () => Promise<unknown> }> {
  const zone = await warmZone();
  const arrive = await fail(zone);
  return Object.assign(zone, { arrive });
}

const isHeld = (zone: CpiZone, address = ip): boolean =>
  zone.user.call('listPublicIpAddresses', { ipaddress: address })['count'] === 1;

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
  expect(notes(zone)).toMatchObject([{ key: noteKey }]);
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

test('what comes of the call whose VM was removed, just before the address is asked for, is taken', async () => {
  await using zone = await warmZone();
  const [former] = (await zone.result('create_vm', request)) as [string];
  const networkid = networkId(zone, 'NET_CS');
  let timesAskedFor = 0;
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (sent) => {
      if (isSent(sent.body, 'command=associateIpAddress')) {
        timesAskedFor += 1;
        if (timesAskedFor === 1) zone.user.done('associateIpAddress', { networkid, ipaddress: ip });
      }
      return transport.send(sent);
    },
  });
  const [vm] = (await zone.result('create_vm', request, { through })) as [string];
  expect(timesAskedFor).toBe(1);
  expect(await zone.result('has_vm', [former])).toBe(false);
  const { virtualmachine } = zone.user.call('listVirtualMachines', { id: vm });
  expect(at(virtualmachine, 0)).toMatchObject({ publicip: ip });
  await zone.result('delete_vm', [vm]);
  expect(isHeld(zone)).toBe(false);
});

test('that of a VM which is gone, given back just when the next VM has it, is allocated anew', async () => {
  await using zone = await warmZone();
  const [former] = (await zone.result('create_vm', request)) as [string];
  zone.user.done('destroyVirtualMachine', { id: former, expunge: true });
  expect(isHeld(zone)).toBe(true);
  let timesGivenBack = 0;
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: async (sent) => {
      const answer = await transport.send(sent);
      if (timesGivenBack === 0 && isSent(sent.body, 'command=enableStaticNat')) {
        timesGivenBack += 1;
        const { publicipaddress } = zone.user.call('listPublicIpAddresses', { ipaddress: ip });
        zone.user.done('disassociateIpAddress', { id: String(at(publicipaddress, 0, 'id')) });
      }
      return answer;
    },
  });
  const args = requestFor(ip, 'a0000000-0000-4000-8000-000000000002');
  const [vm] = (await zone.result('create_vm', args, { through })) as [string];
  expect(timesGivenBack).toBe(1);
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
  expect(await found(zone)).toEqual([`note of ${ip} on network NET_CS "deleted"`]);
  expect(notes(zone)).toEqual([]);
});

/** A line that sends the request for the address twice. */
const twice = (transport: Transport): Transport => ({
  ...transport,
  send: async (sent) => {
    if (isSent(sent.body, 'command=associateIpAddress')) await transport.send(sent);
    return transport.send(sent);
  },
});

test('one that a request sent twice has got, though its second answer is a refusal, is the next create_vm’s', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  expect(await zone.error('create_vm', request, { through: twice })).toMatchObject({
    type: 'Bosh::Clouds::VMCreationFailed',
    ok_to_retry: true,
    message: expect.stringContaining(`The vip ${ip} was free, and is held now by this account`),
  });
  expect(isHeld(zone)).toBe(true);
  expect(notes(zone)).toMatchObject([{ key: noteKey }]);
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
    'three minutes later',
    (zone) => {
      // By then the signature of the lost request has expired.
      const pastNow = Date.now() - zone.simulator.kernel.nowMs;
      zone.simulator.kernel.advanceBy(Math.max(0, pastNow) + 180_000);
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

test('of two addresses that come late for one network each is noted, and given back', async () => {
  await using zone = await warmZone();
  const arrivals = [await fail(zone), await fail(zone, requestFor(otherIp))];
  expect(notes(zone)).toMatchObject([{ key: noteKey }, { key: noteKey }]);
  for (const arrive of arrivals) await arrive();
  zone.simulator.kernel.advanceBy(2 * dayMs);
  expect((await found(zone)).sort()).toEqual([
    `public address ${ip} "deleted"`,
    `public address ${otherIp} "deleted"`,
  ]);
  expect([isHeld(zone), isHeld(zone, otherIp)]).toEqual([false, false]);
  expect(notes(zone)).toEqual([]);
});

test('two Directors that note addresses of one network leave each other’s notes', async () => {
  await using zone = await warmZone();
  const other = { properties: { director_uuid: 'another' } };
  const arrivals = [await fail(zone), await fail(zone, requestFor(otherIp), other)];
  for (const arrive of arrivals) await arrive();
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const ofOther = await zone.gc({ directorUuid: 'another' });
  expect(ofOther.map(({ forgotten: { name } }) => name)).toEqual([otherIp]);
  expect([isHeld(zone), isHeld(zone, otherIp)]).toEqual([true, false]);
  const [vm] = (await zone.result('create_vm', request)) as [string];
  expect(notes(zone)).toEqual([]);
  await zone.result('delete_vm', [vm]);
  expect(isHeld(zone)).toBe(false);
});

for (const [when, isMarked] of [
  ['with the mark of its address', true],
  ['before that had one', false],
] as const) {
  test(`one that comes when the VM of its killed call has been removed, ${when}, goes with the next VM`, async () => {
    await using zone = await warmZone();
    let arrive: () => Promise<void> = () => Promise.reject(new Error('nothing was sent'));
    await new Promise<void>((resolve) => {
      const through = (transport: Transport): Transport => ({
        ...transport,
        send: (sent) => {
          if (!isSent(sent.body, 'command=associateIpAddress')) return transport.send(sent);
          arrive = async () => {
            await transport.send(sent);
            zone.simulator.kernel.advanceUntilIdle();
          };
          resolve();
          return new Promise<HttpResponse>(() => undefined);
        },
      });
      void zone.call('create_vm', request, { through });
    });
    if (!isMarked) unmark(zone);
    const whileAtWork = (transport: Transport): Transport => ({
      ...transport,
      send: async (sent) => {
        if (isSent(sent.body, 'command=startVirtualMachine')) await arrive();
        return transport.send(sent);
      },
    });
    const [vm] = (await zone.result('create_vm', request, { through: whileAtWork })) as [string];
    const { virtualmachine } = zone.user.call('listVirtualMachines', { id: vm });
    expect(at(virtualmachine, 0)).toMatchObject({ publicip: ip });
    await zone.result('delete_vm', [vm]);
    expect(isHeld(zone)).toBe(false);
  });
}

test('one that an operator gets long after the call whose VM is removed stays the operator’s', async () => {
  await using zone = await warmZone();
  await new Promise<void>((resolve) => {
    const through = (transport: Transport): Transport => ({
      ...transport,
      send: (sent) => {
        if (!isSent(sent.body, 'command=startVirtualMachine')) return transport.send(sent);
        resolve();
        return new Promise<HttpResponse>(() => undefined);
      },
    });
    void zone.call('create_vm', request, { through });
  });
  zone.simulator.kernel.advanceBy(10 * dayMs);
  const { networks } = zone.simulator.world;
  const networkid = networks.all().find(({ name }) => name === 'NET_CS')!.id;
  zone.user.done('associateIpAddress', { networkid, ipaddress: ip });
  const [vm] = (await zone.result('create_vm', request)) as [string];
  await zone.result('delete_vm', [vm]);
  expect(isHeld(zone)).toBe(true);
});

/** Takes the mark of its public address off each VM, as it is before its call puts it on. */
function unmark({ simulator, user }: CpiZone): void {
  for (const { id } of simulator.world.vms.all().filter(({ removedMs }) => removedMs === null)) {
    user.run('deleteTags', {
      resourcetype: 'UserVm',
      resourceids: id,
      'tags[0].key': 'bosh-cpi-address',
    });
  }
}

test('the address of a request sent twice is told from the same one that an operator gets at once', async () => {
  await using zone = await startZone({ world: usersMayExpunge }, 'direct');
  await zone.error('create_vm', request, { through: twice });
  const { publicipaddress } = zone.user.call('listPublicIpAddresses', { ipaddress: ip });
  zone.user.run('disassociateIpAddress', { id: String(at(publicipaddress, 0, 'id')) });
  zone.simulator.kernel.advanceBy(1_000);
  holdAddress(zone, ip);
  const [vm] = (await zone.result('create_vm', request)) as [string];
  await zone.result('delete_vm', [vm]);
  zone.simulator.kernel.advanceBy(2 * dayMs);
  await zone.gc();
  expect(isHeld(zone)).toBe(true);
});

test('gc that comes between any two requests of a create_vm takes an address that came late from no VM', async () => {
  test.setTimeout(120_000);
  await using zone = await failed();
  await zone.arrive();
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const rewind = zone.simulator.bookmark();
  const gc = (through: Through): Promise<string> => zone.gc({ through }).then(() => '');
  const creation = (through: Through): Promise<string> =>
    zone.call('create_vm', request, { through });
  const toRelease = await requestsBefore('disassociateIpAddress', gc);
  rewind();
  const toStart = await requestsBefore('startVirtualMachine', creation);
  const problems: Record<string, unknown> = {};
  for (let before = toStart; before <= toStart + 24; before += 1) {
    for (const meanwhile of [1, 4, 8]) {
      rewind();
      const schedule = turns([1, before], [0, toRelease], [1, meanwhile], [0, Infinity]);
      const [, answer = ''] = await interleaved([gc, creation], schedule);
      const { result, error } = JSON.parse(answer) as { result: [string] | null; error: unknown };
      const [vm = ''] = result ?? [];
      const address = zone.user.call('listPublicIpAddresses', { ipaddress: ip });
      if (error !== null || at(address, 'publicipaddress', 0, 'virtualmachineid') !== vm) {
        problems[`${before}, then ${meanwhile}`] = { error, address };
      }
    }
  }
  expect(problems).toEqual({});
});

/** How many requests a call sends before one. */
async function requestsBefore(
  command: string,
  call: (through: Through) => Promise<unknown>,
): Promise<number> {
  const sent: unknown[] = [];
  await call((transport) => ({
    ...transport,
    send: (one) => {
      sent.push(one.body);
      return transport.send(one);
    },
  }));
  return sent.findIndex((body) => isSent(body, `command=${command}`));
}

/** Turns in this order: a call, and how many requests it sends. */
function turns(...order: readonly [call: number, requests: number][]): Schedule {
  const left = order.flatMap(([call, requests]) =>
    Array<number>(Math.min(requests, 100)).fill(call),
  );
  return (waiting) => {
    while (left.length > 0) {
      const next = left.shift() ?? 0;
      if (waiting.includes(next)) return next;
    }
    return waiting[0] ?? 0;
  };
}

test('a machine whose clock is five minutes behind gets addresses all the same', async () => {
  await using zone = await warmZone();
  const clock = { ...realClock, nowMs: () => realClock.nowMs() - 300_000 };
  const [vm] = (await zone.result('create_vm', request, { clock })) as [string];
  const { virtualmachine } = zone.user.call('listVirtualMachines', { id: vm });
  expect(at(virtualmachine, 0)).toMatchObject({ publicip: ip });
});

test('where the note cannot be left, the error names the address, the network and how to release it', async () => {
  await using zone = await warmZone();
  const failing: HttpResponse = {
    status: 530,
    headers: {},
    body: JSON.stringify({
      createtagsresponse: { errorcode: 530, cserrorcode: 9999, errortext: 'the database is away' },
    }),
  };
  const through = (transport: Transport): Transport => ({
    ...transport,
    send: (sent) => {
      if (isSent(sent.body, 'command=createTags', 'resourcetype=Network')) {
        return Promise.resolve(failing);
      }
      if (!isSent(sent.body, 'command=associateIpAddress')) return transport.send(sent);
      return Promise.reject(new TransportError('reset', 'maybe', 'the connection was reset'));
    },
  });
  const { message } = await zone.error('create_vm', request, { through });
  expect(message).toContain(
    `look after: allocate public address ${ip} (if the account holds it for network ` +
      `${networkId(zone, 'NET_CS')}, and it leads nowhere, release it by disassociateIpAddress)`,
  );
});

test('one that is allocated for no network at all, as its job was lost, is given back; in use it stays', async () => {
  await using zone = await failed();
  await zone.arrive();
  const { publicIps } = zone.simulator.world;
  const address = publicIps.all().find(({ ipAddress }) => ipAddress === ip)!;
  publicIps.change(address, { networkId: null });
  zone.simulator.kernel.advanceBy(2 * dayMs);
  const of = { resourcetype: 'PublicIpAddress', resourceids: address.id };
  zone.user.run('createTags', { ...of, 'tags[0].key': 'owner', 'tags[0].value': 'operator' });
  expect((await found(zone, false)).filter((line) => line.startsWith('public'))).toEqual([]);
  zone.user.run('deleteTags', of);
  expect(await found(zone)).toEqual([`public address ${ip} "deleted"`]);
  expect(isHeld(zone)).toBe(false);
  expect(notes(zone)).toEqual([]);
});
