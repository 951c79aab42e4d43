import type { Network } from '../../cloudstack/types.js';

/**
 * The display text of a network that we make. Tags need a second request: if a call is killed
 * before it, this text alone tells whose the network is.
 */
export function networkText(directorUuid: string): string {
  return `bosh-cpi-director ${directorUuid}`;
}

/** The Director for whom we made a network, by its display text. */
export function directorOfNetwork({ displaytext = '' }: Network): string | undefined {
  return /^bosh-cpi-director (\S+)$/.exec(displaytext)?.[1];
}
