import { everyAdmin, success, syncCommand } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { diskOfferingText } from '../../world/identity/offering-access.js';
import { assertMayDeleteOffering } from '../offering/offering-scope.js';

/** The offering is inactive from now on; volumes keep it (ConfigurationManagerImpl.deleteDiskOffering). */
export const deleteDiskOffering = syncCommand({
  name: 'deleteDiskOffering',
  summary: 'Deletes a disk offering.',
  roles: everyAdmin,
  parameters: { id: entity('diskoffering', { required: true }) },
  response: success,
  run: (context, { id: offering }) => {
    assertMayDeleteOffering(context, 'disk', offering, diskOfferingText(offering));
    context.world.diskOfferings.change(offering, { active: false });
    return undefined;
  },
});
