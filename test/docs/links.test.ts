// Proves that the links of all pages lead somewhere: to files that there are, and to headings that these
// have; that files which pages name in passing exist; and that each page can be found from the overview.
import { dirname, join, normalize } from 'node:path';
import { expect, test } from '@playwright/test';
import { anchorsOf, isThere, pagesOfDocs, prose, readPage } from './page.js';

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pagesOfDocs];

interface Link {
  readonly page: string;
  /** From the root; that of the page itself where the link is within it. */
  readonly file: string;
  readonly anchor: string | undefined;
}

function linksOf(page: string): Link[] {
  return [...prose(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      return { page, file, anchor };
    });
}

const links = pages.flatMap(linksOf);
const told = ({ page, file, anchor }: Link): string =>
  `${page}: ${file}${anchor === undefined ? '' : `#${anchor}`}`;

test('every link leads to a file', () => {
  expect(links.length).toBeGreaterThan(60);
  expect(links.filter(({ file }) => !isThere(file)).map(told)).toEqual([]);
});

test('every link into a page leads to a heading', () => {
  const inPages = links.filter(({ anchor, file }) => anchor !== undefined && file.endsWith('.md'));
  expect(inPages.length).toBeGreaterThan(15);
  const lost = inPages.filter(
    ({ file, anchor }) => isThere(file) && !anchorsOf(readPage(file)).has(anchor!),
  );
  expect(lost.map(told)).toEqual([]);
});

test('the overview has every page', () => {
  const shown = linksOf('docs/README.md').map(({ file }) => file);
  expect(pagesOfDocs.filter((page) => page !== 'docs/README.md' && !shown.includes(page))).toEqual(
    [],
  );
});

test('files of the repository that pages name in passing are there', () => {
  const named = pages.flatMap((page) =>
    [
      ...prose(readPage(page)).matchAll(/`((?:release|test|docs|cpi|simulator|ci)\/[\w./-]+)`/g),
    ].map(([, path = '']) => ({ page, path })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(
    named.filter(({ path }) => !isThere(path)).map((one) => `${one.page}: ${one.path}`),
  ).toEqual([]);
});

test('anchors are those of GitHub', () => {
  const anchors = anchorsOf(
    '# A `b_c`: d, e/f\n## 1. What is it?\n```sh\n# no\n```\n## [x](y)\n# X',
  );
  expect([...anchors]).toEqual(['a-b_c-d-ef', '1-what-is-it', 'x', 'x-1']);
});
