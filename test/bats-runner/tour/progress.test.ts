// What came of each step still stands when the live view has gone, however low the terminal is; the
// terminal is a stream that remembers what was written to it.
import { PassThrough } from 'node:stream';
import { expect, test } from '@playwright/test';
import { paintWith } from '../../../bats-runner/paint.js';
import { runPhases, type Phase } from '../../../bats-runner/tour/progress.js';

const steps = Array.from({ length: 9 }, (_, index) => ({
  title: `step_${index + 1}`,
  run: () => Promise.resolve([`outcome ${index + 1}`]),
}));
const agreed = { title: 'agreed', run: () => Promise.resolve(['first claim', 'second claim']) };
const broken = { title: 'broken', run: () => Promise.reject(new Error('it broke')) };

function phase(title: string, own: Phase['steps']): Phase {
  return { title, steps: own, begin: () => undefined };
}

let isInterrupted = false;
test.afterEach(() => {
  isInterrupted = false;
});

/** What stands on a terminal of 80 columns after the phases, and how they ended. */
async function shown(
  isLive: boolean,
  ...phases: readonly Phase[]
): Promise<{ ended: string; standing: string }> {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 5 });
  const terminal = stream as unknown as NodeJS.WriteStream;
  const output = {
    stream: terminal,
    isLive,
    paint: paintWith(false),
    isInterrupted: () => isInterrupted,
  };
  const ended = await runPhases(phases, output).then(
    () => 'well',
    (error: unknown) => String(error),
  );
  return { ended, standing: String(stream.read()) };
}

for (const isLive of [true, false]) {
  const view = isLive ? 'after the live view' : 'without a live view';

  test(`${view} every step and its outcome stands`, async () => {
    const { ended, standing } = await shown(isLive, phase('one', [...steps, agreed]));
    expect(ended).toBe('well');
    expect(standing.includes('\u001b')).toBe(isLive);
    const lines = steps.map(
      ({ title }, index) => `  ok  ${title}             outcome ${index + 1}`,
    );
    const outcome = ['one', ...lines, '  ok  agreed', '      first claim', '      second claim'];
    expect(standing.slice(-outcome.join('\n').length - 1)).toBe(`${outcome.join('\n')}\n`);
  });

  test(`${view} a step that failed stands last, and no other is tried`, async () => {
    const { ended, standing } = await shown(
      isLive,
      phase('one', [...steps.slice(0, 1), broken, ...steps.slice(1)]),
      phase('two', steps),
    );
    expect(ended).toBe('Error: it broke');
    expect(standing).toMatch(/one\n {2}ok {2}step_1 +outcome 1\n {2}FAILED {2}broken\n$/);
    expect(standing).not.toContain('two');
  });

  test(`${view} a step that somebody broke off has not failed`, async () => {
    isInterrupted = true;
    const { standing } = await shown(isLive, phase('one', [broken]));
    expect(standing).toMatch(/one\n {2}interrupted {2}broken\n$/);
  });
}
