import { assertMayUseDomain } from '../../declare/access.js';
import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { domainsDownFrom } from '../../world/identity/domains.js';
import type { DomainRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { assertNetworkDomain } from '../network/network-domain-rules.js';
import { domainResponse } from './domain-response.js';
import { isNameTaken } from './domain-rules.js';

/** A new name is part of the paths of all domains below (DomainManagerImpl.updateDomain). */
export const updateDomain = syncCommand({
  name: 'updateDomain',
  summary: 'Renames a domain, or changes the DNS suffix of its networks.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('domain', { required: true }),
    name: text(),
    networkdomain: text(),
  },
  response: objectOf(domainResponse),
  run: (context, { id: domain, name, networkdomain }) => {
    const { world } = context;
    assertMayRename(domain, name);
    assertMayUseDomain(context, domain.id);
    if (name !== undefined && isNameTaken(world, name, domain.parentId, domain)) {
      throw invalidParameter(
        `Failed to update specified domain id with name '${name}' since it already exists in the system`,
        [{ uuid: domain.id, description: 'domainId' }],
      );
    }
    if (networkdomain !== undefined && networkdomain !== '') assertNetworkDomain(networkdomain);
    if (name !== undefined) rename(world, domain, name);
    if (networkdomain !== undefined) {
      world.domains.change(domain, { networkDomain: networkdomain === '' ? null : networkdomain });
    }
    return domain;
  },
});

function assertMayRename(domain: DomainRow, name: string | undefined): void {
  if (domain.removedMs !== null) {
    throw invalidParameter('Unable to find domain with specified domain id', [
      { uuid: String(domain.internalId), description: 'domainId' },
    ]);
  }
  if (domain.parentId === null && name !== undefined) {
    throw invalidParameter('ROOT domain can not be edited with a new name');
  }
}

function rename(world: World, domain: DomainRow, name: string): void {
  const oldPath = domain.path;
  const newPath = `${oldPath.slice(0, oldPath.lastIndexOf('/'))}/${name}`;
  for (const below of domainsDownFrom(world, domain.id)) {
    world.domains.change(below, { path: `${newPath}${below.path.slice(oldPath.length)}` });
  }
  world.domains.change(domain, { name });
}
