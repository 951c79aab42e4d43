import { findEntity, findEntityByInternalId } from '../world/entity-lookup.js';
import type { EntityName, EntityRows } from '../world/entity-lookup.js';
import type { CloudException } from '../world/cloud-exception.js';
import { serverApiError } from '../world/cloud-exception.js';
import type { CommandContext } from './context.js';
import { parseDate } from './dates.js';

/** The types that listApis reports. */
export type ParameterType =
  'uuid' | 'string' | 'boolean' | 'integer' | 'long' | 'date' | 'list' | 'map';

/** A parameter as it arrived: one value, or the fields of a map by index. */
export type RawParameter = string | ReadonlyMap<string, ReadonlyMap<string, string>>;

export interface ParameterOptions {
  /** A few words for listApis; without them, words for the type. */
  readonly description?: string;
  readonly required?: boolean;
  /** Longest value in characters; 255 unless given. */
  readonly maxLength?: number;
  /** Silently ignored when anybody but a root admin sends it. */
  readonly rootOnly?: boolean;
  /** The CloudStack version that introduced it; without one, internal ids are accepted, too. */
  readonly since?: string;
}

export interface EntityOptions extends ParameterOptions {
  /** The caller must own the entity or administrate its owner; checked once all parameters are read. */
  readonly access?: 'operate';
}

/** One parameter of a command: how its text becomes a value, and CloudStack's errors if it can't. */
export interface Parameter<Value, Required extends boolean = boolean> {
  readonly type: ParameterType;
  readonly required: Required;
  readonly options: ParameterOptions;
  /** For parameters that refer to an entity. */
  readonly entity?: EntityName;
  readonly access?: 'operate';
  /** An empty value that leaves the parameter unset gives undefined. */
  readonly parse: (raw: RawParameter, name: string, context: CommandContext) => Value | undefined;
}

type RequiredIn<Options extends ParameterOptions> = Options extends { readonly required: true }
  ? true
  : false;

function parameter<Value, const Options extends ParameterOptions>(
  type: ParameterType,
  options: Options,
  parse: (value: string, name: string, context: CommandContext) => Value | undefined,
): Parameter<Value, RequiredIn<Options>> {
  return {
    type,
    required: (options.required ?? false) as RequiredIn<Options>,
    options,
    parse: (raw, name, context) => parse(single(raw), name, context),
  };
}

/** Free text. */
export function text<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<string, RequiredIn<Options>> {
  return parameter('string', options, (value, name, context) => {
    const maxLength = options.maxLength ?? 255;
    if (value.length <= maxLength) return value;
    throw invalidValue(
      context,
      `Value greater than max allowed length ${maxLength} for param: ${name}`,
    );
  });
}

/** True for "true" in any case, false for everything else, as Java's Boolean.valueOf. */
export function flag<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<boolean, RequiredIn<Options>> {
  return parameter('boolean', options, (value) => value.toLowerCase() === 'true');
}

/** A whole number of 32 bits; an empty value counts as none. */
export function integer<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<number, RequiredIn<Options>> {
  return parameter('integer', options, (value, name, context) =>
    value.trim() === '' ? undefined : wholeNumber(value, name, context, 2 ** 31 - 1),
  );
}

/** A whole number of 64 bits, as far as JavaScript counts exactly. */
export function long<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<number, RequiredIn<Options>> {
  return parameter('long', options, (value, name, context) =>
    wholeNumber(value, name, context, Number.MAX_SAFE_INTEGER),
  );
}

/** A moment, in milliseconds since 1970; a day alone is its last second under the name `enddate`. */
export function date<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<number, RequiredIn<Options>> {
  return parameter('date', options, (value, name, context) => {
    const ms = parseDate(value, name === 'enddate' ? 'end' : 'start');
    if (ms !== undefined) return ms;
    throw serverApiError(
      431,
      `Unable to parse date ${value} for command ${context.commandText}, please pass dates in the ` +
        `format mentioned in the api documentation`,
    );
  });
}

/** One of a few words, compared as they are written. */
export function oneOf<const Word extends string, const Options extends ParameterOptions = object>(
  words: readonly Word[],
  options: Options = {} as Options,
): Parameter<Word, RequiredIn<Options>> {
  return parameter('string', options, (value, name, context) => {
    const word = words.find((candidate) => candidate === value);
    if (word !== undefined) return word;
    throw wrongValue(context, value, name);
  });
}

/**
 * A reference to an entity by its uuid; also one that is removed already. Where the parameter is too
 * young for internal ids, what is no uuid leaves it unset (ParamProcessWorker.translateUuidToInternalId).
 */
export function entity<Name extends EntityName, const Options extends EntityOptions = object>(
  entityName: Name,
  options: Options = {} as Options,
): Parameter<EntityRows[Name], RequiredIn<Options>> {
  const isSkipped = (value: string): boolean =>
    options.since !== undefined && options.required !== true && !UUID.test(value);
  return {
    ...parameter('uuid', options, (value, name, context) =>
      isSkipped(value) ? undefined : lookUp(entityName, value, name, context, options),
    ),
    entity: entityName,
    ...accessOf(options),
  };
}

/** A reference, or all that there are for `-1`, which passes as an id (ParamProcessWorker). */
export function entityOrEvery<
  Name extends EntityName,
  const Options extends EntityOptions = object,
>(
  entityName: Name,
  options: Options = {} as Options,
): Parameter<EntityRows[Name] | 'every', RequiredIn<Options>> {
  const one = entity(entityName, options);
  return {
    ...one,
    parse: (raw, name, context) => (raw === '-1' ? 'every' : one.parse(raw, name, context)),
  };
}

/** References separated by commas; empty items are dropped. */
export function entityList<Name extends EntityName, const Options extends EntityOptions = object>(
  entityName: Name,
  options: Options = {} as Options,
): Parameter<readonly EntityRows[Name][], RequiredIn<Options>> {
  return {
    ...parameter('list', options, (value, name, context) =>
      items(value).map((item) => lookUp(entityName, item, name, context, options)),
    ),
    entity: entityName,
    ...accessOf(options),
  };
}

/** Texts separated by commas; empty items are dropped. */
export function textList<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<readonly string[], RequiredIn<Options>> {
  return parameter('list', options, items);
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** `tags[0].key=a&tags[0].value=b`. */
export function keyValues<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<readonly KeyValue[], RequiredIn<Options>> {
  return mapParameter(options, (groups) =>
    groups.map((group) => ({ key: group.get('key') ?? '', value: group.get('value') ?? '' })),
  );
}

/** `details[0].cpuNumber=2&details[0].memory=1024`: the fields of all groups in one. */
export function freeForm<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<Readonly<Record<string, string>>, RequiredIn<Options>> {
  return mapParameter(options, (groups) =>
    Object.fromEntries(groups.flatMap((group) => [...group.entries()])),
  );
}

/** `iptonetworklist[0].networkid=…&iptonetworklist[0].ip=…`: one record per index. */
export function records<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<readonly Readonly<Record<string, string>>[], RequiredIn<Options>> {
  return mapParameter(options, (groups) => groups.map((group) => Object.fromEntries(group)));
}

/**
 * `details[0].key=a&details[0].value=b`, or `details[0].a=b`: a group with key and value is one
 * detail, any other has one per field.
 */
export function detailPairs<const Options extends ParameterOptions = object>(
  options: Options = {} as Options,
): Parameter<Readonly<Record<string, string>>, RequiredIn<Options>> {
  return mapParameter(options, (groups) =>
    Object.fromEntries(
      groups.flatMap((group): (readonly [string, string])[] => {
        const [key = '', value = ''] = [group.get('key'), group.get('value')];
        return key !== '' && value !== '' ? [[key, value]] : [...group.entries()];
      }),
    ),
  );
}

function mapParameter<Value, const Options extends ParameterOptions>(
  options: Options,
  read: (groups: readonly ReadonlyMap<string, string>[]) => Value,
): Parameter<Value, RequiredIn<Options>> {
  return {
    type: 'map',
    required: (options.required ?? false) as RequiredIn<Options>,
    options,
    parse: (raw, name, context) => {
      if (typeof raw === 'string') throw wrongValue(context, raw, name);
      const indexes = [...raw.keys()].sort((a, b) => Number(a) - Number(b));
      return read(indexes.map((index) => raw.get(index) ?? new Map<string, string>()));
    },
  };
}

/** The error of a map parameter that does not follow `name[index].field` (ParamUnpackWorker). */
export function malformedMap(name: string): CloudException {
  return serverApiError(
    430,
    `Unable to decode parameter ${name}; if specifying an object array, please use ` +
      `parameter[index].field=XXX, e.g. userGroupList[0].group=httpGroup`,
  );
}

/** The error of an id that nothing has; clients recognise "gone" by this text. */
export function unknownEntity(
  context: CommandContext,
  name: string,
  value: string,
): CloudException {
  return invalidValue(
    context,
    `Invalid parameter ${name} value=${value} due to incorrect long value format, or entity does ` +
      `not exist or due to incorrect parameter annotation for the field in api cmd class.`,
  );
}

/** A value that the parameter's type cannot hold. */
function wrongValue(context: CommandContext, value: string, name: string): CloudException {
  return serverApiError(
    431,
    `Unable to execute API command ${context.commandText} due to invalid value ${value} for parameter ${name}`,
  );
}

/** A value of the right type that is not allowed. */
function invalidValue(context: CommandContext, text: string): CloudException {
  return serverApiError(
    431,
    `Unable to execute API command ${context.commandText} due to invalid value. ${text}`,
  );
}

function accessOf(options: EntityOptions): { access?: 'operate' } {
  return options.access === undefined ? {} : { access: options.access };
}

/** The text of a parameter; a map where none belongs is taken as Java prints it. */
export function single(raw: RawParameter): string {
  if (typeof raw === 'string') return raw;
  const groups = [...raw].map(([index, fields]) => `${index}=${javaText([...fields])}`);
  return `{${groups.join(', ')}}`;
}

/** AbstractMap.toString. */
function javaText(fields: readonly (readonly [string, string])[]): string {
  return `{${fields.map(([field, value]) => `${field}=${value}`).join(', ')}}`;
}

function items(value: string): string[] {
  return value.split(',').filter((item) => item !== '');
}

function wholeNumber(value: string, name: string, context: CommandContext, limit: number): number {
  const number = /^[+-]?\d+$/.test(value) ? Number(value) : NaN;
  if (Math.abs(number) <= limit) return number;
  throw wrongValue(context, value, name);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function lookUp<Name extends EntityName>(
  entityName: Name,
  value: string,
  name: string,
  context: CommandContext,
  options: EntityOptions,
): EntityRows[Name] {
  const takesInternalIds = options.since === undefined;
  if (takesInternalIds && value !== '-1' && /^[+-]?\d+$/.test(value) && Number(value) < 1) {
    throw invalidValue(context, `Invalid value provided for API arg: ${name}`);
  }
  const row = UUID.test(value)
    ? findEntity(context.world, entityName, value.toLowerCase())
    : takesInternalIds && /^\d+$/.test(value)
      ? findEntityByInternalId(context.world, entityName, Number(value))
      : undefined;
  if (row === undefined) throw unknownEntity(context, name, value);
  return row;
}
