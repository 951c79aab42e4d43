import { everyAdmin, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { serviceOfferingText } from '../../world/identity/offering-access.js';
import { assertMayDeleteOffering } from '../offering/offering-scope.js';

/** The offering is inactive from now on; VMs keep it (ConfigurationManagerImpl.deleteServiceOffering). */
export const deleteServiceOffering = syncCommand({
  name: 'deleteServiceOffering',
  summary: 'Deletes a compute offering.',
  roles: everyAdmin,
  parameters: { id: entity('serviceoffering', { required: true }) },
  response: success,
  run: (context, { id: offering }) => {
    assertMayDeleteOffering(context, 'service', offering, serviceOfferingText(offering));
    context.world.serviceOfferings.change(offering, { active: false });
    return undefined;
  },
});
