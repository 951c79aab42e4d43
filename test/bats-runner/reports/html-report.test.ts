// The HTML report of the contract shows the acceptance tests, too: beside the cases if they have run into
// the same folder, by themselves if not, and of several runs the last. What Playwright makes of the page
// in a browser is Playwright's; here it is read as its own script does.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from '@playwright/test';
import { mergeIntoHtml } from '../../../bats-runner/reports/html-report.js';
import { readZip, writeZip } from '../../../bats-runner/reports/zip.js';
import type { BatsResults } from '../../../bats-runner/reports/bats-results.js';
import { test } from '../support.js';

const modules = fileURLToPath(new URL('../../../node_modules', import.meta.url));

const outcome = {
  title: 'cck recreates <a> "VM"',
  file: 'spec/system/cck_spec.rb',
  line: 30,
  status: 'passed',
  durationMs: 61_250,
  reason: undefined,
  detail: undefined,
} as const;
const results: BatsResults = {
  outcomes: [
    outcome,
    { ...outcome, line: 40, status: 'failed', reason: 'no', detail: 'no\n./spec/a.rb:40' },
    { ...outcome, file: 'spec/system/os_spec.rb', status: 'skipped', reason: 'not here' },
  ],
  errorsOutside: 1,
  startedAt: '2026-11-26T20:00:00.000Z',
};

/** A document of the report, freely looked into. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look freely into JSON
type Document = any;

/** The documents in the page, as its own script finds them. */
function documentsIn(folder: string): (name: string) => Document {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const [, base64 = ''] =
    /<template id="playwrightReportBase64">data:application\/zip;base64,([\w+/=]+)<\/template>$/.exec(
      page.trimEnd(),
    ) ?? [];
  const files = readZip(Buffer.from(base64, 'base64'));
  return (name) => JSON.parse(String(files.get(`${name}.json`)));
}

/** The report of a run of Playwright, with one test in it. */
function reportIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  symlinkSync(modules, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'playwright.config.js'),
    'export default { reporter: [["html", { open: "never", outputFolder: "html" }]], ' +
      'projects: [{ name: "cloud" }] };\n',
  );
  writeFileSync(
    join(folder, 'a.spec.js'),
    'import { test } from "@playwright/test"; test("ENV-01 Info", () => {});\n',
  );
  const cli = join(folder, 'node_modules/@playwright/test/cli.js');
  const env = { ...process.env, NODE_OPTIONS: undefined };
  execFileSync(process.execPath, [cli, 'test'], { cwd: folder, env, stdio: 'ignore' });
  return join(folder, 'html');
}

test('beside the cases, once however often it is done', ({ folder }) => {
  const html = reportIn(join(folder, 'run'));
  mergeIntoHtml(html, { ...results, outcomes: [{ ...outcome, title: 'of an earlier run' }] });
  expect(mergeIntoHtml(html, results)).toBeUndefined();
  const read = documentsIn(html);
  const report = read('report');
  expect(report.projectNames).toEqual(['cloud', 'Director BATS']);
  expect(report.stats).toMatchObject({
    total: 4,
    expected: 2,
    unexpected: 1,
    skipped: 1,
    ok: false,
  });
  expect(report.errors).toEqual([
    'Director BATS: 1 errors before or after all examples; bats.log has them',
  ]);
  const files = report.files as Document[];
  // Those in which something failed come first.
  expect(files.map(({ fileName }) => fileName)).toEqual([
    'spec/system/cck_spec.rb',
    'a.spec.js',
    'spec/system/os_spec.rb',
  ]);
  // Of each file what Playwright says of its own, and nothing is left of the earlier run.
  const [cck, own, os] = files;
  for (const file of [cck, os]) {
    expect(Object.keys(file).sort()).toEqual(Object.keys(own).sort());
    const [test] = file.tests;
    expect(Object.keys(own.tests[0])).toEqual(
      expect.arrayContaining(Object.keys(test).filter((key) => key !== 'results')),
    );
    expect(JSON.stringify(file)).not.toContain('earlier');
  }
  const { tests } = read(cck.fileId);
  expect(tests.map((one: Document) => one.outcome)).toEqual(['expected', 'unexpected']);
  expect(tests[1].results[0].errors).toEqual([{ message: 'no\n./spec/a.rb:40' }]);
  expect(tests[0]).toMatchObject({ title: outcome.title, duration: 61_250 });
  const [skipped] = read(os.fileId).tests;
  expect(skipped.annotations).toEqual([{ type: 'skip', description: 'not here' }]);
  expect(read(own.fileId).tests).toHaveLength(1);
});

test('by themselves where no case has run', ({ folder }) => {
  const html = join(folder, 'html');
  mergeIntoHtml(html, results);
  const { projectNames, duration, startTime, files } = documentsIn(html)('report');
  expect(projectNames).toEqual(['Director BATS']);
  expect([duration, startTime]).toEqual([3 * 61_250, Date.parse('2026-11-26T20:00:00Z')]);
  expect(files).toHaveLength(2);
  expect(existsSync(join(html, 'index.html'))).toBe(true);
});

test('a page that is no report stays as it is', ({ folder }) => {
  const file = join(folder, 'index.html');
  writeFileSync(file, '<html></html>');
  expect(mergeIntoHtml(folder, results)).toBe(
    `${file} is left as it is, without Director BATS: there are no results of Playwright in it`,
  );
  expect(readFileSync(file, 'utf8')).toBe('<html></html>');
});

test('an archive is read as it was written; what is none is refused', () => {
  const files = new Map([
    ['a.json', Buffer.from('{}')],
    ['ä b.json', Buffer.alloc(70_000, 'x')],
    ['empty', Buffer.alloc(0)],
  ]);
  expect(readZip(writeZip(files))).toEqual(files);
  expect(() => readZip(Buffer.from('hello'))).toThrow('it is no ZIP archive');
});
