// What the build generates and the repository keeps is what the sources say: the code examples of
// the contribution guide are the files that they show, and what saved rows are looked at by are their
// types.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';

const root = new URL('../..', import.meta.url).pathname;

test('the examples of CONTRIBUTING.md are the files that they name', async () => {
  const script = (await import(`${root}ci/scripts/examples.js`)) as {
    renderExamples: (root: string) => { path: string; text: string };
  };
  const { path, text } = script.renderExamples(root);
  expect(readFileSync(`${root}${path}`, 'utf8')).toBe(text);
  expect(text).toContain('```ts');
});

test('the shapes of the rows of a world are their types', async () => {
  const script = (await import(`${root}ci/scripts/row-shapes.js`)) as {
    renderRowShapes: (root: string) => Promise<{ path: string; text: string }>;
  };
  const { path, text } = await script.renderRowShapes(root);
  expect(readFileSync(`${root}${path}`, 'utf8')).toBe(text);
  expect(text).toContain('deleteProtection');
});
