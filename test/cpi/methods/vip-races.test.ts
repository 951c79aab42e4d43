// Proves what becomes of two calls for one public address, however long one of them is held up between
// two of its requests: one gets the address and keeps it, the other one is told so, may be made again
// as long as that can help, and leaves nothing. Of two that are killed gc leaves nothing.
import { expect, test } from '@playwright/test';
import { commandOf } from '../../crash/interruption.js';
import { differences } from '../../crash/possessions.js';
import { warmNetwork } from '../../crash/made-before.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { errorOf } from '../../support/director-response.js';
import { interleaved, type Schedule, type Through } from '../../twice/interleaving.js';
import { likenessOf } from '../../twice/likeness.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

const ip = '203.0.113.15';

/** The arguments of two calls that differ in all but the public address. */
const requests = [1, 2].map((number) =>
  vmArguments({
    agentId: `a0000000-0000-4000-8000-00000000000${number}`,
    networks: { private: manualNetwork(`10.203.6.${50 + number}`), public: { type: 'vip', ip } },
  }),
);

/** The first call is held up after so many of its requests, until the second one has ended. */
function heldUpAfter(count: number): Schedule {
  let ofFirst = 0;
  return (waiting) => {
    const isFirst = waiting.length === 1 ? waiting[0] === 0 : ofFirst < count;
    if (isFirst) ofFirst += 1;
    return isFirst ? 0 : 1;
  };
}

/**
 * Words for the two agents' things that are the same for both. A call that begins when the other one
 * has just allocated the address takes it for one of the account, which has no mark on the VM.
 */
function anonymous(lines: readonly string[]): string[] {
  return lines
    .filter((line) => !line.startsWith('tag bosh-cpi-address='))
    .map((line) => line.replace(/10\.203\.6\.5[12]/g, 'IP'))
    .sort();
}

interface Race {
  readonly winners: number[];
  readonly losers: { type: string; message: string; ok_to_retry: boolean }[];
  readonly left: string[];
}

async function race(
  zone: CpiZone,
  schedule: Schedule,
  { wanted, untouched }: Record<'wanted' | 'untouched', readonly string[]>,
): Promise<Race> {
  const calls = requests.map(
    (args) => (through: Through) => zone.call('create_vm', args, { through }),
  );
  const answers = await interleaved(calls, schedule);
  const parsed = answers.map(
    (answer) => JSON.parse(answer) as { result: [string]; error: unknown },
  );
  const winners = parsed.flatMap(({ error }, index) => (error === null ? [index] : []));
  const { publicIps } = zone.simulator.world;
  const holder = publicIps.all().find(({ ipAddress }) => ipAddress === ip)?.vmId;
  const left = winners
    .map((index) => parsed[index]!.result[0])
    .filter((vm) => vm !== holder)
    .map((vm) => `VM ${vm} was handed out without its address`);
  left.push(...differences(wanted, anonymous(likenessOf(zone))));
  for (const index of winners) await zone.result('delete_vm', [parsed[index]!.result[0]]);
  await zone.gc();
  left.push(...differences(untouched, likenessOf(zone)));
  const losers = answers.filter((_, index) => !winners.includes(index)).map(errorOf);
  return { winners, losers, left };
}

for (const mayExpunge of [true, false]) {
  const account = mayExpunge ? 'may expunge' : 'may not expunge';
  test(`of two calls for one public address one gets it, by an account that ${account}`, async () => {
    test.setTimeout(120_000);
    const settings = { 'allow.user.expunge.recover.vm': mayExpunge };
    await using zone = await startZone({ settings }, 'direct');
    await warmNetwork(zone);
    const rewind = zone.simulator.bookmark();
    let count = 0;
    const counted = (through: Through): Promise<string> =>
      zone.call('create_vm', requests[0]!, { through });
    await interleaved([counted], () => (count += 1) * 0);
    const wanted = anonymous(likenessOf(zone));
    rewind();
    const untouched = likenessOf(zone);
    const problems: Record<string, unknown> = {};
    for (let after = 0; after <= count; after += 1) {
      rewind();
      const { winners, losers, left } = await race(zone, heldUpAfter(after), { wanted, untouched });
      const isTold = losers.every(
        ({ type, message, ok_to_retry: again }) =>
          (type === 'Bosh::Clouds::VMCreationFailed' && again) ||
          /belongs to VM vm-a/.test(message),
      );
      if (winners.length !== 1 || left.length > 0 || !isTold) {
        problems[`held up after ${after}`] = { winners, losers, left };
      }
    }
    expect(problems).toEqual({});
  });
}

/** A call that is killed when so many of its requests have been carried out; polls do not count. */
function killedAfter(zone: CpiZone, args: unknown[], count: number): Promise<void> {
  let sent = 0;
  return new Promise((resolve) => {
    const through: Through = (transport) => ({
      ...transport,
      send: (one) => {
        if (commandOf(one) !== 'queryAsyncJobResult') sent += 1;
        if (sent <= count) return transport.send(one);
        resolve();
        return new Promise(() => undefined);
      },
    });
    void zone.call('create_vm', args, { through }).then(() => {
      resolve();
    });
  });
}

for (const mayExpunge of [true, false]) {
  const account = mayExpunge ? 'may expunge' : 'may not expunge';
  test(`of two calls for one public address that are killed one after the other gc leaves nothing: ${account}`, async () => {
    test.setTimeout(120_000);
    const settings = { 'allow.user.expunge.recover.vm': mayExpunge };
    await using zone = await startZone({ settings }, 'direct');
    await warmNetwork(zone);
    const untouched = likenessOf(zone);
    const rewind = zone.simulator.bookmark();
    const problems: Record<string, unknown> = {};
    // From the deployment to the end.
    for (let first = 6; first <= 16; first += 1) {
      for (let second = 6; second <= 16; second += 1) {
        rewind();
        await killedAfter(zone, requests[0]!, first);
        zone.simulator.kernel.advanceBy(60_000);
        await killedAfter(zone, requests[1]!, second);
        zone.simulator.kernel.advanceBy(2 * 24 * 3_600_000);
        await zone.gc();
        const left = differences(untouched, likenessOf(zone));
        if (left.length > 0) problems[`${first}, ${second}`] = left;
      }
    }
    expect(problems).toEqual({});
  });
}
