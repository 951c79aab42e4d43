// Proves that parameters reach CloudStack in its own forms: lists, maps and nothing that is unset.
import { expect, test } from '@playwright/test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { flattenParameters, keyValueMap } from '../../../cpi/cloudstack/parameters.js';

test('lists are joined, maps are indexed, what is unset is dropped', () => {
  const flat = flattenParameters({
    name: 'vm-1',
    startvm: false,
    size: 10,
    networkids: ['a', 'b'],
    volumeids: [],
    hostid: undefined,
    iptonetworklist: [
      { networkid: 'n1', ip: '10.0.0.5' },
      { networkid: 'n2', ip: undefined },
    ],
    details: [{ cpuNumber: 2, memory: 1024 }],
  });
  expect(flat).toEqual({
    name: 'vm-1',
    startvm: 'false',
    size: '10',
    networkids: 'a,b',
    'iptonetworklist[0].networkid': 'n1',
    'iptonetworklist[0].ip': '10.0.0.5',
    'iptonetworklist[1].networkid': 'n2',
    'details[0].cpuNumber': '2',
    'details[0].memory': '1024',
  });
});

test('any tags come out as they went in', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.string()), (tags) => {
      const flat = flattenParameters({ tags: keyValueMap(tags) });
      const back = Object.keys(tags).map((_, i) => [
        flat[`tags[${i}].key`],
        flat[`tags[${i}].value`],
      ]);
      assert.deepEqual(back, Object.entries(tags));
      assert.equal(Object.keys(flat).length, 2 * back.length);
    }),
  );
});
