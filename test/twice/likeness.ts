// When two worlds are alike although their things have other ids: what is there, whatever it is called
// inside.
import { possessionsOf } from '../crash/possessions.js';
import type { CpiZone } from '../support/cpi-zone.js';

/** Longer than CloudStack takes to expunge what was destroyed. */
const expungedAfterMs = 3 * 24 * 3_600_000;

/**
 * One line for each thing that stays, in words that are the same for another one like it: ids are left
 * out, and the numbers in names that CloudStack or the CPI count up; what is alike is numbered.
 */
export function likenessOf(zone: CpiZone): string[] {
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  return possessionsOf(zone.simulator)
    .map((line) =>
      line
        .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-\d+\b)?/g, 'ID')
        .replace(/\b(ROOT|DATA)-\d+/g, '$1'),
    )
    .sort()
    .map((line, index, lines) => `${line}, number ${index - lines.indexOf(line) + 1}`);
}
