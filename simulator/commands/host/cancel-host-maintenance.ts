import { asyncCommand, done, objectOf, rootOnlyRole } from '../../declare/command.js';
import { entity } from '../../declare/parameter.js';
import { cloudRuntime } from '../../world/cloud-exception.js';
import { cancelMaintenance } from '../../world/compute/host-maintenance.js';
import { hostText } from '../../world/compute/hosts.js';
import { hostResponse, wholeHost } from './host-response.js';

/** ResourceManagerImpl.cancelMaintenance. */
export const cancelHostMaintenance = asyncCommand({
  name: 'cancelHostMaintenance',
  summary: 'Makes a host usable again that is in maintenance, or is being emptied for it.',
  roles: rootOnlyRole,
  javaClass: { user: 'admin.host.CancelHostMaintenanceCmd' },
  parameters: { id: entity('host', { required: true }) },
  response: objectOf(hostResponse),
  subject: ({ id }) => ({ type: 'Host', id: id.id }),
  steps: [
    ({ world }, { id: host }) => {
      if (host.state === 'Enabled' || host.state === 'Disabled') {
        throw cloudRuntime(
          `Cannot perform cancelMaintenance when resource state is ${host.state}, host: ` +
            hostText(host),
        );
      }
      cancelMaintenance(world, host);
      return done(wholeHost(host));
    },
  ],
});
