import type { VirtualMachine } from '../cloudstack/types.js';
import { isJsonObject, type JsonObject } from '../protocol/json-value.js';

/** Whose an entry of the registry is. */
export interface EntryOwner {
  readonly director: string;
  /** The account or project in which its VM is. */
  readonly account: string;
}

/** Agents pass over what they do not know. */
const key = 'cloudstack_cpi';

/** Settings that tell whose they are: the registry may be that of many, and does not. */
export function withOwner(settings: JsonObject, owner: EntryOwner): JsonObject {
  return { ...settings, [key]: { ...owner } };
}

/** Undefined where nobody has said so. */
export function ownerIn(settings: JsonObject | undefined): EntryOwner | undefined {
  const owner = settings?.[key];
  if (!isJsonObject(owner)) return undefined;
  const { director, account } = owner;
  if (typeof director !== 'string' || typeof account !== 'string') return undefined;
  return { director, account };
}

/** A text for the account or project of a VM, which no other has in any cloud. */
export function accountOf({ projectid, domainid, account }: VirtualMachine): string {
  return projectid ?? `${domainid ?? ''}/${account ?? ''}`;
}
