// Proves that any outcome renders as a response that Directors accept, with every string redacted.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { BoshError, boshErrorTypes } from '../../../cpi/protocol/bosh-error.js';
import { Redactor } from '../../../cpi/protocol/redactor.js';
import { forReader, renderResponse } from '../../../cpi/protocol/response.js';
import { parseResponse } from '../../support/director-response.js';
import { assertProperty } from '../../support/property.js';

test('renders any JSON result and any error so that a Director takes it', async () => {
  await assertProperty(
    fc.property(
      fc.jsonValue(),
      fc.string(),
      fc.constantFrom(...boshErrorTypes),
      fc.boolean(),
      (result, text, type, okToRetry) => {
        const rendered = renderResponse({ result }, text, new Redactor());
        assert.deepEqual(parseResponse(rendered).result, JSON.parse(JSON.stringify(result)));
        const error = new BoshError(type, `failed: ${text}`, { okToRetry });
        const failed = parseResponse(renderResponse({ error }, text, new Redactor()));
        assert.equal(failed.error?.ok_to_retry, okToRetry);
      },
    ),
    200,
  );
});

test('answers null where a method returns nothing', () => {
  const rendered = renderResponse({ result: undefined }, '', new Redactor());
  expect(parseResponse(rendered).result).toBeNull();
});

test('redacts result, message and log', () => {
  const redactor = new Redactor();
  redactor.add(['the-secret']);
  const rendered = [
    renderResponse({ result: ['the-secret'] }, 'the-secret', redactor),
    renderResponse({ error: new BoshError('CpiError', 'x the-secret') }, '', redactor),
  ];
  expect(rendered.join()).not.toContain('the-secret');
});

test('only a terminal gets a line of its own after the document', () => {
  expect(forReader('{}', true)).toBe('{}\n');
  expect(forReader('{}', false)).toBe('{}');
});
