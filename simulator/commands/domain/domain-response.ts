import { limitFields } from '../../declare/limit-fields.js';
import {
  booleanField,
  dateField,
  integerField,
  responseObject,
  stringField,
  type ResponseObject,
} from '../../declare/response.js';
import { levelOf } from '../../world/identity/domains.js';
import type { DomainRow } from '../../world/entities.js';
import { countOfDomain } from '../../world/identity/resource-counts.js';
import { limitOfDomain } from '../../world/identity/resource-limits.js';
import type { World } from '../../world/world.js';

/** DomainResponse without what belongs to the level `resource` of details. */
const minimalFields: ResponseObject<DomainRow>['fields'] = {
  id: stringField((domain) => domain.id),
  name: stringField((domain) => domain.name),
  level: integerField(levelOf),
  parentdomainid: stringField((domain) => domain.parentId),
  parentdomainname: stringField(({ parentId }, { world }) =>
    parentId === null ? null : world.domains.require(parentId).name,
  ),
  haschild: booleanField((domain, { world }) => childrenOf(world, domain).length > 0),
  networkdomain: stringField((domain) => domain.networkDomain),
  path: stringField((domain) => domain.path),
  state: stringField((domain) => domain.state),
  created: dateField((domain) => domain.createdMs),
};

export const minimalDomainResponse = responseObject<DomainRow>('domain', minimalFields);

/** DomainResponse (DomainJoinDaoImpl.newDomainResponse). */
export const domainResponse = responseObject<DomainRow>('domain', {
  ...minimalFields,
  ...limitFields<DomainRow>({ limit: limitOfDomain, count: countOfDomain }),
});

/** The domains right below one. */
export function childrenOf(world: World, { id }: DomainRow): DomainRow[] {
  return world.domains.all().filter((domain) => domain.parentId === id);
}
