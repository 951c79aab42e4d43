// When two worlds are alike although their things have other ids: what is there, whatever it is called
// inside.
import { expungedAfterMs } from '../support/expunged-after.js';
import type { CpiZone } from '../support/cpi-zone.js';
import { possessionsOf } from '../crash/possessions.js';
import { possessionsIn, type Place } from '../crash/place.js';

/**
 * One line for each thing that stays in a zone, in words that are the same for another one like it:
 * ids and MACs are left out, and the numbers in names that CloudStack or the CPI count up; what is
 * alike is numbered.
 */
export function likenessOf(zone: CpiZone): string[] {
  zone.simulator.kernel.advanceBy(expungedAfterMs);
  return alike(possessionsOf(zone.simulator));
}

/** The same for a zone and its registry, and for what agents are told. */
export async function likenessIn(place: Place): Promise<string[]> {
  place.zone.simulator.kernel.advanceBy(expungedAfterMs);
  return alike(await possessionsIn(place));
}

function alike(things: readonly string[]): string[] {
  return things
    .map((line) =>
      line
        .replace(/virtio-[0-9a-f-]{20}/g, 'virtio-ID')
        .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:-\d+\b)?/g, 'ID')
        .replace(/\b[0-9a-f]{2}(?::[0-9a-f]{2}){5}\b/g, 'MAC')
        .replace(/\b(ROOT|DATA)-\d+/g, '$1'),
    )
    .sort()
    .map((line, index, lines) => `${line}, number ${index - lines.indexOf(line) + 1}`);
}
