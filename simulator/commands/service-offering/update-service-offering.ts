import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { entity, integer, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { HostRow, ServiceOfferingRow } from '../../world/entities.js';
import { domainText, serviceOfferingText, userText } from '../../world/identity/offering-access.js';
import type { World } from '../../world/world.js';
import { assertPoolsHaveTags } from '../offering/changed-tags.js';
import { stateNamed } from '../offering/offering-state.js';
import { changedScopeParameters } from '../offering/offering-parameters.js';
import { askedScope, tagsIn } from '../offering/offering-scope.js';
import { changedScope, type ChangeTexts } from '../offering/scope-change.js';
import { serviceOfferingResponse } from './service-offering-response.js';

/** ConfigurationManagerImpl.updateServiceOffering. */
export const updateServiceOffering = syncCommand({
  name: 'updateServiceOffering',
  summary: 'Changes a compute offering.',
  roles: everyAdmin,
  parameters: {
    id: entity('serviceoffering', { required: true }),
    displaytext: text(),
    name: text(),
    sortkey: integer(),
    ...changedScopeParameters,
    storagetags: text({ since: '4.16' }),
    hosttags: text({ since: '4.16' }),
    state: text(),
  },
  response: objectOf(serviceOfferingResponse),
  run: (context, { id: offering, displaytext, name, sortkey, storagetags, hosttags, ...args }) => {
    const { world } = context;
    const asked = askedScope(world, 'service', args, offering);
    const active = stateNamed(args.state);
    const scope = changedScope(
      context,
      offering,
      {
        asked,
        tags: [hosttags, storagetags],
        changesLooks: name !== undefined || displaytext !== undefined || sortkey !== undefined,
      },
      textsFor(serviceOfferingText(offering), userText(context.caller.user)),
    );
    if (storagetags !== undefined) {
      const volumes = world.volumes.all().filter((row) => row.serviceOfferingId === offering.id);
      assertPoolsHaveTags(world, offering, volumes, tagsIn(storagetags));
    }
    if (hosttags !== undefined) assertHostsHaveTags(world, offering, tagsIn(hosttags));
    world.serviceOfferings.change(offering, {
      name: name ?? offering.name,
      displayText: displaytext ?? offering.displayText,
      sortKey: sortkey ?? offering.sortKey,
      storageTags: storagetags === undefined ? offering.storageTags : tagsIn(storagetags),
      hostTags: hosttags === undefined ? offering.hostTags : tagsIn(hosttags),
      active: active ?? offering.active,
      ...scope,
    });
    return offering;
  },
});

function textsFor(offering: string, user: string): ChangeTexts {
  return {
    notAdmin: `Unable to update service offering: ${offering} by id user: ${user} because it is not root-admin or domain-admin`,
    zones: `Unable to update zone(s) for service offering: ${offering} by admin: ${user} as it is domain-admin`,
    isPublic: `Unable to update public service offering: ${offering} by user: ${user} because it is domain-admin`,
    toPublic: `Unable to update service offering: ${offering} to a public offering by user: ${user} because it is domain-admin`,
    tags: `User [${user}] is unable to update storage tags or host tags.`,
    linked: `Unable to update service offering: ${offering} as it has linked domain(s) which are not child domain for domain-admin: ${user}`,
    foreign: (domain) =>
      `Unable to update service offering: ${offering} by domain-admin: ${user} with domain: ${domainText(domain)} which is not a child domain`,
  };
}

/** Throws where VMs with the offering are on hosts that lack one of the tags. */
function assertHostsHaveTags(
  world: World,
  offering: ServiceOfferingRow,
  tags: readonly string[],
): void {
  const hostIds = world.vms
    .all()
    .filter((vm) => vm.serviceOfferingId === offering.id && vm.hostId !== null)
    .map((vm) => vm.hostId as string);
  const hosts = [...new Set(hostIds)].map((id) => world.hosts.require(id));
  if (hosts.every((host) => tags.every((tag) => host.tags.includes(tag)))) return;
  throw invalidParameter(
    `There are active VMs using offering [${serviceOfferingText(offering)}], and the hosts ` +
      `[[${hosts.map(hostText).join(', ')}]] don't have the new tags`,
  );
}

/** A host as CloudStack's texts show it (HostVO.toString). */
function hostText({ id, internalId, name }: HostRow): string {
  return `Host ${JSON.stringify({ id: internalId, name, type: 'Routing', uuid: id })}`;
}
