// CPIs that break promises about stemcells.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  answers,
  argument,
  asked,
  bad,
  errs,
  gives,
  good,
  insteadOf,
  results,
  swallows,
  without,
  onlyOnce,
  type BrokenCpis,
} from '../broken-cpi.js';

export const brokenStemcells: BrokenCpis = {
  'STM-01': ['keeps templates', insteadOf('delete_stemcell')],
  'STM-02': ['forgets the name', argument('create_stemcell', 1, without('name'))],
  'STM-04': [
    'does not tell light stemcells',
    results('create_stemcell', (cid) => cid.replace(' light', '')),
  ],
  'STM-05': ['takes any template', swallows('template light')],
  'STM-06': ['gives up at once', onlyOnce],
  'STM-07': ['starts nothing', insteadOf('create_vm', () => good(['no-vm', {}]))],
  'STM-08': [
    'refuses to delete light stemcells',
    insteadOf('delete_stemcell', () => bad('CpiError')),
  ],
  'STM-09': ['forgets the URL', argument('create_stemcell', 1, without('image_url'))],
  'STM-10': [
    'misses what is gone',
    answers((response, { method }) =>
      method === 'delete_stemcell' ? bad('CloudError') : response,
    ),
  ],
  'STM-11': ['asks to try again', errs((error) => ({ ...error, ok_to_retry: true }))],
  'STM-12': ['asks to try again', errs((error) => ({ ...error, ok_to_retry: true }))],
  'STM-14': ['keeps templates', insteadOf('delete_stemcell')],
  'STM-15': [
    'answers one VM for two',
    answers((response, { method }) =>
      method === 'create_vm' ? { ...response, result: ['one-vm', {}] } : response,
    ),
  ],
  'STM-19': ['copies nothing', argument('create_stemcell', 1, without('light_mode'))],
  'STM-17': [
    'has no third argument',
    asked((request) => ({ ...request, arguments: request.arguments.slice(0, 2) })),
  ],
  'STM-18': [
    'leaves what it unpacks',
    gives((_exchange, _input, { environment, cwd }) => {
      writeFileSync(join(environment['TMPDIR'] ?? cwd, 'root.img'), '');
      return {};
    }),
  ],
};
