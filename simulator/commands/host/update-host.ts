import { objectOf, rootOnlyRole, syncCommand } from '../../declare/command.js';
import { entity, text, textList } from '../../declare/parameter.js';
import { serverApiError } from '../../world/cloud-exception.js';
import { hostText } from '../../world/compute/hosts.js';
import type { HostRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { hostResponse, wholeHost } from './host-response.js';

/** ResourceManagerImpl.updateHost; whatever goes wrong is told in one way (UpdateHostCmd). */
export const updateHost = syncCommand({
  name: 'updateHost',
  summary: 'Renames a host, gives it tags, or says whether VMs may start there.',
  roles: rootOnlyRole,
  parameters: {
    id: entity('host', { required: true }),
    name: text({ since: '4.15' }),
    allocationstate: text(),
    hosttags: textList(),
  },
  response: objectOf(hostResponse),
  run: ({ world }, { id: host, name, allocationstate, hosttags }) => {
    if (!isBlank(allocationstate)) allocate(world, host, allocationstate);
    if (!isBlank(name)) world.hosts.change(host, { name });
    if (hosttags !== undefined) world.hosts.change(host, { tags: [...new Set(hosttags)] });
    return wholeHost(host);
  },
});

function allocate(world: World, host: HostRow, event: string): void {
  if (event !== 'Enable' && event !== 'Disable') {
    throw failure(host, `Invalid allocation state: ${event}, only Enable/Disable are allowed`);
  }
  if (host.state === (event === 'Enable' ? 'Enabled' : 'Disabled')) return;
  if (!world.hosts.allows(host, event)) {
    throw failure(
      host,
      `No next resource state found for current state = ${host.state} event = ${event}`,
    );
  }
  world.hosts.move(host, event);
}

function failure(host: HostRow, reason: string): Error {
  const { internalId } = host;
  return serverApiError(
    530,
    `Failed to update host: ${hostText(host)} with id ${String(internalId)}, ${reason}`,
  );
}

function isBlank(value: string | undefined): value is undefined {
  return value === undefined || value.trim() === '';
}
