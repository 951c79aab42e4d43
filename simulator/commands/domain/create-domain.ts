import { objectOf, syncCommand } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { assertNetworkDomain } from '../network/network-domain-rules.js';
import { domainResponse } from './domain-response.js';
import { assertUsableParent, isNameTaken } from './domain-rules.js';
import { rootDomain } from '../../world/identity/domains.js';

/** DomainManagerImpl.createDomain. */
export const createDomain = syncCommand({
  name: 'createDomain',
  summary: 'Creates a domain below another one, ROOT unless told otherwise.',
  roles: ['Admin', 'DomainAdmin'],
  grantedByType: true,
  parameters: {
    name: text({ required: true }),
    parentdomainid: entity('domain'),
    networkdomain: text(),
  },
  response: objectOf(domainResponse),
  run: (context, { name, parentdomainid, networkdomain }) => {
    const { world } = context;
    const parent = parentdomainid ?? rootDomain(world);
    assertUsableParent(context, name, parent);
    if (networkdomain !== undefined) assertNetworkDomain(networkdomain);
    if (isNameTaken(world, name, parent.id)) {
      throw invalidParameter(
        `Domain with name [${name}] already exists for the parent with ID [${parent.internalId}].`,
      );
    }
    return world.domains.insert({
      name,
      path: `${parent.path}/${name}`,
      parentId: parent.id,
      state: 'Active',
      networkDomain: networkdomain ?? null,
    });
  },
});
