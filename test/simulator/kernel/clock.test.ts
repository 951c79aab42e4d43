// Clock modes are read from their names; everything else is refused.
import { expect, test } from '@playwright/test';
import { clockModeText, parseClockMode } from '../../../simulator/kernel/clock.js';

for (const text of ['manual', 'auto', 'on-poll', 'real', 'scaled:60', 'scaled:0.5']) {
  test(`${text} is a mode and is named the same`, () => {
    expect(clockModeText(parseClockMode(text)!)).toBe(text);
  });
}

for (const text of [
  '',
  'Manual',
  'scaled',
  'scaled:',
  'scaled:0',
  'scaled:-1',
  'scaled:1e3',
  'x',
]) {
  test(`"${text}" is no mode`, () => {
    expect(parseClockMode(text)).toBeUndefined();
  });
}
