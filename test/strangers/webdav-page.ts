// What came of running the WebDAV clients: docs/cpi/strangers.md, written by
// `npm run strangers -- --write`.
import Table from 'cli-table3';
import type { WebdavOutcome } from './run-webdav-client.js';
import { shortfalls, type WebdavClient } from './webdav-clients.js';

export interface WebdavRan {
  readonly client: WebdavClient;
  readonly outcome: WebdavOutcome;
}

/** `system` is where the clients that npm does not have came from. */
export function webdavPage(ran: readonly WebdavRan[], system: string): string {
  return `# WebDAV clients that others wrote

<!-- Written by \`npm run strangers -- --write\`. -->

Each of these clients, unmodified, ran a flow of its own (\`test/strangers/flows/\`) against a stemcell
server. A flow works if nothing in it was other than it expected, and nothing was left behind.
\`npm run strangers\` runs those that are installed and says how the others can be had. The last run was
on ${system}, with the versions that it packages.

${[header, rule, ...ran.map(webdavRow)].join('\n')}

## What litmus found

| suite | passed | failed | skipped |
| --- | --- | --- | --- |
${ran.flatMap(suiteRows).join('\n')}

What is not passed, and why:

${shortfalls.map(shortfallLine).join('\n')}
`;
}

const header = '| client | version | from | does | methods | result |';
const rule = '| --- | --- | --- | --- | --- | --- |';

/** A client's row of the page. */
export function webdavRow({ client, outcome }: WebdavRan): string {
  const { name, source, does } = client;
  const methods = outcome.kind === 'worked' ? outcome.methods.join(', ') : '';
  const version = outcome.kind === 'not installed' ? '' : outcome.version;
  return `| ${[name, version, source, does, methods, resultOf(outcome)].join(' | ')} |`;
}

function suiteRows({ outcome }: WebdavRan): string[] {
  if (outcome.kind !== 'worked') return [];
  return outcome.suites.map(
    ({ name, passed, failed, skipped }) =>
      `| ${name} | ${passed} | ${failed.length} | ${skipped} |`,
  );
}

function shortfallLine({ suite, tests, why }: (typeof shortfalls)[number]): string {
  return `- \`${suite}\` (${tests.map((test) => `\`${test}\``).join(', ')}): ${why}`;
}

/** For a terminal. */
export function webdavTable(ran: readonly WebdavRan[]): string {
  const table = new Table({
    head: ['client', 'version', 'result'],
    style: { head: [], border: [] },
  });
  for (const { client, outcome } of ran) {
    const how = outcome.kind === 'not installed' ? `: ${client.install}` : '';
    const version = outcome.kind === 'not installed' ? '' : outcome.version;
    table.push([client.name, version, `${resultOf(outcome)}${how}`]);
  }
  return table.toString();
}

function resultOf({ kind }: WebdavOutcome): string {
  return kind === 'worked' ? 'works' : kind;
}
