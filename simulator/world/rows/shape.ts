/** What a value of a row is, as plain data: what TypeScript's types say, for a program that runs. */
export type Shape =
  | 'string'
  | 'number'
  | 'boolean'
  | 'null'
  /** Any plain data. */
  | 'json'
  /** One of these values. */
  | { readonly is: readonly (string | number | boolean)[] }
  | { readonly list: Shape }
  /** An object of which any name leads to such a value. */
  | { readonly map: Shape }
  /** An object with these names, and no others. */
  | { readonly columns: Readonly<Record<string, Shape>> }
  /** Any of several. */
  | readonly Shape[];

/**
 * What keeps a value from being of a shape, in words that begin with the place: `tags is a text`.
 * It tells no value: that may be a secret. Undefined if it is of the shape.
 */
export function wrongInShape(shape: Shape, value: unknown, place = ''): string | undefined {
  if (shape === 'json') return undefined;
  const wrong = `${place} is ${kindOf(value)}`;
  if (typeof shape === 'string') return kindOf(value) === leaves[shape] ? undefined : wrong;
  if (isUnion(shape)) {
    return shape.some((one) => wrongInShape(one, value) === undefined) ? undefined : wrong;
  }
  if ('is' in shape) {
    const isOne = (shape.is as readonly unknown[]).includes(value);
    return isOne ? undefined : `${place} is none of ${shape.is.join(', ')}`;
  }
  if ('list' in shape) {
    if (!Array.isArray(value)) return wrong;
    return firstWrong(value.map((item, index) => [shape.list, item, `${place}[${index}]`]));
  }
  if (!isPlainObject(value)) return wrong;
  if ('map' in shape) {
    const entries = Object.entries(value);
    return firstWrong(entries.map(([name, item]) => [shape.map, item, within(place, name)]));
  }
  return wrongInColumns(shape.columns, value, place);
}

function wrongInColumns(
  columns: Readonly<Record<string, Shape>>,
  value: Readonly<Record<string, unknown>>,
  place: string,
): string | undefined {
  const missing = Object.keys(columns).find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${within(place, missing)} is missing`;
  const strange = Object.keys(value).find((name) => !Object.hasOwn(columns, name));
  if (strange !== undefined) return `${within(place, strange)} is no column`;
  return firstWrong(
    Object.entries(columns).map(([name, shape]) => [shape, value[name], within(place, name)]),
  );
}

function firstWrong(parts: readonly (readonly [Shape, unknown, string])[]): string | undefined {
  for (const [shape, value, place] of parts) {
    const wrong = wrongInShape(shape, value, place);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

const leaves = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
} as const;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? leaves[type] : 'an object';
}

export function isUnion(shape: Exclude<Shape, string>): shape is readonly Shape[] {
  return Array.isArray(shape);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function within(place: string, name: string): string {
  return place === '' ? name : `${place}.${name}`;
}
