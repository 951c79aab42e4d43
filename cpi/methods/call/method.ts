import { BoshError } from '../../protocol/bosh-error.js';
import { describeJson, type JsonValue } from '../../protocol/json-value.js';
import type { Argument, ValuesOfArguments } from './argument.js';
import type { Call } from './call.js';

/** A CPI method as one value: its documentation, its arguments and what it does. */
interface MethodDeclaration<Arguments extends readonly Argument<unknown>[]> {
  /** The name on the wire, for example `create_vm`. */
  name: string;
  /** What it does, in one sentence. */
  summary: string;
  arguments: Arguments;
  /** What else callers should know, one paragraph each. */
  rules?: readonly string[];
  run: (call: Call, args: ValuesOfArguments<Arguments>) => Promise<unknown>;
}

/** A method whose argument types are no longer of interest: they are checked before it runs. */
export type AnyMethod = Omit<MethodDeclaration<readonly Argument<unknown>[]>, 'run'> & {
  /**
   * Checks the arguments, then runs.
   *
   * @throws BoshError of type CpiError that names the argument, what it should be and what it is.
   */
  run: (openCall: () => Promise<Call>, args: readonly JsonValue[]) => Promise<unknown>;
};

/** Declares a method that works on the cloud. */
export function defineMethod<const Arguments extends readonly Argument<unknown>[]>(
  declaration: MethodDeclaration<Arguments>,
): AnyMethod {
  return {
    ...declaration,
    run: async (openCall, args) => {
      const values = readArguments(declaration, args) as ValuesOfArguments<Arguments>;
      return declaration.run(await openCall(), values);
    },
  };
}

/** Declares a method without arguments that needs neither configuration nor cloud. */
export function defineOfflineMethod(declaration: {
  name: string;
  summary: string;
  run: () => unknown;
}): AnyMethod {
  return {
    ...declaration,
    arguments: [],
    run: (_openCall, args) => {
      readArguments({ ...declaration, arguments: [] }, args);
      return Promise.resolve(declaration.run());
    },
  };
}

function readArguments(
  method: { name: string; arguments: readonly Argument<unknown>[] },
  given: readonly JsonValue[],
): unknown[] {
  const required = method.arguments.filter(({ presence }) => presence === 'required').length;
  if (given.length < required || given.length > method.arguments.length) {
    throw wrongCount(method, given.length, required);
  }
  return method.arguments.map((argument, index) => {
    const value = given[index];
    if (value === undefined) return undefined;
    const read = argument.read(value);
    if (read !== undefined) return read.value;
    throw new BoshError(
      'CpiError',
      `${method.name}: argument ${index + 1} (${argument.name}) must be ${argument.expected}, ` +
        `got ${describeJson(value)}`,
    );
  });
}

function wrongCount(
  method: { name: string; arguments: readonly Argument<unknown>[] },
  given: number,
  required: number,
): BoshError {
  const most = method.arguments.length;
  const count = required === most ? String(required) : `${required} to ${most}`;
  const names = method.arguments.map(({ name, presence }) =>
    presence === 'optional' ? `[${name}]` : name,
  );
  const expected = most === 0 ? 'takes no arguments' : `takes ${count} (${names.join(', ')})`;
  return new BoshError(
    'CpiError',
    `${method.name}: Arguments are not correct, got ${given}: the method ${expected}`,
  );
}
