import { cloudRuntime, illegalArgument, serverApiError } from '../../world/cloud-exception.js';
import { hostText } from '../../world/compute/hosts.js';
import type { Hypervisor, ZoneRow } from '../../world/entities.js';
import { parseChecksum } from '../../world/storage/template-checksum.js';
import type { World } from '../../world/world.js';

// Images that hosts fetch by themselves, past secondary storage. Here they fetch none: what CloudStack
// looks at before is looked at, and then no host reaches the URL.

/** Throws unless the hosts of a hypervisor fetch images (RegisterTemplateCmd.validateParameters). */
export function assertMayBeFetched(hypervisor: string): void {
  if (hypervisor.toUpperCase() === 'KVM') return;
  throw serverApiError(431, 'Parameter directdownload is only allowed for KVM or Custom templates');
}

/**
 * Refuses an image, as CloudStack does where no host can fetch it
 * (HypervisorTemplateAdapter.performDirectDownloadUrlValidation).
 *
 * @throws 431 for a checksum that is none; 530 for the URL
 */
export function refuseDirectDownload(
  world: World,
  { url, checksum }: { readonly url: string; readonly checksum?: string | undefined },
  zones: readonly ZoneRow[] | 'every',
): never {
  if (checksum !== undefined && checksum !== '') assertChecksum(checksum);
  const hypervisor: Hypervisor = 'KVM';
  const host = world.hosts
    .all()
    .filter(({ up, state }) => up && state === 'Enabled')
    .filter(({ zoneId }) => zones === 'every' || zones.some(({ id }) => id === zoneId))
    .find(({ clusterId }) => world.clusters.require(clusterId).hypervisor === hypervisor);
  throw host === undefined
    ? cloudRuntime(`Couldn't find a host to validate URL ${url}`)
    : cloudRuntime(`URL: ${url} validation failed on host ${hostText(host)}`);
}

/** Hexadecimal digits, by the name of the algorithm. */
const digestLengths: Readonly<Record<string, number>> = {
  MD5: 32,
  'SHA-1': 40,
  'SHA-224': 56,
  'SHA-256': 64,
  'SHA-384': 96,
  'SHA-512': 128,
};

/** DigestHelper.validateChecksumString. */
function assertChecksum(checksum: string): void {
  const { algorithm, digest } = parseChecksum(checksum);
  const length = digestLengths[algorithm];
  if (length === undefined) {
    throw illegalArgument(
      `Algorithm ${algorithm} was provided but it is not one of the supported algorithms`,
    );
  }
  if (digest.length === length) return;
  throw illegalArgument(`Checksum digest length should be ${length} instead of ${digest.length}`);
}
