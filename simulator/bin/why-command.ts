import { Argument, Command } from 'commander';
import { CONTROL_PATH } from '../control/control-routes.js';
import { whySubjects } from '../why/why.js';

/** Where a simulator is that was started without options, and outside of `exec`. */
const DEFAULT_ENDPOINT = 'http://127.0.0.1:8080/client/api';

/** How the command ends: what it prints, or what it fails with. */
export interface WhyCommand {
  /** `CLOUDSTACK_ENDPOINT`, which `exec` sets. */
  readonly endpoint: string | undefined;
  readonly print: (text: string) => void;
  /** Nothing has or had that name. */
  readonly unknown: (message: string) => never;
  /** What was asked for cannot be asked. */
  readonly wrongUsage: (message: string) => never;
  readonly unreachable: (message: string) => never;
}

interface WhyFlags {
  readonly at: string;
  readonly json?: true;
}

/** `cloudstack-simulator why`: asks a running simulator why something is as it is. */
export function whyCommand(io: WhyCommand): Command {
  const subjects = Object.entries(whySubjects);
  return new Command('why')
    .description('ask a running simulator why something is as it is, and what led there')
    .addArgument(
      new Argument('<subject>', 'what is asked about').choices(subjects.map(([name]) => name)),
    )
    .argument('<id>', 'an id or a name; for address: an IPv4 address')
    .option('--at <url>', 'address of the simulator', io.endpoint ?? DEFAULT_ENDPOINT)
    .option('--json', 'print the answer as JSON')
    .addHelpText(
      'after',
      `
${subjects.map(([name, { asks }]) => `  ${name.padEnd(10)}${asks}`).join('\n')}

In a command of exec, --at is known already.

Examples:
  cloudstack-simulator why address 10.203.6.10
  cloudstack-simulator why --at http://127.0.0.1:9000 vm web`,
    )
    .action((subject: string, name: string, flags: WhyFlags) => askWhy(io, subject, name, flags));
}

async function askWhy(
  io: WhyCommand,
  subject: string,
  name: string,
  { at, json }: WhyFlags,
): Promise<void> {
  if (!URL.canParse(at)) io.wrongUsage(`--at: ${at} is no URL, such as http://127.0.0.1:8080`);
  const url = new URL(`${CONTROL_PATH}/why/${subject}/${encodeURIComponent(name)}`, at);
  const accept = json === true ? 'application/json' : 'text/plain';
  const response = await fetch(url, { headers: { accept } }).catch(() =>
    io.unreachable(`nothing answers at ${url.origin}; --at says where the simulator is`),
  );
  const text = await response.text();
  const isAnswer = response.headers.get('content-type')?.startsWith(accept) === true;
  if (response.ok && isAnswer) {
    io.print(json === true ? `${text}\n` : text);
    return;
  }
  const error = errorOf(text);
  if (error !== undefined) return io.unknown(error);
  return io.unreachable(`${url.origin} is no simulator: it answered ${response.status}`);
}

/** What the simulator says; undefined if it is something else that answered. */
function errorOf(text: string): string | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}
