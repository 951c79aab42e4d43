import type { DomainRow } from '../entities.js';
import type { World } from '../world.js';

/** The domain above all others, which every world has. */
export function rootDomain(world: World): DomainRow {
  const root = world.domains.all().find((domain) => domain.parentId === null);
  if (root === undefined) throw new Error('the world has no ROOT domain');
  return root;
}

/** A domain and those above it, up to ROOT. */
export function domainsUpFrom(world: World, domainId: string): DomainRow[] {
  const domains: DomainRow[] = [];
  for (let id: string | null = domainId; id !== null; id = world.domains.require(id).parentId) {
    domains.push(world.domains.require(id));
  }
  return domains;
}

/** Whether a domain is the other one or below it. */
export function isInSubtree(world: World, domainId: string, topId: string): boolean {
  return domainsUpFrom(world, domainId).some((domain) => domain.id === topId);
}

/** A domain and all below it. */
export function domainsDownFrom(world: World, topId: string): DomainRow[] {
  return world.domains.all().filter((domain) => isInSubtree(world, domain.id, topId));
}

/** 0 for ROOT, 1 for its children, and so on. */
export function levelOf(domain: DomainRow): number {
  return domain.path.split('/').length - 1;
}
