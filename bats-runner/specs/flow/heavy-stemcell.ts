import type { CaseTools } from '../../contract/case-tools.js';
import type { StemcellArchive } from '../../lite/flows/upload-stemcell.js';
import { imageFile, properties } from '../stemcell/upload.js';

/** A stemcell with an image, in the folder of the case. */
export async function heavyStemcell(
  tools: CaseTools,
  version = '2',
): Promise<StemcellArchive & { readonly apiVersion: number }> {
  const name = 'flow-stemcell';
  return {
    name,
    version,
    apiVersion: 3,
    imagePath: await imageFile(tools),
    properties: { ...properties, name, version },
  };
}
