import { sameName } from '../../declare/list-parameters.js';
import { invalidParameter } from '../../world/cloud-exception.js';

/** Whether the state that a change asks for is the active one; undefined if it asks for none. */
export function stateNamed(name: string | undefined): boolean | undefined {
  if (name === undefined || name.trim() === '') return undefined;
  if (sameName(name, 'Active')) return true;
  if (sameName(name, 'Inactive')) return false;
  throw invalidParameter(`Invalid state value: ${name}`);
}

/** What a list by state shows: active offerings unless it asks for others, or for `all`. */
export function isListed(name: string | undefined): (offering: { active: boolean }) => boolean {
  if (name !== undefined && sameName(name, 'all')) return () => true;
  const active = stateNamed(name) ?? true;
  return (offering) => offering.active === active;
}
