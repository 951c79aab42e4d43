// Whoever asks without credentials makes CloudStack work only so much: so many questions at a time, so
// many of one address, and no address uses up what is another's. No answer is kept: an address may
// be that of another VM by the next question.
import { expect, test } from '@playwright/test';
import { limited, TooManyReads, type ReadLimits } from '../../../cpi/registry/limited-reads.js';
import type { MayRead } from '../../../cpi/registry/source-address.js';

interface Limited {
  readonly mayRead: MayRead;
  /** What CloudStack is asked, and how it is answered. */
  readonly asked: { readonly question: string; readonly answer: (own: boolean) => void }[];
  readonly passSeconds: (seconds: number) => void;
}

function start(limits: Partial<ReadLimits> = {}): Limited {
  const asked: Limited['asked'] = [];
  let nowMs = 0;
  const mayRead = limited(
    (instanceId, address) =>
      new Promise((answer) => asked.push({ question: `${instanceId} ${address}`, answer })),
    {
      atOnce: 2,
      waiting: 3,
      burst: 100,
      perSecond: 1,
      addresses: 10,
      nowMs: () => nowMs,
      ...limits,
    },
  );
  return { mayRead, asked, passSeconds: (seconds) => (nowMs += seconds * 1_000) };
}

/** Lets go on what can. */
const turn = (): Promise<void> => new Promise(setImmediate);

test('so many are asked at a time; the others wait in their order, or are refused', async () => {
  const { mayRead, asked } = start();
  const answers = Array.from({ length: 5 }, (_, one) => mayRead(`vm-${one}`, '10.0.0.1'));
  await turn();
  expect(asked.map(({ question }) => question)).toEqual(['vm-0 10.0.0.1', 'vm-1 10.0.0.1']);
  await expect(mayRead('vm-5', '10.0.0.2')).rejects.toThrow(TooManyReads);
  for (let one = 0; one < 5; one += 1) {
    asked[one]?.answer(one % 2 === 0);
    await turn();
  }
  expect(await Promise.all(answers)).toEqual([true, false, true, false, true]);
  expect(asked).toHaveLength(5);
});

test('a question that fails gives its place to the next', async () => {
  const limits = { atOnce: 1, waiting: 1, burst: 9, perSecond: 1, addresses: 9, nowMs: () => 0 };
  let calls = 0;
  const mayRead = limited(() => {
    calls += 1;
    return calls === 1 ? Promise.reject(new Error('CloudStack is away')) : Promise.resolve(true);
  }, limits);
  const both = await Promise.allSettled([mayRead('vm-1', '10.0.0.1'), mayRead('vm-1', '10.0.0.1')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(await mayRead('vm-1', '10.0.0.1')).toBe(true);
});

test('an address that asks too often waits for a second each; others are not touched by it', async () => {
  const { mayRead, passSeconds } = start({ burst: 3, perSecond: 1, atOnce: 100 });
  const ask = async (address: string): Promise<string> => {
    const refused = mayRead('vm-1', address).catch((failure: unknown) => (failure as Error).name);
    return (await Promise.race([refused, turn().then(() => 'asked')])) as string;
  };
  const several = async (times: number, address: string): Promise<string[]> => {
    const told: string[] = [];
    for (let time = 0; time < times; time += 1) told.push(await ask(address));
    return told;
  };
  const [asked, refused] = ['asked', 'TooManyReads'];
  expect(await several(4, '10.0.0.1')).toEqual([asked, asked, asked, refused]);
  expect(await ask('::ffff:10.0.0.1'), 'the same, written otherwise').toBe(refused);
  expect(await ask('10.0.0.2')).toBe(asked);
  passSeconds(1);
  expect(await several(2, '10.0.0.1')).toEqual([asked, refused]);
  passSeconds(100);
  expect(await several(4, '10.0.0.1'), 'nothing is saved up').toEqual([
    asked,
    asked,
    asked,
    refused,
  ]);
});

test('an agent that asks once a second is never refused', async () => {
  const { mayRead, passSeconds, asked } = start({ burst: 10, perSecond: 1, atOnce: 100 });
  for (let second = 0; second < 60; second += 1) {
    void mayRead('vm-1', '10.0.0.1');
    passSeconds(1);
  }
  await turn();
  expect(asked).toHaveLength(60);
});

test('only so many addresses are kept in mind, and those that may ask again are forgotten', async () => {
  const { mayRead, passSeconds } = start({ addresses: 2, burst: 1, atOnce: 100 });
  const ask = (address: string): Promise<unknown> =>
    Promise.race([mayRead('vm-1', address), turn().then(() => 'asked')]);
  await ask('10.0.0.1');
  await ask('10.0.0.2');
  await expect(ask('10.0.0.3')).rejects.toThrow(TooManyReads);
  passSeconds(1);
  expect(await ask('10.0.0.3')).toBe('asked');
});

test('no answer is kept: who has lost its address is refused by the next question', async () => {
  const { mayRead, asked } = start();
  for (const own of [true, false, true]) {
    const answer = mayRead('vm-1', '10.0.0.1');
    await turn();
    asked.at(-1)?.answer(own);
    expect(await answer).toBe(own);
  }
  expect(asked).toHaveLength(3);
});
