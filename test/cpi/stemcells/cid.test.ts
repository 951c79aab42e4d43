// Proves that stemcell CIDs say whether the template is ours, in both directions.
import { expect, test } from '@playwright/test';
import { formatStemcellCid, parseStemcellCid } from '../../../cpi/stemcells/cid.js';

const templateId = '00000000-0000-4000-8000-000000000001';

test('full and light CIDs are read as they are written', () => {
  for (const kind of ['full', 'light'] as const) {
    expect(parseStemcellCid(formatStemcellCid({ templateId, kind }))).toEqual({ templateId, kind });
  }
  expect(formatStemcellCid({ templateId, kind: 'light' })).toBe(`${templateId} light`);
});

test("an older CPI's CID is a full one", () => {
  expect(parseStemcellCid('cpitemplate-601')).toEqual({
    templateId: 'cpitemplate-601',
    kind: 'full',
  });
});
