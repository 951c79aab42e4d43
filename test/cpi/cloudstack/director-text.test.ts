// Proves that the text which tells a Director is read again whatever the Director is called, and that
// the texts of others tell none.
import { expect, test } from '@playwright/test';
import {
  directorIn,
  directorMark,
  directorText,
  ruleText,
} from '../../../cpi/cloudstack/director-text.js';

for (const director of ['695b7248-0310-4930-646d-848b66efbaa5', 'my director', 'd']) {
  test(`tells the Director ${director}`, () => {
    expect(directorIn(directorText(director))).toBe(director);
    expect(directorIn(ruleText(director, 'b0000000-0000-4000-8000-000000000002'))).toBe(director);
  });
}

for (const text of [undefined, '', directorMark, `${directorMark} `, `of ${directorText('d')}`]) {
  test(`${JSON.stringify(text)} tells none`, () => {
    expect(directorIn(text)).toBeUndefined();
  });
}
