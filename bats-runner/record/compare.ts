import type { Recording } from './recording.js';
import { shapesOf, type Outcome, type Seen, type Shape, type Shapes } from './shapes.js';

/** Something that one recording has and the other has not, or has in another way. */
export interface Difference {
  readonly command: string;
  /** Undefined where the whole command is asked in one recording only. */
  readonly outcome: Outcome | undefined;
  readonly what: string;
  /** In which cases, by name and API version. */
  readonly cases: readonly string[];
  /** It may be a matter of when the CPI looked, not of what the cloud is. */
  readonly mayBeTiming: boolean;
}

export interface Comparison {
  /** The transcripts that both have; nothing else is compared. */
  readonly compared: readonly string[];
  readonly onlyInFirst: readonly string[];
  readonly onlyInSecond: readonly string[];
  readonly commands: number;
  readonly differences: readonly Difference[];
}

/**
 * Compares two recordings shape by shape: for each command and each way in which it ended, the fields
 * of the answers, their types, the states, and the errors. Values are not compared, nor how often or
 * in which order the CPI asked.
 */
export function compareRecordings(first: Recording, second: Recording): Comparison {
  const names = [...first.transcripts.keys()];
  const compared = names.filter((name) => second.transcripts.has(name));
  const [a, b] = [shapesOf(first, compared), shapesOf(second, compared)];
  const commands = [...new Set([...a.keys(), ...b.keys()])].sort();
  return {
    compared,
    onlyInFirst: names.filter((name) => !second.transcripts.has(name)),
    onlyInSecond: [...second.transcripts.keys()].filter((name) => !first.transcripts.has(name)),
    commands: commands.length,
    differences: commands.flatMap((command) => differencesOf(command, a, b)),
  };
}

function differencesOf(command: string, a: Shapes, b: Shapes): Difference[] {
  const [first, second] = [a.get(command), b.get(command)];
  if (first === undefined || second === undefined) {
    const cases = [...(first ?? second ?? new Map<Outcome, Shape>()).values()].flatMap((shape) => [
      ...shape.cases,
    ]);
    const what = `asked in ${sideOf(first !== undefined)} only`;
    return [difference({ command, outcome: undefined }, what, new Set(cases))];
  }
  return [...new Set([...first.keys(), ...second.keys()])].flatMap((outcome) => {
    const at = { command, outcome };
    const [one, other] = [first.get(outcome), second.get(outcome)];
    if (one === undefined || other === undefined) return onlyOnce(at, one, other);
    return [
      ...fieldDifferences(at, one, other),
      ...stateDifferences(at, one, other),
      ...valueDifferences(one.errors, other.errors).map(({ value, side, cases }) =>
        difference(at, `in ${side} only: ${value}`, cases),
      ),
    ];
  });
}

interface At {
  readonly command: string;
  readonly outcome: Outcome | undefined;
}

function onlyOnce(at: At, one: Shape | undefined, other: Shape | undefined): Difference[] {
  const shape = one ?? other;
  // Whether a job is looked at before its end is a matter of time.
  if (shape === undefined || at.outcome === 'job pending') return [];
  const side = sideOf(one !== undefined);
  if (shape.errors.size === 0) return [difference(at, `in ${side} only`, shape.cases)];
  return [...shape.errors].map(([error, cases]) =>
    difference(at, `in ${side} only: ${error}`, cases),
  );
}

function fieldDifferences(at: At, one: Shape, other: Shape): Difference[] {
  const paths = [...new Set([...one.fields.keys(), ...other.fields.keys()])];
  return paths.flatMap((path) => {
    const [first, second] = [one.fields.get(path), other.fields.get(path)];
    if (first !== undefined && second !== undefined) {
      return typeDifferences(at, path, first, second);
    }
    // Where rows are missing altogether, the fields of rows are not worth a word each.
    const parent = path.replace(/(\[\]|\.[^.[]+|^[^.[]+)$/, '');
    if (parent !== '' && !(one.fields.has(parent) && other.fields.has(parent))) return [];
    const what = path.endsWith('[]') ? `${parent} has entries` : path;
    const side = sideOf(first !== undefined);
    return [difference(at, `${what} in ${side} only`, allCases(first ?? second))];
  });
}

function typeDifferences(at: At, path: string, first: Seen, second: Seen): Difference[] {
  const kinds = [first, second].map((seen) => [...new Set([...seen.keys()].map(jsonKind))].sort());
  const isSame = kinds[0]?.join() === kinds[1]?.join();
  // A text may be an id or an address now and then, as names are.
  const isShared = [...first.keys()].some((type) => second.has(type));
  if (isSame && isShared) return [];
  const told = [first, second].map((seen) => [...seen.keys()].sort().join(' or '));
  return [
    difference(
      at,
      `${path} is ${told[0] ?? ''} in A, ${told[1] ?? ''} in B`,
      new Set([...allCases(first), ...allCases(second)]),
    ),
  ];
}

/** What the type is in JSON. */
function jsonKind(type: string): string {
  return ['id', 'date', 'address', 'mac', 'secret'].includes(type) ? 'text' : type;
}

function stateDifferences(at: At, one: Shape, other: Shape): Difference[] {
  return [...one.states].flatMap(([path, first]) => {
    const second = other.states.get(path);
    if (second === undefined) return [];
    return valueDifferences(first, second).map(({ value, side, cases }) => ({
      ...difference(at, `${path} is ${value} in ${side} only`, cases),
      mayBeTiming: at.outcome !== 'job done' && isTransient(value),
    }));
  });
}

/** States on the way to another: whether anybody sees them depends on when they look. */
function isTransient(state: string): boolean {
  return state !== 'Running' && /(ing|progress)$|%|^(Allocated|NotUploaded)$/i.test(state);
}

function valueDifferences(
  first: Seen,
  second: Seen,
): { value: string; side: string; cases: ReadonlySet<string> }[] {
  const only = (seen: Seen, other: Seen, side: string) =>
    [...seen]
      .filter(([value]) => !other.has(value))
      .map(([value, cases]) => ({ value, side, cases }));
  return [...only(first, second, 'A'), ...only(second, first, 'B')];
}

function difference(at: At, what: string, cases: ReadonlySet<string>): Difference {
  return { ...at, what, cases: [...cases].sort(), mayBeTiming: false };
}

function allCases(seen: Seen | undefined): Set<string> {
  return new Set([...(seen?.values() ?? [])].flatMap((cases) => [...cases]));
}

function sideOf(isFirst: boolean): 'A' | 'B' {
  return isFirst ? 'A' : 'B';
}
