import type { Target } from '../target/target.js';

/** What not every cloud has: whether this one does, and in words that it does not. */
const needs = {
  simulator: {
    isMet: ({ simulator }) => simulator !== undefined,
    unmet: 'only a simulator can bring this about or see it',
  },
  operator: {
    isMet: ({ operator }) => operator !== undefined,
    unmet: 'it takes an account that may do everything, and the target lends none',
  },
  'two zones': {
    isMet: ({ offers }) => offers.secondZone !== undefined,
    unmet: 'the target has no second zone',
  },
  'second network': {
    isMet: ({ offers }) => offers.secondNetwork !== undefined,
    unmet: 'the target has no second network',
  },
  'shared network': {
    isMet: ({ offers }) => offers.sharedNetwork !== undefined,
    unmet: 'the target has no shared network',
  },
  'network offering': {
    isMet: ({ offers }) => offers.networkOffering !== undefined,
    unmet: 'the target has no network offering that the account may use',
  },
  vips: {
    isMet: ({ offers }) => (offers.vips ?? []).length >= 2,
    unmet: 'the target has no two public addresses to spare',
  },
  'custom compute offering': {
    isMet: ({ offers }) => offers.customComputeOffering !== undefined,
    unmet: 'the target has no compute offering for which CPUs and memory are chosen',
  },
  'second disk offering': {
    isMet: ({ offers }) => offers.otherDiskOffering !== undefined,
    unmet: 'the target has no second disk offering',
  },
  'fixed disk offering': {
    isMet: ({ offers }) => offers.fixedDiskOffering !== undefined,
    unmet: 'the target has no disk offering of one size',
  },
  'local storage': {
    isMet: ({ offers }) => offers.localDiskOffering !== undefined,
    unmet: 'the target has no disk offering on local storage',
  },
  uploads: {
    isMet: ({ offers }) => offers.uploads && offers.hypervisor === 'KVM',
    unmet: 'the target takes no uploads of QCOW2 images',
  },
  'image URL': {
    isMet: ({ offers, simulator }) => offers.imageUrl !== undefined || simulator !== undefined,
    unmet: 'the target names no URL from which its cloud can download a disk',
  },
  snapshots: {
    isMet: ({ offers }) => offers.snapshots,
    unmet: 'the target has no snapshots of volumes of running VMs',
  },
} satisfies Record<string, { isMet: (target: Target) => boolean; unmet: string }>;

/** What a case may need of a target. */
export type Need = keyof typeof needs;

/** Why a target cannot serve a case with these needs; undefined if it can. */
export function reasonToSkip(target: Target, asked: readonly Need[]): string | undefined {
  const missing = asked.filter((need) => !needs[need].isMet(target));
  return missing.length === 0 ? undefined : missing.map((need) => needs[need].unmet).join('; ');
}
