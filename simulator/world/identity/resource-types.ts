/**
 * What accounts, projects and domains can have only so much of (com.cloud.configuration.Resource).
 * Memory is counted in MiB, storage in bytes. Buckets, backups and object storage are not simulated.
 */
export const resourceTypes = [
  'user_vm',
  'public_ip',
  'volume',
  'snapshot',
  'template',
  'project',
  'network',
  'vpc',
  'cpu',
  'memory',
  'primary_storage',
  'secondary_storage',
] as const;

/** The number by which the API knows a type is its place in `resourceTypes`. */
export type ResourceType = (typeof resourceTypes)[number];

/** How much of some types something has or needs. */
export type ResourceAmounts = Readonly<Partial<Record<ResourceType, number>>>;

/** Types whose limits the API takes in GiB and counts in bytes. */
export function isStorageType(type: ResourceType): boolean {
  return type === 'primary_storage' || type === 'secondary_storage';
}
