// Under what a case runs, drawn anew for each: what kind of cloud it is, what its account may do, how
// patient the CPI is, and what goes wrong.
import fc from 'fast-check';
import { jobPoll } from '../../cpi/flow/waiter.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import type { FaultPlanInput } from '../../simulator/faults/plan-schema.js';
import { resourceTypes, type ResourceType } from '../../simulator/world/identity/resource-types.js';
import { clouds, twoZones } from './clouds.js';
import { faultPlans } from './fault-plans.js';

export interface Conditions {
  /** The name of a cloud. */
  readonly preset: string;
  readonly mayExpunge: boolean;
  /** CloudStack's `expunge.delay` and `expunge.interval`. */
  readonly expungeSeconds: number;
  readonly mayTakeSnapshots: boolean;
  /** Whether answers tell the time, as behind most proxies, which CloudStack alone does not. */
  readonly hasDate: boolean;
  readonly poll: object;
  /** Decides how long requests and answers travel. */
  readonly network: number;
  readonly faults: FaultPlanInput;
  /** Whether calls are killed, and lose their requests. */
  readonly mayBeInterrupted: boolean;
  /** Whether agents find their settings with a registry, too. */
  readonly hasRegistry?: boolean;
  /** The most that the account may have before the end; nothing is limited unless given. */
  readonly limits?: Readonly<Partial<Record<ResourceType, number>>>;
  /** Decides which ids and addresses the cloud chooses; 1 unless given. */
  readonly cloudSeed?: number;
  /** Whether the second Director knows API version 1 alone; it has a registry then. */
  readonly hasOlderDirector?: boolean;
  /** Whether the account holds public addresses of some instances from the beginning to the end. */
  readonly holdsAddresses?: boolean;
}

/** Whether the CPI looks as often as it does, or seldom: what nothing follows from costs a case much. */
const polls: readonly object[] = [
  { first_ms: jobPoll.firstMs, factor: jobPoll.factor, cap_ms: jobPoll.capMs },
  ...Array.from({ length: 4 }, () => ({ first_ms: 1_000, factor: 1.5, cap_ms: 4_000 })),
  ...Array.from({ length: 11 }, () => ({ first_ms: 2_500, factor: 2, cap_ms: 20_000 })),
];

/** Each is reached by what six instances need, or is not, as the case goes. */
const limits: fc.Arbitrary<NonNullable<Conditions['limits']>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[{ user_vm: 3 }, { volume: 6 }, { public_ip: 4 }, { snapshot: 1 }],
      ...[{ cpu: 4 }, { memory: 8_192 }, { primary_storage: 40 }, { template: 1 }, { network: 2 }],
    ),
  },
);

export const conditions: fc.Arbitrary<Conditions> = fc.record({
  preset: fc.constantFrom(
    ...['advanced-kvm', 'advanced-kvm', 'several-clusters', twoZones],
    ...['advanced-xenserver', 'advanced-vmware'],
  ),
  mayExpunge: fc.boolean(),
  expungeSeconds: fc.constantFrom(60, 3_600, 86_400),
  mayTakeSnapshots: fc.boolean(),
  hasDate: fc.boolean(),
  poll: fc.constantFrom(...polls),
  network: fc.nat(),
  mayBeInterrupted: fc.boolean(),
  faults: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: faultPlans }),
  hasRegistry: fc.boolean(),
  limits,
  cloudSeed: fc.nat(),
  hasOlderDirector: fc.boolean(),
  holdsAddresses: fc.boolean(),
});

/** Longer than any case lasts. */
const giveUpMinutes = 100 * 24 * 60;

/** The cloud, as a world of the simulator. */
export function worldUnder(given: Conditions): WorldDescriptionInput {
  const cloud = clouds[given.preset];
  if (cloud === undefined) throw new Error(`there is no cloud ${given.preset}`);
  return {
    ...cloud,
    accounts: cloud.accounts.map((account) =>
      account.role === 'User' ? { ...account, limits: limitsUnder(given) } : account,
    ),
    settings: {
      'allow.user.expunge.recover.vm': given.mayExpunge,
      'expunge.delay': given.expungeSeconds,
      'expunge.interval': given.expungeSeconds,
      'kvm.snapshot.enabled': given.mayTakeSnapshots,
      // What CloudStack itself gives up stays between two states, where only its database helps.
      'job.expire.minutes': giveUpMinutes,
      'job.cancel.threshold.minutes': giveUpMinutes,
    },
  };
}

export function isLimited({ limits: given = {} }: Conditions): boolean {
  return Object.keys(given).length > 0;
}

function limitsUnder({ limits: given = {} }: Conditions): Record<string, number> {
  return { ...Object.fromEntries(resourceTypes.map((type) => [type, -1])), ...given };
}
