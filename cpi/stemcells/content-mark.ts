import { createHash } from 'node:crypto';
import type { StemcellImage } from './image.js';

/** Two stemcells are the same only if they are for the same Director, with one name and version. */
export interface StemcellIdentity {
  readonly directorUuid: string;
  readonly displayText: string;
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
  hash.update(JSON.stringify([stemcell.directorUuid, stemcell.displayText, image.format]));
  for await (const chunk of image.open()) hash.update(chunk);
  return hash.digest('hex');
}

/** The same for what the CPI does not see itself: the same for what is described the same. */
export function descriptionMark(
  description: readonly string[],
  { directorUuid, displayText }: StemcellIdentity,
): string {
  const text = JSON.stringify([directorUuid, displayText, ...description]);
  return createHash('sha256').update(text).digest('hex');
}
