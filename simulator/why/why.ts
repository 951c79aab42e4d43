import type { World } from '../world/world.js';
import { explainAddress } from './address.js';
import type { Explanation } from './explanation.js';
import { historyOf, type HistoryStep } from './history.js';
import { explainHost } from './host.js';
import { explainNetwork } from './network.js';
import { explainPool } from './pool.js';
import { explainRouter } from './router.js';
import { explainIso, explainTemplate } from './template.js';
import { explainVm } from './vm.js';
import { explainVolume } from './volume.js';

/** Why something is as it is: what holds it so now, and what led there. */
export interface Why {
  readonly about: string;
  readonly because: readonly string[];
  readonly history: readonly HistoryStep[];
  /** How many events of the world, the oldest, the history could not look at any more. */
  readonly lostEvents: number;
}

/** What can be asked about. */
export const whySubjects = {
  address: { asks: 'why an address of a network, or a public one, is held', of: explainAddress },
  vm: { asks: 'why a VM is in its state, and how it ends', of: explainVm },
  volume: { asks: 'why a volume is in its state, and who can have it', of: explainVolume },
  pool: {
    asks: 'why a storage pool takes no disks, who reaches it, and what is left',
    of: explainPool,
  },
  template: {
    asks: 'why a template, or an ISO, is not ready, or cannot be deleted',
    of: explainTemplate,
  },
  iso: { asks: 'the same where only an ISO is meant', of: explainIso },
  network: { asks: 'why a network is in its state, and cannot be deleted', of: explainNetwork },
  router: { asks: 'why a virtual router is in its state, and whom it serves', of: explainRouter },
  host: { asks: 'why a host takes no VMs, what is on it, and what room it has', of: explainHost },
} as const satisfies Readonly<
  Record<string, { asks: string; of: (world: World, id: string) => readonly Explanation[] }>
>;

export type WhySubject = keyof typeof whySubjects;

export function isWhySubject(text: string): text is WhySubject {
  return Object.hasOwn(whySubjects, text);
}

/**
 * Why one of `whySubjects` is as it is; more than one answer where several have the address or the
 * name. @throws NothingToExplain if there is no such thing.
 */
export function why(world: World, subject: WhySubject, idOrName: string): readonly Why[] {
  const lostEvents = world.kernel.log.lostAfter(0);
  return whySubjects[subject].of(world, idOrName).map(({ about, because, rowIds }) => ({
    about,
    because,
    history: historyOf(world, rowIds),
    lostEvents,
  }));
}
