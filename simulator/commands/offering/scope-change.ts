import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { isInSubtree } from '../../world/identity/domains.js';
import type { DomainRow, OfferingScope } from '../../world/entities.js';
import { mayTag, sameIds, withoutSubdomains } from './offering-scope.js';

/** How a command tells why a domain admin, or nobody but an admin, may change an offering. */
export interface ChangeTexts {
  readonly notAdmin: string;
  readonly zones: string;
  readonly isPublic: string;
  readonly toPublic: string;
  readonly tags: string;
  readonly linked: string;
  readonly foreign: (domain: DomainRow) => string;
}

/** What is to become of an offering, besides its scope. */
export interface WantedChange {
  readonly asked: Pick<OfferingScope, 'domainIds' | 'zoneIds'>;
  readonly tags: readonly (string | undefined)[];
  /** Whether its name, its text or its place in lists changes. */
  readonly changesLooks: boolean;
}

/**
 * The scope that an offering will have. A domain admin changes offerings of its own domains; those
 * of other domains stay with the offering (ConfigurationManagerImpl.updateServiceOffering and
 * updateDiskOffering).
 *
 * @throws 431 for what the caller may not change.
 */
export function changedScope(
  context: CommandContext,
  present: OfferingScope,
  { asked, tags, changesLooks }: WantedChange,
  texts: ChangeTexts,
): Pick<OfferingScope, 'domainIds' | 'zoneIds'> {
  const { world, caller } = context;
  const domainIds = withoutSubdomains(world, asked.domainIds);
  const { zoneIds } = asked;
  if (caller.role === 'Admin') return { domainIds, zoneIds };
  if (caller.role !== 'DomainAdmin') throw invalidParameter(texts.notAdmin);
  if (!sameIds(zoneIds, present.zoneIds)) throw invalidParameter(texts.zones);
  if (present.domainIds.length === 0) throw invalidParameter(texts.isPublic);
  if (domainIds.length === 0) throw invalidParameter(texts.toPublic);
  if (!mayTag(context, tags)) throw invalidParameter(texts.tags);
  const isOwn = (id: string): boolean => isInSubtree(world, id, caller.account.domainId);
  const others = present.domainIds.filter((id) => !isOwn(id));
  if (others.length > 0 && changesLooks) throw invalidParameter(texts.linked);
  const foreign = domainIds.find((id) => !isOwn(id));
  if (foreign !== undefined) throw invalidParameter(texts.foreign(world.domains.require(foreign)));
  return { domainIds: [...domainIds, ...others], zoneIds };
}
