import { invalidParameter } from '../../world/cloud-exception.js';
import { resourceTypes, type ResourceType } from '../../world/identity/resource-types.js';

/** The type that a number stands for; throws for one that stands for none. */
export function resourceTypeNumbered(number: number): ResourceType {
  const type = resourceTypes[number];
  if (type !== undefined) return type;
  throw invalidParameter('Please specify valid resource type');
}

/** The type of that name, in any case; throws for a name that is none. */
function resourceTypeNamed(name: string): ResourceType {
  const type = resourceTypes.find((known) => known === name.toLowerCase());
  if (type !== undefined) return type;
  throw invalidParameter('Please specify valid resource type');
}

/** The type that a list is asked for, by name or by number; the name wins. */
export function askedResourceType({
  resourcetype,
  resourcetypename,
}: {
  readonly resourcetype?: number | undefined;
  readonly resourcetypename?: string | undefined;
}): ResourceType | undefined {
  if (resourcetypename !== undefined) return resourceTypeNamed(resourcetypename);
  return resourcetype === undefined ? undefined : resourceTypeNumbered(resourcetype);
}
