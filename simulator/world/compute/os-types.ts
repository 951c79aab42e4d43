import { describedRow } from '../description/described-row.js';
import type { World } from '../world.js';

/** The families that CloudStack brings, with how the names of theirs begin (templates.sql). */
const categories: Readonly<Record<string, string>> = {
  CentOS: 'CentOS',
  Debian: 'Debian',
  Oracle: 'Oracle',
  RedHat: 'Red Hat',
  SUSE: 'SUSE',
  Windows: 'Windows',
  Other: 'Other',
  Novel: 'Novell',
  Unix: 'FreeBSD',
  Ubuntu: 'Ubuntu',
  None: 'None',
};

/** Enters CloudStack's families of operating systems, and the systems that a description names. */
export function buildOsTypes(world: World, descriptions: readonly string[]): void {
  for (const name of Object.keys(categories)) world.osCategories.insert({ name });
  for (const description of withNone(descriptions)) {
    const category = categoryOf(description);
    const { id } = describedRow(
      'OS category',
      world.osCategories.all(),
      ({ name }) => name === category,
    );
    world.osTypes.insert({ description, categoryId: id });
  }
}

/** What ISOs without an operating system are said to have is always there. */
function withNone(descriptions: readonly string[]): readonly string[] {
  return descriptions.includes('None') ? descriptions : [...descriptions, 'None'];
}

/** What begins like no family is of the others. */
function categoryOf(description: string): string {
  const found = Object.entries(categories).find(([, beginning]) =>
    description.toLowerCase().startsWith(beginning.toLowerCase()),
  );
  return found?.[0] ?? 'Other';
}
