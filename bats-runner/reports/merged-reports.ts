import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRspecJson } from './bats-results.js';
import { mergeIntoHtml } from './html-report.js';
import { withSums } from './junit-sums.js';

/** What a report may be about, in the order of the receipt. */
const parts = ['contract', 'bats'] as const;
export type ReportPart = (typeof parts)[number];

/** Writes the page of one part; the receipt holds those of all that ran into the same folder. */
export function writeReceipt(output: string, part: ReportPart, page: string): void {
  const folder = join(output, 'receipt');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${part}.md`), page);
  const pages = parts
    .map((one) => join(folder, `${one}.md`))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  writeFileSync(join(output, 'receipt.md'), pages.join('\n'));
}

/** What the acceptance tests of a Director gave, as it is merged into the reports of the contract. */
export const batsFiles = { junit: 'bats.xml', json: 'bats.json' } as const;

const [begin, end] = ['<!-- Director BATS -->', '<!-- end of Director BATS -->'];

/**
 * Puts what stands in `bats.xml` and `bats.json` into `report.xml`, `report.json` and the HTML report,
 * in the place of what an earlier run put there. Without the contract's reports they are the reports.
 * Answers what is not as it should be.
 */
export function mergeReports(output: string): string | undefined {
  const suite = contentOf(join(output, batsFiles.junit));
  if (suite !== undefined) {
    const file = join(output, 'report.xml');
    writeFileSync(file, withSuite(contentOf(file) ?? '<testsuites>\n</testsuites>\n', suite));
  }
  const json = contentOf(join(output, batsFiles.json));
  if (json === undefined) return undefined;
  const file = join(output, 'report.json');
  const report = JSON.parse(contentOf(file) ?? '{}') as object;
  const merged = { ...report, bats: JSON.parse(json) as unknown };
  writeFileSync(file, `${JSON.stringify(merged, null, 2)}\n`);
  return mergeIntoHtml(join(output, 'html'), readRspecJson(json));
}

function withSuite(report: string, suite: string): string {
  const [before, rest = ''] = report.split(begin);
  const contract =
    rest === '' ? report : `${before ?? ''}${rest.slice(rest.indexOf(end) + end.length + 1)}`;
  return withSums(
    contract.replace('</testsuites>', () => `${begin}\n${suite}\n${end}\n</testsuites>`),
  );
}

function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
