import { expect } from '@playwright/test';
import type { Interception } from '../../contract/api-door.js';
import { contractCase } from '../../contract/contract-case.js';

const html = '<html><head><title>Bad weather</title></head></html>';

/** A cloud, or a proxy before it, that does not answer as it should. */
export const weatherCases = [
  contractCase(
    {
      id: 'ENV-23',
      title: 'Errors of the server',
      proves:
        'Answers of 503 and 429 are tried again, and any that stays is an error, never a false.',
    },
    async ({ cpi, door, newId }) => {
      let bad: Interception[] = [
        { status: 503, body: html },
        { status: 429, body: html },
      ];
      door.intercept(() => bad.shift());
      expect(await cpi.result('has_vm', [newId()])).toBe(false);
      expect(bad).toEqual([]);
      expect(door.requests.length).toBeGreaterThan(2);

      // What never passes: each call gives up by itself.
      for (const status of [500, 503, 429]) bad = [...bad, { status, body: html }];
      door.intercept(({ parameters }) => bad[Number(parameters.get('id')?.at(-1))]);
      const ids = bad.map((_, index) => `${newId().slice(0, -1)}${index}`);
      const errors = await Promise.all(ids.map((id) => cpi.error('has_vm', [id])));
      for (const [index, { type, message }] of errors.entries()) {
        expect(type).toMatch(/^Bosh::Clouds::(CloudError|CpiError)$/);
        expect(message).toContain(String([500, 503, 429][index]));
      }
    },
  ),
];
