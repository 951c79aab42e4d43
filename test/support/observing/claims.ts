// What tests have shown about the API, kept in test/vectors/api/shown.json: each parameter whose
// value changes an outcome, each response field with a value, each error text and each change of
// state that came about through the API, with the test file that shows it. `npm run coverage:api`
// renews the file; the reporter beside this checks it in every run.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `deployVirtualMachine.zoneid`, `UserVmResponse.name`, the id of a text, `volume Ready …`. */
export type Shown = Readonly<Record<Kind, Readonly<Record<string, string>>>>;

export const kinds = ['parameters', 'fields', 'errors', 'transitions'] as const;

export type Kind = (typeof kinds)[number];

/** One thing that a test showed. */
export interface Observation {
  readonly kind: Kind;
  readonly key: string;
}

/** The type of the annotation by which a test tells the reporter what it showed. */
export const ANNOTATION = 'shows';

/** Set by `npm run coverage:api`: look for everything instead of for what is claimed. */
export const isRecording = process.env['COVERAGE_API'] === 'record';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const path = `${root}test/vectors/api/shown.json`;

export function readShown(): Shown {
  return JSON.parse(readFileSync(path, 'utf8')) as Shown;
}

export function writeShown(shown: Shown): void {
  writeFileSync(path, `${JSON.stringify(shown, null, 2)}\n`);
}

/** A test file as `shown.json` names it: from the top of the repository. */
export function fileName(absolutePath: string): string {
  return absolutePath.startsWith(root) ? absolutePath.slice(root.length) : absolutePath;
}
