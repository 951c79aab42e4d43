import { createHash } from 'node:crypto';
import type { StemcellImage } from './image.js';

/**
 * Two stemcells are the same only if all of this is: a Director that asks again after its operator
 * has corrected the settings is to get another template.
 */
export interface StemcellIdentity {
  readonly directorUuid: string;
  /** Its name and version. */
  readonly title: string;
  /** As configured: by description or id. */
  readonly osType: string;
  readonly requiresHvm: boolean;
  /** Undefined if the format tells. */
  readonly hypervisor: string | undefined;
}

/**
 * What stands on a template for its content: the same for the same bytes.
 *
 * @throws ImageError
 */
export async function contentMark(
  image: StemcellImage,
  stemcell: StemcellIdentity,
): Promise<string> {
  const hash = createHash('sha256');
  hash.update(textOf([image.format], stemcell));
  for await (const chunk of image.open()) hash.update(chunk);
  return hash.digest('hex');
}

/** The same for what the CPI does not see itself: the same for what is described the same. */
export function descriptionMark(
  description: readonly string[],
  stemcell: StemcellIdentity,
): string {
  return createHash('sha256').update(textOf(description, stemcell)).digest('hex');
}

function textOf(description: readonly string[], stemcell: StemcellIdentity): string {
  const { directorUuid, title, osType, requiresHvm, hypervisor = null } = stemcell;
  return JSON.stringify([directorUuid, title, osType, requiresHvm, hypervisor, description]);
}
