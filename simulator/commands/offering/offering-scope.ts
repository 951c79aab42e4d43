import { accountSetting } from '../../world/settings/configurations.js';
import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { DomainRow, OfferingScope, ZoneRow } from '../../world/entities.js';
import { userText } from '../../world/identity/offering-access.js';
import type { World } from '../../world/world.js';

/** Which kind of offering a text is about. */
export type OfferingKind = 'service' | 'disk' | 'network';

/** Throws for domains and zones that are removed: their ids still pass as parameters. */
export function assertScopeExists(
  domains: readonly DomainRow[] | undefined,
  zones: readonly ZoneRow[] | undefined,
): void {
  if (domains?.some((domain) => domain.removedMs !== null) === true) {
    throw invalidParameter('Please specify a valid domain id');
  }
  if (zones?.some((zone) => zone.removedMs !== null) === true) {
    throw invalidParameter('Please specify a valid zone id');
  }
}

/** Each domain once, and none below another of them (ConfigurationManagerImpl.filterChildSubDomains). */
export function withoutSubdomains(world: World, domainIds: readonly string[]): readonly string[] {
  return [...new Set(domainIds)].filter(
    (id) => !domainIds.some((other) => other !== id && isInSubtree(world, id, other)),
  );
}

/**
 * Throws 431 unless the caller may make such an offering: root admins any, domain admins those of
 * their own domains, without tags unless a setting lets them.
 */
export function assertMayMakeOffering(
  context: CommandContext,
  kind: OfferingKind,
  { domainIds, tags }: { domainIds: readonly string[]; tags: readonly (string | undefined)[] },
): void {
  const { world, caller } = context;
  const user = userText(caller.user);
  if (caller.role === 'Admin') return;
  if (caller.role !== 'DomainAdmin') {
    throw invalidParameter(
      `Unable to create ${kind} offering by user: ${user} because it is not root-admin or domain-admin`,
    );
  }
  if (domainIds.length === 0) {
    throw invalidParameter(
      `Unable to create public ${kind} offering by admin: ${user} because it is domain-admin`,
    );
  }
  if (!mayTag(context, tags)) {
    throw invalidParameter(
      `User [${user}] is unable to create ${kind} offerings with storage tags${kind === 'service' ? ' or host tags' : ''}.`,
    );
  }
  const foreign = domainIds.find((id) => !isInSubtree(world, id, caller.account.domainId));
  if (foreign === undefined) return;
  throw invalidParameter(
    `Unable to create ${kind} offering by another domain-admin: ${user} for domain: ${foreign}`,
  );
}

/** Whether somebody who is no root admin may set these tags. */
export function mayTag(
  { world, caller }: CommandContext,
  tags: readonly (string | undefined)[],
): boolean {
  return (
    tags.every((tag) => tag === undefined || tag.trim() === '') ||
    accountSetting(world, caller.account, 'allow.domain.admins.to.create.tagged.offerings')
  );
}

/** Throws 431 unless the caller may delete the offering; the texts are the command's. */
export function assertMayDeleteOffering(
  { world, caller }: CommandContext,
  kind: OfferingKind,
  { domainIds }: OfferingScope,
  offering: string,
): void {
  const user = userText(caller.user);
  if (caller.role === 'Admin') return;
  if (caller.role !== 'DomainAdmin') {
    throw invalidParameter(
      `Unable to delete ${kind} offering: ${offering} by user: ${user} because it is not root-admin or domain-admin`,
    );
  }
  if (domainIds.length === 0) {
    throw invalidParameter(
      `Unable to delete public ${kind} offering: ${offering} by admin: ${user} because it is domain-admin`,
    );
  }
  if (domainIds.every((id) => isInSubtree(world, id, caller.account.domainId))) return;
  throw invalidParameter(
    `Unable to delete ${kind} offering: ${offering} as it has linked domain(s) which are not child domain for domain-admin: ${user}`,
  );
}

/** What a change of an offering's scope is asked for: ids with commas between. */
export interface ChangedScope {
  readonly domainid?: string | undefined;
  readonly zoneid?: string | undefined;
}

/** The domains and zones that an offering is to have: those it has unless others are given. */
export function askedScope(
  world: World,
  kind: OfferingKind,
  { domainid, zoneid }: ChangedScope,
  present: Pick<OfferingScope, 'domainIds' | 'zoneIds'>,
): Pick<OfferingScope, 'domainIds' | 'zoneIds'> {
  const wrong = (what: string): Error =>
    invalidParameter(
      `Failed to create ${kind} offering because invalid ${what} has been specified.`,
    );
  return {
    domainIds:
      idsIn(
        domainid,
        'public',
        (id) => isLive(world.domains.get(id)),
        () => wrong('domain'),
      ) ?? present.domainIds,
    zoneIds:
      idsIn(
        zoneid,
        'all',
        (id) => isLive(world.zones.get(id)),
        () => wrong('zone'),
      ) ?? present.zoneIds,
  };
}

function isLive(row: { readonly removedMs: number | null } | undefined): boolean {
  return row !== undefined && row.removedMs === null;
}

/** The ids in a text, none for the word that stands for all; undefined if there is no text. */
function idsIn(
  text: string | undefined,
  everything: string,
  exists: (id: string) => boolean,
  wrong: () => Error,
): readonly string[] | undefined {
  if (text === undefined || text === '') return undefined;
  if (!text.includes(',') && text.trim() === everything) return [];
  const ids = text.split(',').map((id) => id.trim().toLowerCase());
  if (!ids.every(exists)) throw wrong();
  return ids;
}

/** Host or storage tags as they are kept (StringUtils.cleanupTags). */
export function tagsIn(text: string | undefined): readonly string[] {
  if (text === undefined || text.trim() === '') return [];
  return text.split(',').map((tag) => tag.trim());
}

export function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join() === [...b].sort().join();
}
