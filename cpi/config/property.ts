import * as z from 'zod/mini';

/** A set of values that a property may have, and how an error message names that set. */
export interface Kind<T> {
  schema: z.ZodMiniType<T>;
  /** Completes "must be …". */
  expected: string;
}

/** Everything there is to say about one configuration property. */
export interface Property<T> extends Kind<T> {
  description: string;
  /** A value for the documentation and for error messages; never a real secret. */
  example: unknown;
  /** What the property is when it is absent, null or an empty string. */
  absent: { is: 'an error' } | { is: 'default'; value: T };
  secret: boolean;
}

interface About {
  description: string;
  example: unknown;
  secret?: true;
}

export function required<T>(kind: Kind<T>, about: About): Property<T> {
  return { ...kind, secret: false, ...about, absent: { is: 'an error' } };
}

export function withDefault<T>(kind: Kind<T>, value: T, about: About): Property<T> {
  return { ...kind, secret: false, ...about, absent: { is: 'default', value } };
}

export function optional<T>(kind: Kind<T>, about: About): Property<T | undefined> {
  return {
    expected: kind.expected,
    schema: z.optional(kind.schema),
    secret: false,
    ...about,
    absent: { is: 'default', value: undefined },
  };
}

/** The values of a table of properties. */
export type ValuesOf<Table> = {
  [Name in keyof Table]: Table[Name] extends Property<infer Value> ? Value : never;
};

export const text: Kind<string> = {
  schema: z.string(),
  expected: 'a string',
};

export const textOrNumber: Kind<string | number> = {
  schema: z.union([z.string(), z.int()]),
  expected: 'a string or a whole number',
};

export const token: Kind<string> = {
  schema: z.string().check(z.regex(/^\S+$/)),
  expected: 'a string without white space',
};

export const flag: Kind<boolean> = {
  schema: z.boolean(),
  expected: 'true or false',
};

export const httpUrl: Kind<string> = {
  schema: z.string().check(z.refine(isPlainHttpUrl)),
  expected: 'an http:// or https:// URL without user name, query and fragment',
};

export const busUrl: Kind<string> = {
  schema: z.string().check(z.regex(/^(nats|https):\/\/\S+$/)),
  expected: 'a nats:// or https:// URL',
};

export const certificates: Kind<string> = {
  schema: z.string().check(z.includes('-----BEGIN CERTIFICATE-----')),
  expected: 'one or more certificates in PEM form',
};

export const textList: Kind<string[]> = {
  schema: z.array(z.string()),
  expected: 'a list of strings',
};

export function integer(unit: string, { min, max }: { min: number; max: number }): Kind<number> {
  return {
    schema: z.int().check(z.minimum(min), z.maximum(max)),
    expected: `a whole number of ${unit} from ${min} to ${max}`,
  };
}

export function oneOf<const T extends string>(...values: T[]): Kind<T> {
  return { schema: z.enum(values), expected: values.map((v) => JSON.stringify(v)).join(' or ') };
}

function isPlainHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return plain && (url.protocol === 'http:' || url.protocol === 'https:');
}
