// What tests claim to show and no longer do is told; renewing the claims keeps each with its file as
// long as that shows it, and finds others for the rest. Files that did not run keep their claims.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { commands } from '../../../simulator/commands/index.js';
import type { ApiVector } from '../../../simulator/control/documentation/coverage-page.js';
import { kinds, readShown, type Shown } from './claims.js';
import { lostClaims, renewed } from './reporter.js';

const claims: Shown = {
  parameters: { 'a.x': 'one.test.ts', 'a.y': 'two.test.ts', 'a.z': 'absent.test.ts' },
  fields: { 'A.f': 'one.test.ts' },
  errors: {},
  transitions: {},
};

const run = new Map([
  ['two.test.ts', new Set(['parameters a.x', 'parameters a.y', 'fields A.g'])],
  ['one.test.ts', new Set(['parameters a.y', 'fields A.g'])],
]);

test('claims of the files that ran and did not show them are lost', () => {
  expect(lostClaims(claims, run)).toEqual([
    'parameters a.x (one.test.ts)',
    'fields A.f (one.test.ts)',
  ]);
});

test('renewed claims', () => {
  expect(renewed(claims, run)).toEqual({
    parameters: { 'a.x': 'two.test.ts', 'a.y': 'two.test.ts', 'a.z': 'absent.test.ts' },
    fields: { 'A.g': 'one.test.ts' },
    errors: {},
    transitions: {},
  });
});

test('every file that claims something exists (npm run coverage:api renews the claims)', () => {
  const shown = readShown();
  const files = new Set(kinds.flatMap((kind) => Object.values(shown[kind])));
  expect(files.size).toBeGreaterThan(20);
  const root = new URL('../../../', import.meta.url);
  expect([...files].filter((file) => !existsSync(new URL(file, root)))).toEqual([]);
});

test('CloudStack 4.20 has every command that is simulated, and every parameter of it', () => {
  const api = JSON.parse(
    readFileSync(new URL('../../vectors/api/4.20.json', import.meta.url), 'utf8'),
  ) as ApiVector;
  const strange = commands.flatMap(({ name, parameters }) => {
    const vector = api.commands[name];
    if (vector === undefined) return [name];
    return Object.keys(parameters)
      .filter((parameter) => !vector.parameters.includes(parameter))
      .map((parameter) => `${name}.${parameter}`);
  });
  expect(strange).toEqual([]);
});
