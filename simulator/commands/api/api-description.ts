import { isRootAdmin, type Caller } from '../../declare/caller.js';
import type { AnyCommand } from '../../declare/command.js';
import type { Parameter } from '../../declare/parameter.js';
import type { Field, FieldType, ResponseObject } from '../../declare/response.js';
import type { ListedApi, ListedField, ListedParameter } from './api-response.js';

/** What listApis tells a caller about commands (ApiDiscoveryServiceImpl.cacheResponseMap). */
export function describeApis(
  commands: readonly AnyCommand[],
  all: readonly AnyCommand[],
  caller: Caller,
): ListedApi[] {
  const byKind = commandsByKind(all);
  return commands.map((command) => ({
    name: command.name,
    description: command.summary,
    since: command.since,
    isAsync: command.kind !== 'sync',
    related: (byKind.get(kindOf(command) ?? '') ?? []).filter((name) => name !== command.name),
    parameters: Object.entries(command.parameters)
      .filter(([, { options }]) => options.rootOnly !== true || isRootAdmin(caller))
      .map(([name, parameter]) => describeParameter(name, parameter, byKind)),
    fields: fieldsOf(command),
  }));
}

type CommandsByKind = ReadonlyMap<string, readonly string[]>;

/** The names of commands by the kind of object with which they answer. */
function commandsByKind(commands: readonly AnyCommand[]): CommandsByKind {
  const byKind = new Map<string, string[]>();
  for (const command of commands) {
    const kind = kindOf(command);
    if (kind !== undefined) byKind.set(kind, [...(byKind.get(kind) ?? []), command.name]);
  }
  return byKind;
}

/** Objects that CloudStack makes of one class although they stand in answers under another name. */
const otherNames: Readonly<Record<string, string>> = {
  asyncjobs: 'asyncjob',
  ipaddress: 'publicipaddress',
  keypair: 'sshkeypair',
  loadbalancer: 'loadbalancerrule',
};

/** The kind of object with which a command answers, by the name that parameters know it by. */
function kindOf({ response }: AnyCommand): string | undefined {
  if (response.kind === 'success') return undefined;
  const { name } = response.object;
  return otherNames[name] ?? name;
}

function describeParameter(
  name: string,
  { type, required, options, entity }: Parameter<unknown>,
  byKind: CommandsByKind,
): ListedParameter {
  return {
    name,
    description: options.description ?? typeText(type, entity),
    type,
    length: options.maxLength ?? 255,
    required,
    since: options.since,
    related: (entity === undefined ? undefined : byKind.get(entity)) ?? [],
  };
}

function typeText(type: Parameter<unknown>['type'], entity: string | undefined): string {
  if (entity !== undefined)
    return `${type === 'list' ? 'the ids of each' : 'the id of the'} ${entity}`;
  switch (type) {
    case 'uuid':
      return 'an id';
    case 'string':
      return 'a text';
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'long':
      return 'a whole number';
    case 'date':
      return 'a day, or a day and a time';
    case 'list':
      return 'texts, separated by commas';
    case 'map':
      return 'a map, written as name[0].field=value';
  }
}

/** SuccessResponse and BaseResponse, which all others build upon. */
const successFields: readonly ListedField[] = [
  { name: 'displaytext', description: 'what there is to say', type: 'string', fields: [] },
  { name: 'success', description: 'whether it was done', type: 'boolean', fields: [] },
];
const jobFields: readonly ListedField[] = [
  { name: 'jobid', description: 'the id of the job', type: 'string', fields: [] },
  { name: 'jobstatus', description: 'the state of the job', type: 'integer', fields: [] },
];

function fieldsOf({ response }: AnyCommand): ListedField[] {
  const own = response.kind === 'success' ? successFields : describeFields(response.object);
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...jobFields.filter(({ name }) => !names.has(name))];
}

function describeFields(object: ResponseObject<never>): ListedField[] {
  return Object.entries(object.fields).map(([name, { type, of }]: [string, Field<never>]) => ({
    name,
    description: `the field ${name} of ${object.name}`,
    type: javaTypes[type] ?? type,
    fields: of === undefined ? [] : describeFields(of),
  }));
}

/** Java's names of types where ours differ. */
const javaTypes: Partial<Record<FieldType, string>> = {
  'list of maps': 'list',
  object: 'responseobject',
};
