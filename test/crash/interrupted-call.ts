// A call that is interrupted at one of its requests.
import assert from 'node:assert/strict';
import type { CpiZone } from '../support/cpi-zone.js';
import { failingSteps, interruptedLine, type Interruption, type Line } from './interruption.js';

const settledAfterMs = 600_000;

/** Answers what the call does, or undefined of one that dies; by then all is settled that it began. */
export async function interruptedCall(
  { simulator }: CpiZone,
  interruption: Interruption,
  call: (through: Line['through']) => Promise<string>,
): Promise<string | undefined> {
  const line = interruptedLine(interruption, (command, step) => {
    const text = 'Unexpected exception while executing the job';
    simulator.setFaults([
      { when: { command, phase: 'job-step', step, times: 1 }, then: { effect: 'job-fails', text } },
    ]);
  });
  const answer = await Promise.race([call(line.through), line.death.then(() => undefined)]);
  await line.catchUp();
  if (failingSteps[interruption.how] !== undefined) {
    const [rule] = simulator.world.faultRules.all();
    assert.equal(rule?.fired, 1, `the job of request ${interruption.request} did not fail`);
    simulator.setFaults([]);
  }
  simulator.kernel.advanceBy(settledAfterMs);
  return answer;
}

export function isError(answer: string): boolean {
  return (JSON.parse(answer) as { error: unknown }).error !== null;
}
