// What came of running the clients: docs/simulator/strangers.md, written by
// `npm run strangers -- --write`, and the same as a table for a terminal.
import Table from 'cli-table3';
import type { Client } from './clients.js';
import type { Outcome } from './run-client.js';

export interface Ran {
  readonly client: Client;
  readonly outcome: Outcome;
}

/** `system` is where the clients that npm does not have came from. */
export function strangersPage(ran: readonly Ran[], system: string): string {
  return `# Clients that others wrote

<!-- Written by \`npm run strangers -- --write\`. -->

Each of these clients, unmodified, ran a flow of its own against a simulator that refuses every
command and parameter that it does not simulate. All of them deployed a virtual machine as an ordinary
user, waited for it and destroyed it; all but Packer attached a disk, listed what there was, detached
the disk and read errors. What a client did besides stands in its row. A flow works if nothing in it
was other than it expected, no machine, disk, key pair or affinity group was left behind, and no
invariant of the world was broken.

\`npm run strangers\` runs those that are installed and says how the others can be had. The last run
was on ${system}, with the versions that it packages.

${[header, rule, ...ran.map(rowOf)].join('\n')}

What the simulator was asked for:

${ran.map(commandsLine).join('\n')}
`;
}

const header = '| client | version | from | language | does | result |';
const rule = '| --- | --- | --- | --- | --- | --- |';

/** A client's row of the page. */
export function rowOf({ client, outcome }: Ran): string {
  const { name, language, source, does, remark } = client;
  const told = remark === undefined ? does : `${does} (${remark})`;
  return `| ${[name, versionOf(outcome), source, language, told, resultOf(outcome)].join(' | ')} |`;
}

/** Which commands a client called. */
export function commandsLine({ client, outcome }: Ran): string {
  const commands = outcome.kind === 'worked' ? outcome.commands.join(', ') : 'nothing';
  return `- ${client.name} (\`test/strangers/flows/${client.flow}\`): ${commands}`;
}

/** For a terminal. */
export function tableOf(ran: readonly Ran[]): string {
  const table = new Table({
    head: ['client', 'version', 'language', 'result'],
    style: { head: [], border: [] },
  });
  for (const { client, outcome } of ran) {
    const how = outcome.kind === 'not installed' ? `: ${client.install}` : '';
    table.push([client.name, versionOf(outcome), client.language, `${resultOf(outcome)}${how}`]);
  }
  return table.toString();
}

function versionOf(outcome: Outcome): string {
  return outcome.kind === 'not installed' ? '' : outcome.version;
}

function resultOf({ kind }: Outcome): string {
  return kind === 'worked' ? 'works' : kind;
}
