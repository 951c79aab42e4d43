// Runs a command and says how much of the product its processes went through: `coverage.js COMMAND…`.
// What is measured, where reports go and how much is enough stands in .c8rc.json; the exit code is
// the command's, or 1 where too little was covered. c8 itself does all but one thing: a function that
// ran from dist/ and from source is one function here. The two translations place its first character
// one column apart ("export function"), and c8 counts it twice, often once as never called.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Report } from 'c8';

const root = new URL('../..', import.meta.url).pathname;
const options = JSON.parse(readFileSync(join(root, '.c8rc.json'), 'utf8'));
const collected = join(root, options['temp-directory']);

rmSync(collected, { recursive: true, force: true });
const [command, ...words] = process.argv.slice(2);
const run = spawnSync(command, words, {
  stdio: 'inherit',
  env: { ...process.env, NODE_V8_COVERAGE: collected },
});
if (run.error) throw run.error;
process.exitCode = run.status ?? 1;

const report = Report({
  include: options.include,
  exclude: options.exclude,
  excludeAfterRemap: options['exclude-after-remap'],
  reporter: options.reporter,
  reportsDirectory: join(root, options['reports-dir']),
  tempDirectory: collected,
  all: options.all,
  src: options.src.map((folder) => join(root, folder)),
  resolve: '',
  omitRelative: true,
});
const coverage = await report.getCoverageMapFromAllCoverageFiles();
for (const file of coverage.files()) uniteTwins(coverage.fileCoverageFor(file).data);
await report.run();
const summary = coverage.getCoverageSummary();
for (const [what, floor] of Object.entries(options.floors)) {
  if (summary[what].pct >= floor) continue;
  console.error(`Coverage of ${what} is ${summary[what].pct} %; .c8rc.json asks for ${floor} %.`);
  process.exitCode ||= 1;
}

/** Keeps the first of the functions of one name that begin on one line, with the calls of all. */
function uniteTwins({ fnMap, f: calls }) {
  const first = new Map();
  for (const [key, { name, loc }] of Object.entries(fnMap)) {
    const place = `${name} ${loc.start.line}`;
    const kept = first.get(place);
    if (kept === undefined) {
      first.set(place, key);
      continue;
    }
    calls[kept] += calls[key];
    delete calls[key];
    delete fnMap[key];
  }
}
