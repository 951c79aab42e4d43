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
  return pageOf('Simulated commands', 'the declarations in simulator/commands', [
    INTRO,
    ...byName.flatMap(commandSection),
    '## Response objects',
    'Fields without a value are left out of an answer.',
    ...objectSections(byName),
  ]);
}

function commandSection(command: AnyCommand): string[] {
  const parameters = Object.entries(command.parameters).map(([name, parameter]) =>
    parameterLine(name, parameter),
  );
  return [
    `## ${command.name}`,
    command.summary,
    bulletList([
      `kind: ${command.kind} (${KINDS[command.kind]})`,
      `roles: ${command.roles.join(', ')}`,
      `answer: \`${wrapperOf(command)}\`, ${responseText(command)}`,
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

function responseText({ kind, response }: AnyCommand): string {
  const inJob = kind === 'sync' ? '' : ' in the result of the job';
  switch (response.kind) {
    case 'list':
      return `\`count\` and a list of \`${response.object.name}\`${inJob}`;
    case 'object':
      return `one \`${response.object.name}\`${inJob}`;
    case 'success':
      return `\`success\`${inJob}`;
    case 'flat':
      return `with ${fieldNames(response.object).join(', ')}${inJob}`;
  }
}

/** Commands can share an object, and different objects a name. */
function objectSections(all: readonly AnyCommand[]): string[] {
  const users = new Map<ResponseObject<never>, string[]>();
  for (const { name, response } of all) {
    if (response.kind === 'success' || response.kind === 'flat') continue;
    users.set(response.object, [...(users.get(response.object) ?? []), name]);
  }
  return [...users]
    .sort(([a], [b]) => (a.name < b.name ? -1 : 1))
    .flatMap(([object, names]) => [
      `### ${object.name}`,
      `Of ${names.join(', ')}.`,
      bulletList(
        Object.entries(object.fields).map(
          ([name, { type, rootOnly }]) =>
            `\`${name}\`: ${type}${rootOnly === true ? ', root admins only' : ''}`,
        ),
      ),
    ]);
}

function fieldNames({ fields }: ResponseObject<never>): string[] {
  return Object.keys(fields).map((name) => `\`${name}\``);
}
