import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { sameName } from '../../declare/list-parameters.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import { changedScopeParameters } from '../offering/offering-parameters.js';
import { askedScope, withoutSubdomains } from '../offering/offering-scope.js';
import { networkOfferingResponse } from './network-offering-response.js';
import { assertMayBeRequired, availabilityNamed, tagsNamed } from './network-offering-rules.js';

/** ConfigurationManagerImpl.updateNetworkOffering; Java fails where nobody says which offering. */
export const updateNetworkOffering = syncCommand({
  name: 'updateNetworkOffering',
  summary: 'Changes a network offering.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('networkoffering'),
    name: text(),
    displaytext: text(),
    availability: text(),
    sortkey: integer(),
    state: text(),
    tags: text({ maxLength: 4_096 }),
    maxconnections: integer(),
    ...changedScopeParameters,
  },
  response: objectOf(networkOfferingResponse),
  run: (
    { world },
    { id: offering, name, displaytext, sortkey, state, tags, maxconnections, ...args },
  ) => {
    if (offering === undefined) throw cloudRuntime('Unable to find network offering null');
    const { domainIds, zoneIds } = askedScope(world, 'network', args, offering);
    if (offering.removedMs !== null) {
      throw invalidParameter(`unable to find network offering ${offering.internalId}`);
    }
    const enabled = state === undefined ? offering.enabled : isEnabledState(state);
    const availability =
      args.availability === undefined ? undefined : availabilityNamed(args.availability);
    if (availability === 'Required') {
      assertMayBeRequired(world, offering.guestIpType, offering.services, offering);
    }
    world.networkOfferings.change(offering, {
      name: name ?? offering.name,
      displayText: displaytext ?? offering.displayText,
      sortKey: sortkey ?? offering.sortKey,
      availability: availability ?? offering.availability,
      enabled,
      ...(tags !== undefined && { tags: tagsNamed(tags) }),
      ...(maxconnections !== undefined && { maxConnections: maxconnections }),
      domainIds: withoutSubdomains(world, domainIds),
      zoneIds,
    });
    return offering;
  },
});

function isEnabledState(state: string): boolean {
  if (sameName(state, 'Enabled')) return true;
  if (sameName(state, 'Disabled')) return false;
  throw invalidParameter(`Incorrect state value: ${state}`);
}
