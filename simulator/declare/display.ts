import { flag } from './parameter.js';

/** Whether users see what is made or changed; only root admins say so. */
export const displayParameters = { fordisplay: flag({ since: '4.4', rootOnly: true }) } as const;

/**
 * Whether a list shows a row: what is displayed, or only what is not, for root admins who ask for
 * that (BaseListAccountResourcesCmd.getDisplay).
 */
export function isShown(
  { isDisplayed }: { readonly isDisplayed: boolean },
  { fordisplay = true }: { readonly fordisplay?: boolean | undefined },
): boolean {
  return isDisplayed === fordisplay;
}
