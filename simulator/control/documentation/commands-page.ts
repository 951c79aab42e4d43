import { commands } from '../../commands/index.js';
import { wrapperOf, type AnyCommand } from '../../declare/command.js';
import type { Parameter } from '../../declare/parameter.js';
import type { ResponseObject } from '../../declare/response.js';
import { bulletList, pageOf } from './page.js';

const KINDS: Readonly<Record<AnyCommand['kind'], string>> = {
  sync: 'answers at once',
  async: 'answers with a job',
  'async-create': 'creates at once, answers with the id and a job',
};

const INTRO =
  'Every command that the simulator knows. A command that it does not know is answered with 401, ' +
  'as CloudStack does for a caller with an API key, and named once on stderr; a parameter that it ' +
  'does not know is refused by name, unless the simulator was started with `--loose`. All commands ' +
  'take the parameters of a signed request, and `response`: `json` for an answer in JSON, anything ' +
  'else or nothing for XML.';

/** The page about the simulated commands, from their declarations. */
export function commandsPage(): string {
  const byName = [...commands].sort((a, b) => (a.name < b.name ? -1 : 1));
  const objects = answeredObjects(byName);
  return pageOf('Simulated commands', 'the declarations in simulator/commands', [
    INTRO,
    ...byName.flatMap((command) => commandSection(command, objects)),
    '## Response objects',
    'Fields without a value are left out of an answer. Some objects have more fields in the answers of ' +
      'some commands than in those of others: each kind has a section of its own.',
    ...objects.flatMap(objectSection),
  ]);
}

/** A response object under a title that no other has, and the commands that answer with it. */
interface AnsweredObject {
  readonly title: string;
  readonly object: ResponseObject<never>;
  readonly commands: readonly string[];
}

/** Commands can share an object, and different objects a name: those are told apart by a command. */
function answeredObjects(all: readonly AnyCommand[]): readonly AnsweredObject[] {
  const users = new Map<ResponseObject<never>, string[]>();
  for (const { name, response } of all) {
    if (response.kind === 'success' || response.kind === 'flat') continue;
    users.set(response.object, [...(users.get(response.object) ?? []), name]);
  }
  const names = [...users.keys()].map(({ name }) => name);
  const isAlone = (name: string): boolean => names.filter((other) => other === name).length === 1;
  return [...users]
    .map(([object, own]) => ({
      title: isAlone(object.name) ? object.name : `${object.name} of ${own[0] ?? ''}`,
      object,
      commands: own,
    }))
    .sort((a, b) => (a.title < b.title ? -1 : 1));
}

function commandSection(command: AnyCommand, objects: readonly AnsweredObject[]): string[] {
  const parameters = Object.entries(command.parameters).map(([name, parameter]) =>
    parameterLine(name, parameter),
  );
  return [
    `## ${command.name}`,
    command.summary,
    bulletList([
      `kind: ${command.kind} (${KINDS[command.kind]})`,
      `roles: ${command.roles.join(', ')}`,
      `answer: \`${wrapperOf(command)}\`, ${responseText(command, objects)}`,
    ]),
    ...(parameters.length > 0 ? ['Parameters:', bulletList(parameters)] : ['No parameters.']),
  ];
}

function parameterLine(
  name: string,
  { type, required, options, entity }: Parameter<unknown>,
): string {
  const facts = [
    entity === undefined ? type : `${type} of \`${entity}\``,
    ...(required ? ['required'] : []),
    ...(options.rootOnly === true ? ['root admins only'] : []),
  ];
  return `\`${name}\`: ${facts.join(', ')}`;
}

function responseText(
  { name: commandName, kind, response }: AnyCommand,
  objects: readonly AnsweredObject[],
): string {
  const inJob = kind === 'sync' ? '' : ' in the result of the job';
  const link = (): string => {
    const answered = objects.find(({ commands: own }) => own.includes(commandName));
    const title = answered?.title ?? '';
    return `[\`${answered?.object.name ?? ''}\`](#${title.toLowerCase().replaceAll(' ', '-')})`;
  };
  switch (response.kind) {
    case 'list':
      return `\`count\` and a list of ${link()}${inJob}`;
    case 'object':
      return `one ${link()}${inJob}`;
    case 'success':
      return `\`success\`${inJob}`;
    case 'flat':
      return `with ${fieldNames(response.object).join(', ')}${inJob}`;
  }
}

function objectSection({ title, object, commands: own }: AnsweredObject): string[] {
  return [
    `### ${title}`,
    `Of ${own.join(', ')}.`,
    bulletList(
      Object.entries(object.fields).map(
        ([name, { type, rootOnly }]) =>
          `\`${name}\`: ${type}${rootOnly === true ? ', root admins only' : ''}`,
      ),
    ),
  ];
}

function fieldNames({ fields }: ResponseObject<never>): string[] {
  return Object.keys(fields).map((name) => `\`${name}\``);
}
