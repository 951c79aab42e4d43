import { assertOwner } from '../cloudstack/assert-owner.js';
import type { CloudStackClient } from '../cloudstack/client.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import { findZone } from '../cloudstack/find-catalog.js';
import { defineMethod } from './call/method.js';

export const ping = defineMethod({
  name: 'ping',
  summary:
    'Answers `pong` if CloudStack can be reached, knows the account of this CPI, has the zone of ' +
    '`cloudstack.default_zone`, and lets the account work in `cloudstack.project_id`, or for ' +
    '`cloudstack.account`, where one of them is set. Whether the rest is as the CPI needs it, ' +
    '`cloudstack-cpi check` tells.',
  arguments: [],
  run: async ({ client, configuration }) => {
    const { default_zone: zone, project_id: project, account } = configuration.cloudstack;
    await findZone(client, zone);
    if (project !== undefined || account !== undefined) await assertWelcome(client);
    return 'pong';
  },
});

/** What the role of the account may call is another question. */
async function assertWelcome(client: CloudStackClient): Promise<void> {
  try {
    await assertOwner(client);
  } catch (failure) {
    if (!isCloudStackError(failure, 'forbidden-api')) throw failure;
  }
}
