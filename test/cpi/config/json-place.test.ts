// Proves that the place is told where a text stops to be JSON, whatever is wrong with it, and nothing
// of what it holds.
import { expect, test } from '@playwright/test';
import { placeOfProblem } from '../../../cpi/config/json-place.js';
import { readRegistryConfiguration } from '../../../cpi/registry/registry-configuration.js';

for (const [text, place] of [
  ['', 'line 1, column 1'],
  ['{', 'line 1, column 2'],
  ['registry:', 'line 1, column 1'],
  ['{"a": x}', 'line 1, column 7'],
  ['{"a": 1,}', 'line 1, column 9'],
  ['{"a": tru}', 'line 1, column 10'],
  ['{"a": -}', 'line 1, column 8'],
  ['{"a": "x\ny"}', 'line 1, column 9'],
  ['{"a": "never ends', 'line 1, column 18'],
  ['{} {}', 'line 1, column 4'],
  ['{\n  "a": 1,\n  "b": "é" "c": 2\n}', 'line 3, column 12'],
] as const) {
  test(`${JSON.stringify(text)}: ${place}`, () => {
    expect(placeOfProblem(text)).toBe(place);
  });
}

test('a configuration file that is none is told with the place, and without its secrets', () => {
  const read = (): unknown => readRegistryConfiguration('{"registry": {"password": canary}}');
  expect(read).toThrow(/not valid JSON \(line 1, column 27\)/);
  expect(read).not.toThrow(/canary|anar/);
});
