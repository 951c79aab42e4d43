import { RegistryError } from '../agent/registry-error.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import { longestCallMs, type Call } from '../methods/call/call.js';
import { forgottenAddresses } from './forgotten-addresses.js';
import { forgottenAffinityGroups } from './forgotten-affinity-groups.js';
import { forgottenEntries } from './forgotten-entries.js';
import { forgottenLoadBalancers } from './forgotten-load-balancers.js';
import { forgottenNetworks } from './forgotten-networks.js';
import { forgottenSnapshots } from './forgotten-snapshots.js';
import { forgottenTemplates } from './forgotten-templates.js';
import { forgottenVms } from './forgotten-vms.js';
import { forgottenVolumes } from './forgotten-volumes.js';
import type { Finder, Forgotten, ForgottenKind } from './forgotten.js';
import { forgottenNotes } from './late-addresses.js';

/** In the order in which they can go: what a VM holds becomes free with it. */
const finders: Readonly<Record<ForgottenKind, Finder>> = {
  VM: forgottenVms,
  'registry entry': forgottenEntries,
  volume: forgottenVolumes,
  snapshot: forgottenSnapshots,
  'public address': forgottenAddresses,
  note: forgottenNotes,
  'load balancer rule': forgottenLoadBalancers,
  'affinity group': forgottenAffinityGroups,
  network: forgottenNetworks,
  template: forgottenTemplates,
};

export interface Collection {
  /** Only what this Director's calls left; without it, what those of any Director did. */
  readonly directorUuid?: string | undefined;
  /** What is younger may belong to a call that is still at work. */
  readonly olderThanMs: number;
  /** Whether to remove it, or only to tell. */
  readonly isToBeDeleted: boolean;
}

/** One of the forgotten things, and what became of it. */
export interface Collected {
  readonly forgotten: Forgotten;
  /** Undefined where nothing has a time of creation. */
  readonly ageMs: number | undefined;
  readonly outcome: 'found' | 'deleted' | { readonly failed: string };
}

/** One that is forgotten as far as one can see, but not to be touched yet. */
export interface LeftForNow {
  readonly forgotten: Forgotten;
  readonly ageMs: number | undefined;
  /** What it is left for: its age, for a call may be at work on it, or a Director know of it. */
  readonly until: { readonly ageMs: number } | 'its age is known' | 'CloudStack is done with it';
}

/** What there is to tell of one thing. */
export type Told = Collected | LeftForNow;

/** Told of the work as it goes on. */
export interface Watcher {
  readonly onLooking?: (kind: ForgottenKind) => void;
  readonly onTold?: (told: Told) => void;
  /** Told of the age that counts where the one that is asked for is less than a call may take. */
  readonly onRaised?: (olderThanMs: number) => void;
  /** Told of what is left alone because another Director's calls, or unknown ones, left it. */
  readonly onOtherDirectors?: (directorUuid: string | undefined) => void;
}

/**
 * Finds what calls that were killed have left in the account, and removes it if asked to. Each kind
 * is looked for when those before it are gone, so that one run is enough. What cannot be removed is
 * told, and the rest goes on.
 *
 * @throws CloudStackError if the account cannot be looked through; RegistryError if the registry
 *   cannot, when everything else is done.
 */
export async function collect(
  call: Call,
  options: Collection,
  { onLooking, onTold, onRaised, onOtherDirectors }: Watcher = {},
): Promise<Collected[]> {
  const all: Collected[] = [];
  const unanswered: RegistryError[] = [];
  const olderThanMs = Math.max(options.olderThanMs, longestCallMs(call));
  if (olderThanMs > options.olderThanMs) onRaised?.(olderThanMs);
  for (const [kind, find] of Object.entries(finders)) {
    onLooking?.(kind as ForgottenKind);
    for (const forgotten of await findUnlessAway(call, find, unanswered)) {
      const ageMs = ageOf(call, forgotten);
      const { directorUuid: wanted } = options;
      const isAnothers = wanted !== undefined && forgotten.directorUuid !== wanted;
      const until = whatItIsLeftFor(forgotten, ageMs, olderThanMs);
      if (until !== undefined) {
        if (!isAnothers) onTold?.({ forgotten, ageMs, until });
        continue;
      }
      if (isAnothers) {
        onOtherDirectors?.(forgotten.directorUuid);
        continue;
      }
      const outcome = options.isToBeDeleted ? await remove(forgotten) : 'found';
      const collected = { forgotten, ageMs, outcome };
      all.push(collected);
      onTold?.(collected);
    }
  }
  if (call.client.dateMs() === undefined) {
    call.log(
      "warning: the cloud's answers tell no time (no Date header): ages are counted to the newest " +
        'thing that was made in the account, so that what was left since then counts as young',
    );
  }
  const [failure] = unanswered;
  if (failure !== undefined) throw failure;
  return all;
}

/** A registry that is away is no reason to leave the cloud as it is. */
async function findUnlessAway(
  call: Call,
  find: Finder,
  unanswered: RegistryError[],
): Promise<Forgotten[]> {
  try {
    return await find(call);
  } catch (failure) {
    if (!(failure instanceof RegistryError)) throw failure;
    unanswered.push(failure);
    return [];
  }
}

/** Of these nobody tells a time of creation; a call that needs one makes it again. */
const ageless: ReadonlySet<ForgottenKind> = new Set([
  'affinity group',
  'load balancer rule',
  'registry entry',
]);

/** Undefined if it is to go now. */
function whatItIsLeftFor(
  { kind, leastAgeMs = 0, isUnderWay = false }: Forgotten,
  ageMs: number | undefined,
  olderThanMs: number,
): LeftForNow['until'] | undefined {
  const countsFromMs = Math.max(olderThanMs, leastAgeMs);
  if (ageMs === undefined && !ageless.has(kind)) return 'its age is known';
  if (ageMs !== undefined && ageMs < countsFromMs) return { ageMs: countsFromMs };
  return isUnderWay ? 'CloudStack is done with it' : undefined;
}

/**
 * By the cloud's clock, as far as its answers tell of it, and never by that of this machine, which
 * may be ahead: what was made a moment ago would seem old.
 */
function ageOf({ client }: Call, { createdMs }: Forgotten): number | undefined {
  const nowMs = client.latestMs();
  return createdMs === undefined || nowMs === undefined ? undefined : nowMs - createdMs;
}

async function remove(forgotten: Forgotten): Promise<Collected['outcome']> {
  try {
    await forgotten.remove();
    return 'deleted';
  } catch (failure) {
    return { failed: toBoshError(failure).message };
  }
}
