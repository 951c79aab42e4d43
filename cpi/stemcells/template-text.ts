import type { Template } from '../cloudstack/types.js';

/**
 * The display text of a template that we make: what people know the stemcell by, then whose it is.
 * Tags need a second request: if a call is killed before it, this text alone tells that.
 */
export function templateText(stemcell: string, directorUuid: string): string {
  return `${stemcell} (bosh-cpi-director ${directorUuid})`;
}

/** The Director for whom we made a template, by its display text. */
export function directorOfTemplate({ displaytext = '' }: Template): string | undefined {
  return / \(bosh-cpi-director (.+)\)$/.exec(displaytext)?.[1];
}
