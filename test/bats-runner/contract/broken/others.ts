// More CPIs that break the promise of a case in another way than the first.
import {
  answers,
  gives,
  good,
  properties,
  results,
  without,
  type BrokenCpi,
} from '../broken-cpi.js';

/** By case. */
export const alsoBroken: Readonly<Record<string, readonly BrokenCpi[]>> = {
  'VM-17': [
    [
      'takes a start that is not finished for a success',
      answers((response, { method }) =>
        method === 'create_vm' && response.error !== null ? good(['some-vm', {}]) : response,
      ),
      'create_vm: it should fail, and answered ["some-vm",{}]',
    ],
  ],
  'VM-31': [
    [
      'loses the ephemeral disk',
      properties((given) => without('ephemeral_disk_offering')(without('disk')(given))),
      'expect(data).toMatchObject([{ size: 4 * 1024 ** 3, diskofferingname: name }])',
    ],
  ],
  'ENV-22': [
    [
      'answers info late',
      gives((_exchange, input) => (input.includes('"info"') ? { durationMs: 60_000 } : {})),
      'expect(cpi.calls.at(-1)?.exchange.durationMs).toBeLessThan(10_000)',
    ],
  ],
  'VER-01': [
    [
      'answers a bare CID in version 2',
      results('create_vm', (result) => (Array.isArray(result) ? result[0] : result)),
      'create_vm: the result of create_vm is no list of CID and networks',
    ],
  ],
};
