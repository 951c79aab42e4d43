// More CPIs that break the promise of a case in another way than the first.
import { answers, good, properties, results, without, type BrokenCpi } from '../broken-cpi.js';

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
  'VM-31': [['loses the ephemeral disk', properties(without('disk')), '']],
  'VER-01': [
    [
      'answers a bare CID in version 2',
      results('create_vm', (result) => (Array.isArray(result) ? result[0] : result)),
      'create_vm: the result of create_vm is no list of CID and networks',
    ],
  ],
};
