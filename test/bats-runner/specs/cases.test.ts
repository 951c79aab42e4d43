// The suite is the list of cases in test/vectors/contract/cases.json: no case that BOSH demands (M)
// or other CPIs test (S) is missing, each that needs a counterpart in CloudStack (A) has one or a
// reason, and the page of the contract is what the declarations say.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { contractPage } from '../../../bats-runner/contract/documentation.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import { withoutAnalogue } from '../../../bats-runner/specs/no-analogue.js';

interface ListedCase {
  readonly id: string;
  readonly title: string;
  /** Must, should, analogue; `-` is for cases of other clouds. */
  readonly mark: 'M' | 'S' | 'A' | '-';
}

const read = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const listed = JSON.parse(read('test/vectors/contract/cases.json')) as ListedCase[];
const declared = contractCases.map(({ id }) => id);
const kindOf = (id: string): string => id.split('-')[0] ?? '';

/** The kinds that are built. */
const builtKinds = new Set(declared.map(kindOf));

test('every case is declared once, and is in the list', () => {
  expect(new Set(declared).size).toBe(declared.length);
  const known = listed.map(({ id }) => id);
  expect(declared.filter((id) => !known.includes(id))).toEqual([]);
});

test('no case that must or should hold is missing', () => {
  const missing = listed
    .filter(({ id, mark }) => builtKinds.has(kindOf(id)) && (mark === 'M' || mark === 'S'))
    .filter(({ id }) => !declared.includes(id));
  expect(missing).toEqual([]);
});

test('a case without a counterpart has a reason, and no case has both', () => {
  const bare = listed
    .filter(({ id, mark }) => builtKinds.has(kindOf(id)) && mark === 'A')
    .filter(({ id }) => !declared.includes(id) && withoutAnalogue[id] === undefined);
  expect(bare).toEqual([]);
  expect(Object.keys(withoutAnalogue).filter((id) => declared.includes(id))).toEqual([]);
  const optional = listed.filter(({ mark }) => mark === 'A' || mark === '-').map(({ id }) => id);
  expect(Object.keys(withoutAnalogue).filter((id) => !optional.includes(id))).toEqual([]);
});

test('cases that create VMs or attach disks by shape are tried in all API versions', () => {
  for (const id of ['VER-01', 'VER-02']) {
    expect(contractCases.find((found) => found.id === id)?.versions, id).toEqual([1, 2, 3]);
  }
});

test('the page of the contract is what the declarations say', () => {
  expect(read('docs/bats-runner/contract.md')).toBe(contractPage(contractCases, withoutAnalogue));
});
