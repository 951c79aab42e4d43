// `npm run strangers`: runs the clients that are installed, one after the other, and prints what
// came of it. It ends with 1 if a flow failed, and with 3 if a page cannot be written because clients
// are missing: it tells of all or it is not written.
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { format, resolveConfig } from 'prettier';
import { clients } from './clients.js';
import { strangersPage, tableOf, type Ran } from './page.js';
import { runClient } from './run-client.js';
import { runWebdavClient } from './run-webdav-client.js';
import { webdavClients } from './webdav-clients.js';
import { webdavPage, webdavTable, type WebdavRan } from './webdav-page.js';

const program = new Command('npm run strangers --')
  .description("Runs other people's clients against the simulator and the stemcell server.")
  .addOption(new Option('--only <what>', 'run those alone').choices(['cloudstack', 'webdav']))
  .option('--write', 'also write docs/simulator/strangers.md and docs/cpi/strangers.md')
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv.slice(2), { from: 'user' });

const { only, write = false } = program.opts<{ only?: string; write?: true }>();
if (only !== 'webdav') await cloudStack();
if (only !== 'cloudstack') await webdav();

async function cloudStack(): Promise<void> {
  const ran: Ran[] = [];
  for (const client of clients) {
    process.stderr.write(`${client.name}\n`);
    ran.push({ client, outcome: told(await runClient(client)) });
  }
  process.stdout.write(`${tableOf(ran)}\n`);
  await writePage('docs/simulator/strangers.md', ran, () => strangersPage(ran, systemName()));
}

async function webdav(): Promise<void> {
  const ran: WebdavRan[] = [];
  for (const client of webdavClients) {
    process.stderr.write(`${client.name}\n`);
    ran.push({ client, outcome: told(await runWebdavClient(client)) });
  }
  process.stdout.write(`${webdavTable(ran)}\n`);
  await writePage('docs/cpi/strangers.md', ran, () => webdavPage(ran, systemName()));
}

interface AnyOutcome {
  readonly kind: string;
  readonly reason?: string;
}

function told<Outcome extends AnyOutcome>(outcome: Outcome): Outcome {
  if (outcome.kind !== 'failed') return outcome;
  process.stderr.write(`${String(outcome.reason)}\n`);
  process.exitCode = 1;
  return outcome;
}

async function writePage(
  path: string,
  ran: readonly { readonly outcome: AnyOutcome }[],
  text: () => string,
): Promise<void> {
  if (!write || ran.some(({ outcome }) => outcome.kind === 'failed')) return;
  if (ran.some(({ outcome }) => outcome.kind === 'not installed')) {
    process.stderr.write(
      `${path} is not written: it tells of every client, and some are missing\n`,
    );
    process.exitCode = 3;
    return;
  }
  const page = new URL(`../../${path}`, import.meta.url);
  const options = await resolveConfig(page);
  writeFileSync(page, await format(text(), { ...options, parser: 'markdown' }));
}

/** Such as "Debian GNU/Linux 12 (bookworm)". */
function systemName(): string {
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1] ?? process.platform;
}
