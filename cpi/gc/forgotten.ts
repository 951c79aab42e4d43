import { marks, tagsByKey } from '../cloudstack/tags.js';
import type { Tag } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';

/** What a call that was killed can leave behind. */
export type ForgottenKind =
  | 'VM'
  | 'volume'
  | 'snapshot'
  | 'template'
  | 'network'
  | 'public address'
  | 'note'
  | 'load balancer rule'
  | 'affinity group'
  | 'registry entry';

/** Something that a CPI made, and that no Director can know of or need any more. */
export interface Forgotten {
  readonly kind: ForgottenKind;
  readonly id: string;
  readonly name: string;
  /** Whose it is; undefined if the call was killed before it could say so. */
  readonly directorUuid: string | undefined;
  /** When it was made, by the cloud's clock; undefined where CloudStack does not tell. */
  readonly createdMs: number | undefined;
  /** What is younger is none, however young things may be that are asked for; in ms. */
  readonly leastAgeMs?: number;
  /** Whether CloudStack is at work on it, and comes to an end by itself. */
  readonly isUnderWay?: boolean;
  /** How one can see that it is forgotten, for people. */
  readonly why: string;
  /** One that is gone already is a success. @throws CloudStackError, BoshError. */
  readonly remove: () => Promise<void>;
}

/** Looks for one kind of them in the account, whatever their age. @throws CloudStackError. */
export type Finder = (call: Call) => Promise<Forgotten[]>;

/** Whose mark something carries. */
export function directorOf(tags: readonly Tag[] | undefined): string | undefined {
  return tagsByKey(tags)[marks.director];
}

/** Whether this is a name that the CPI gives: a word and a new id. */
export function isNamedByUs(name: string, word: string): boolean {
  return name.startsWith(`${word}-`) && newIdPattern.test(name.slice(word.length + 1));
}

/** New ids are UUIDs in lower case. */
const newIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
