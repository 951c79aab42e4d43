import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { BatsOutcome, BatsResults } from './bats-results.js';
import { readZip, writeZip } from './zip.js';

/** What a Playwright report says of a file of tests, as far as it matters here. */
const fileSchema = z.looseObject({
  fileId: z.string(),
  tests: z.array(z.looseObject({ projectName: z.string() })),
  stats: z.looseObject({
    total: z.number(),
    expected: z.number(),
    unexpected: z.number(),
    flaky: z.number(),
    skipped: z.number(),
    ok: z.boolean(),
  }),
});
const reportSchema = z.looseObject({
  startTime: z.number(),
  duration: z.number(),
  files: z.array(fileSchema),
  projectNames: z.array(z.string()),
  stats: fileSchema.shape.stats,
  errors: z.array(z.string()),
});

type Report = z.output<typeof reportSchema>;
type ReportFile = z.output<typeof fileSchema>;
type Stats = Report['stats'];

/** The name under which the acceptance tests stand in the report, beside `simulator` and `cloud`. */
const project = 'Director BATS';

const [opening, closing] = [
  '<template id="playwrightReportBase64">data:application/zip;base64,',
  '</template>',
];

/**
 * Puts the results of the acceptance tests into the HTML report of the contract, in the place of those
 * of an earlier run. Without a report there it makes one, if Playwright, whose page it is, is there.
 * Answers why it could not, and has changed nothing then: the report is not as this Playwright makes it.
 */
export function mergeIntoHtml(folder: string, results: BatsResults): string | undefined {
  const file = join(folder, 'index.html');
  const page = existsSync(file) ? readFileSync(file, 'utf8') : emptyPage();
  if (page === undefined) return undefined;
  try {
    const merged = withResults(page, results);
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, merged);
    return undefined;
  } catch (failure) {
    return `${file} is left as it is, without ${project}: ${(failure as Error).message}`;
  }
}

function withResults(page: string, results: BatsResults): string {
  const start = page.lastIndexOf(opening);
  const end = page.indexOf(closing, start);
  if (start < 0 || end < 0) throw new Error('there are no results of Playwright in it');
  const data = readZip(Buffer.from(page.slice(start + opening.length, end), 'base64'));
  const merged = writeZip(mergedData(data, results)).toString('base64');
  return `${page.slice(0, start)}${opening}${merged}${page.slice(end)}`;
}

function mergedData(data: ReadonlyMap<string, Buffer>, results: BatsResults): Map<string, Buffer> {
  const report = reportSchema.parse(JSON.parse(String(data.get('report.json'))));
  const isOurs = ({ tests }: ReportFile): boolean =>
    tests.every(({ projectName }) => projectName === project);
  const kept = new Map(data);
  for (const { fileId } of report.files.filter(isOurs)) kept.delete(`${fileId}.json`);
  const own = filesOf(results);
  for (const { detailed } of own) {
    kept.set(`${detailed.fileId}.json`, Buffer.from(JSON.stringify(detailed)));
  }
  const others = report.files.filter((one) => !isOurs(one));
  const files = [...others, ...own.map(({ summary }) => summary)].sort(
    (a, b) => b.stats.unexpected - a.stats.unexpected,
  );
  const ownMs = results.outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const hasOthers = others.length > 0;
  const { errorsOutside, problem } = results;
  const merged: Report = {
    ...report,
    // Those of the contract, if it has run: what took how long stands at each test.
    startTime: hasOthers ? report.startTime : Date.parse(startedAtOf(results)),
    duration: hasOthers ? report.duration : ownMs,
    files,
    projectNames: [...report.projectNames.filter((name) => name !== project), project],
    stats: statsOf(files.map(({ stats }) => stats)),
    errors: [
      ...report.errors.filter((error) => !error.startsWith(project)),
      ...(errorsOutside === 0
        ? []
        : [`${project}: ${errorsOutside} errors before or after all examples; bats.log has them`]),
      ...(problem === undefined ? [] : [`${project}: ${problem}`]),
    ],
  };
  return kept.set('report.json', Buffer.from(JSON.stringify(merged)));
}

/** What has run, by file of examples: as the list of tests shows it, and as the page of each does. */
function filesOf(results: BatsResults) {
  const { outcomes } = results;
  const startedAt = startedAtOf(results);
  const names = [...new Set(outcomes.map(({ file }) => file))];
  return names.map((fileName) => {
    const fileId = idOf(fileName);
    const tests = outcomes
      .filter(({ file }) => file === fileName)
      .map((outcome) => testOf(outcome, startedAt));
    const count = (outcome: string): number =>
      tests.filter((test) => test.outcome === outcome).length;
    const stats: Stats = {
      total: tests.length,
      expected: count('expected'),
      unexpected: count('unexpected'),
      flaky: 0,
      skipped: count('skipped'),
      ok: count('unexpected') === 0,
    };
    return {
      detailed: { fileId, fileName, tests },
      summary: {
        fileId,
        fileName,
        tests: tests.map((test) => ({
          ...test,
          results: test.results.map(({ attachments, startTime, workerIndex }) => ({
            attachments,
            startTime,
            workerIndex,
          })),
        })),
        stats,
      },
    };
  });
}

/** Results that RSpec was made to write by somebody else do not tell. */
function startedAtOf({ startedAt }: BatsResults): string {
  return startedAt ?? new Date(0).toISOString();
}

const playwrightWords = {
  passed: { outcome: 'expected', status: 'passed' },
  failed: { outcome: 'unexpected', status: 'failed' },
  skipped: { outcome: 'skipped', status: 'skipped' },
} as const;

function testOf(
  { title, file, line, status, durationMs, reason, detail }: BatsOutcome,
  startTime: string,
) {
  const { outcome, status: ended } = playwrightWords[status];
  const annotations = status === 'skipped' ? [{ type: 'skip', description: reason }] : [];
  return {
    testId: idOf(`${file}:${line} ${title}`),
    title,
    projectName: project,
    location: { file, line, column: 1 },
    duration: durationMs,
    annotations,
    tags: [],
    outcome,
    path: [],
    ok: outcome === 'expected',
    results: [
      {
        duration: durationMs,
        startTime,
        retry: 0,
        steps: [],
        errors: status === 'failed' ? [{ message: detail ?? reason ?? '' }] : [],
        status: ended,
        annotations,
        attachments: [],
        workerIndex: 0,
      },
    ],
  };
}

function statsOf(all: readonly Stats[]): Stats {
  const sum = (key: 'total' | 'expected' | 'unexpected' | 'flaky' | 'skipped'): number =>
    all.reduce((total, stats) => total + stats[key], 0);
  return {
    total: sum('total'),
    expected: sum('expected'),
    unexpected: sum('unexpected'),
    flaky: sum('flaky'),
    skipped: sum('skipped'),
    ok: all.every(({ ok }) => ok),
  };
}

/** The id of a file or a test, of which a report has no two. */
function idOf(text: string): string {
  return createHash('sha1').update(`${project} ${text}`).digest('hex').slice(0, 20);
}

/** Playwright's page about nothing; undefined where there is no Playwright. */
function emptyPage(): string | undefined {
  const folder = pageFolder();
  if (folder === undefined) return undefined;
  const [html, script, style] = ['index.html', 'report.js', 'report.css'].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const report: Report = {
    metadata: {},
    startTime: 0,
    duration: 0,
    files: [],
    projectNames: [],
    stats: statsOf([]),
    errors: [],
    options: {},
    machines: [],
  };
  const data = writeZip(new Map([['report.json', Buffer.from(JSON.stringify(report))]]));
  const page = String(html)
    .replace(
      /<script type="module"[^>]*><\/script>/,
      () => `<script type="module">${script}</script>`,
    )
    .replace(/<link rel="stylesheet"[^>]*>/, () => `<style>${style}</style>`);
  return `${page}${opening}${data.toString('base64')}${closing}`;
}

function pageFolder(): string | undefined {
  try {
    const test = createRequire(import.meta.url).resolve('@playwright/test');
    const core = createRequire(test).resolve('playwright-core');
    return join(dirname(core), 'lib', 'vite', 'htmlReport');
  } catch {
    return undefined;
  }
}
