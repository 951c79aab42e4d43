import { directorIn, directorMark, directorText } from '../cloudstack/director-text.js';
import type { Template } from '../cloudstack/types.js';

/**
 * The display text of a template that we make: what people know the stemcell by, then whose it is.
 */
export function templateText(stemcell: string, directorUuid: string): string {
  return `${stemcell} (${directorText(directorUuid)})`;
}

const pattern = new RegExp(` \\((${directorMark} .+)\\)$`);

/** The Director for whom we made a template, by its display text. */
export function directorOfTemplate({ displaytext = '' }: Template): string | undefined {
  return directorIn(pattern.exec(displaytext)?.[1]);
}
