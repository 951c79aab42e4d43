// Fills the code examples of CONTRIBUTING.md from the files that they show, so that an example is
// always real code. The page is checked in; a test compares it with what this file renders.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const page = 'CONTRIBUTING.md';
const example = /<!-- example: (\S+) -->\n(?:\n```ts\n[\s\S]*?\n```\n)?/g;

/** @param {string} root @returns {{path: string, text: string}} */
export function renderExamples(root) {
  const text = readFileSync(join(root, page), 'utf8').replace(example, (_, path) => {
    const code = readFileSync(join(root, path), 'utf8').trimEnd();
    return `<!-- example: ${path} -->\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
  });
  return { path: page, text };
}

/** @param {string} root */
export function writeExamples(root) {
  const { path, text } = renderExamples(root);
  if (readFileSync(join(root, path), 'utf8') !== text) writeFileSync(join(root, path), text);
}
