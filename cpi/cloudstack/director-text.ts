/** What these texts begin with; CloudStack can look for it. */
export const directorMark = 'bosh-cpi-director';

/**
 * A text that tells for which Director something is made. It comes with the thing, where tags need
 * a second request, or are none: nothing of ours is ever without it, whenever a call is killed.
 */
export function directorText(directorUuid: string): string {
  return `${directorMark} ${directorUuid}`;
}

/** The same of a load balancer rule; `id` finds the one that a lost answer was about. */
export function ruleText(directorUuid: string, id: string): string {
  return `${directorText(directorUuid)} rule ${id}`;
}

/** Directors may have any name. */
const pattern = new RegExp(`^${directorMark} (.+?)(?: rule \\S+)?$`);

/** The Director that such a text tells; undefined for what somebody else has made. */
export function directorIn(text = ''): string | undefined {
  return pattern.exec(text)?.[1];
}
