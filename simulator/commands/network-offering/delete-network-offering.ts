import { rootOnlyRole, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { networkOfferingText } from '../../world/identity/offering-access.js';

/** ConfigurationManagerImpl.deleteNetworkOffering. */
export const deleteNetworkOffering = syncCommand({
  name: 'deleteNetworkOffering',
  summary: 'Deletes a network offering that no network has.',
  roles: rootOnlyRole,
  parameters: { id: entity('networkoffering', { required: true }) },
  response: success,
  run: ({ world }, { id: offering }) => {
    if (offering.removedMs !== null) {
      throw invalidParameter(`unable to find network offering ${offering.internalId}`);
    }
    if (offering.isDefault) {
      throw invalidParameter("Default network offering can't be deleted");
    }
    const count = world.networks
      .all()
      .filter((network) => network.networkOfferingId === offering.id).length;
    if (count > 0) {
      throw invalidParameter(
        `Can't delete network offering ${networkOfferingText(offering)} as its used by ${count} ` +
          'networks. To make the network offering unavailable, disable it',
      );
    }
    world.networkOfferings.remove(offering);
    return undefined;
  },
});
