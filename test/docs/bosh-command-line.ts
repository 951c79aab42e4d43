// Whether the bosh CLI would take a command line, by what is known of its commands.
import { readFileSync } from 'node:fs';

type Options = Readonly<Record<string, 'flag' | 'value'>>;

interface Command {
  readonly takesManifest: boolean;
  /** How many arguments it takes: at least, at most. */
  readonly arguments: readonly [number, number];
  readonly options: Options;
}

const known = JSON.parse(
  readFileSync(new URL('../vectors/bosh-cli/commands.json', import.meta.url), 'utf8'),
) as {
  readonly everywhere: Options;
  readonly manifests: Options;
  readonly commands: Readonly<Record<string, Command>>;
};

/** What is wrong with the words after `bosh`; undefined if nothing is. */
export function problemOfBosh(words: readonly string[]): string | undefined {
  const name = words.find((word) => Object.hasOwn(known.commands, word));
  const command = name === undefined ? undefined : known.commands[name];
  if (name === undefined || command === undefined) return `bosh ${words.join(' ')}: which command?`;
  const options: Options = {
    ...known.everywhere,
    ...(command.takesManifest ? known.manifests : {}),
    ...command.options,
  };
  const args: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]!;
    if (!word.startsWith('-')) {
      args.push(word);
      continue;
    }
    const [option = ''] = word.split('=');
    const kind = Object.hasOwn(options, option) ? options[option] : undefined;
    if (kind === undefined) return `bosh ${name} has no option ${option}`;
    if (kind === 'value' && !word.includes('=')) at += 1;
    if (at >= words.length) return `bosh ${name} ${option} needs a value`;
  }
  const [least, most] = command.arguments;
  const count = args.filter((arg) => arg !== name).length;
  if (count >= least && count <= most) return undefined;
  return `bosh ${name} takes ${least} to ${most} arguments, got ${count}`;
}
