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
  'STM-01': [
    'keeps templates',
    insteadOf('delete_stemcell'),
    'expect(await cloud.template(cid)).toEqual([])',
  ],
  'STM-02': [
    'forgets the name',
    argument('create_stemcell', 1, without('name')),
    "expect(template?.['displaytext']).toMatch(/contract-stemcell.*1\\.23/)",
  ],
  'STM-04': [
    'does not tell light stemcells',
    results('create_stemcell', (cid) => cid.replace(' light', '')),
    'expect(cid).toMatch(/ light$/)',
  ],
  'STM-05': [
    'takes any template',
    swallows('template light'),
    'it should fail, and answered "template light"',
  ],
  'STM-06': ['gives up at once', onlyOnce, 'it failed with Bosh::Clouds::CloudError: broken'],
  'STM-07': [
    'starts nothing',
    insteadOf('create_vm', () => good(['no-vm', {}])),
    'expect(await cloud.vm(vm)).toMatchObject({',
  ],
  'STM-08': [
    'refuses to delete light stemcells',
    insteadOf('delete_stemcell', () => bad('CpiError')),
    'it failed with Bosh::Clouds::CpiError: broken',
  ],
  'STM-09': [
    'forgets the URL',
    argument('create_stemcell', 1, without('image_url')),
    'stemcell image /no/image: there is no such file',
  ],
  'STM-10': [
    'misses what is gone',
    answers((response, { method }) =>
      method === 'delete_stemcell' ? bad('CloudError') : response,
    ),
    'it failed with Bosh::Clouds::CloudError: broken',
  ],
  'STM-11': [
    'asks to try again',
    errs((error) => ({ ...error, ok_to_retry: true })),
    'expect(okToRetry).toBe(false)',
  ],
  'STM-12': [
    'asks to try again',
    errs((error) => ({ ...error, ok_to_retry: true })),
    'expect(okToRetry).toBe(false)',
  ],
  'STM-14': [
    'keeps templates',
    insteadOf('delete_stemcell'),
    'expect(await cloud.template(cid)).toEqual([])',
  ],
  'STM-15': [
    'answers one VM for two',
    answers((response, { method }) =>
      method === 'create_vm' ? { ...response, result: ['one-vm', {}] } : response,
    ),
    "for (const vm of vms) expect(await cloud.vm(vm)).toMatchObject({ state: 'Running' })",
  ],
  'STM-19': [
    'copies nothing',
    argument('create_stemcell', 1, without('light_mode')),
    'expect(await cloud.template(cid)).toMatchObject([{ isready: true, isfeatured: false }])',
  ],
  'STM-17': [
    'has no third argument',
    asked((request) => ({ ...request, arguments: request.arguments.slice(0, 2) })),
    'if (apiVersion === 3) expect(tagsOf(template)).toMatchObject(tags)',
  ],
  'STM-18': [
    'leaves what it unpacks',
    gives((_exchange, _input, { environment, cwd }) => {
      writeFileSync(join(environment['TMPDIR'] ?? cwd, 'root.img'), '');
      return {};
    }),
    'expect(readdirSync(temporary)).toEqual([])',
  ],
};
