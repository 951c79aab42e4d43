// `npm run strangers`: runs the clients that are installed, one after the other, and prints what
// came of it. It ends with 1 if a flow failed, and with 3 if the page cannot be written because
// clients are missing: it tells of all or it is not written.
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { clients } from './clients.js';
import { strangersPage, tableOf, type Ran } from './page.js';
import { runClient } from './run-client.js';

const page = new URL('../../docs/simulator/strangers.md', import.meta.url);
const program = new Command('npm run strangers --')
  .description("Runs other people's CloudStack clients against the simulator.")
  .option('--write', 'also write docs/simulator/strangers.md; needs every client')
  .allowExcessArguments(false)
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
  .parse(process.argv.slice(2), { from: 'user' });

const ran: Ran[] = [];
for (const client of clients) {
  process.stderr.write(`${client.name}\n`);
  const outcome = await runClient(client);
  if (outcome.kind === 'failed') process.stderr.write(`${outcome.reason}\n`);
  ran.push({ client, outcome });
}
process.stdout.write(`${tableOf(ran)}\n`);
if (ran.some(({ outcome }) => outcome.kind === 'failed')) process.exitCode = 1;
else if (program.opts<{ write?: true }>().write) await write();

async function write(): Promise<void> {
  const missing = ran.filter(({ outcome }) => outcome.kind === 'not installed');
  if (missing.length > 0) {
    process.stderr.write('not written: the page tells of every client, and some are missing\n');
    process.exitCode = 3;
    return;
  }
  const options = await resolveConfig(page);
  const text = strangersPage(ran, systemName());
  writeFileSync(page, await format(text, { ...options, parser: 'markdown' }));
}

/** Such as "Debian GNU/Linux 12 (bookworm)". */
function systemName(): string {
  const release = readFileSync('/etc/os-release', 'utf8');
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(release)?.[1] ?? process.platform;
}
