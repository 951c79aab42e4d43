/** What a stemcell CID says: the template's id (or an older CPI's name), and whether it is ours. */
export interface StemcellCid {
  readonly templateId: string;
  /** A light stemcell points to a template that somebody else made: it is never deleted. */
  readonly kind: 'full' | 'light';
}

const lightSuffix = ' light';

export function parseStemcellCid(cid: string): StemcellCid {
  return cid.endsWith(lightSuffix)
    ? { templateId: cid.slice(0, -lightSuffix.length), kind: 'light' }
    : { templateId: cid, kind: 'full' };
}

export function formatStemcellCid({ templateId, kind }: StemcellCid): string {
  return kind === 'light' ? `${templateId}${lightSuffix}` : templateId;
}
