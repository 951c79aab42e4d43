// What a scenario is: a call in a situation in which everything that it can do is asked of it.
import type { Transport } from '../../cpi/cloudstack/transport.js';
import type { WorldDescriptionInput } from '../../simulator/world/description/world-description.js';
import { advancedKvm } from '../../simulator/world/presets/advanced-kvm.js';
import type { SettingValues } from '../../simulator/world/settings/parse-setting.js';
import type { CallOptions, CpiZone } from '../support/cpi-zone.js';
import { startSettingsRegistry, type SettingsRegistry } from '../support/settings-registry.js';
import type { How } from './interruption.js';

export interface Scenario {
  readonly method: string;
  /** What is special about it, in words. */
  readonly about: string;
  /** The cloud; the usual one unless given. */
  readonly world?: WorldDescriptionInput;
  readonly settings?: SettingValues;
  /** Whether the CPI is told of a registry, and whether that tells the names of its entries. */
  readonly hasRegistry?: true | 'without names';
  /** How each of the calls is made. */
  readonly options?: CallOptions;
  /** Whether a call that succeeds must leave nothing else, without `gc`, unless it says so. */
  readonly isTidy?: true;
  /** The same, and whether a call that fails must leave nothing at all. */
  readonly creates?: boolean;
  /** Whether a call, even one that fails, may remove what an earlier one has forgotten. */
  readonly removesForgotten?: true;
  /** Whether the call fails even where nothing interrupts it, by what goes on meanwhile. */
  readonly fails?: true;
  /** The last command that changes something: a Director may know of all that it leads to. */
  readonly lastChange?: string;
  /** Whether CloudStack does all that the call asks for at once, so that no job of it can fail. */
  readonly hasNoJobs?: true;
  /** In which ways it is interrupted; in all of them unless given. */
  readonly hows?: readonly How[];
  /** Makes what the call needs, and answers its arguments. */
  prepare(zone: CpiZone): Promise<readonly unknown[]>;
  /** Wraps the ways of the call to the cloud, where somebody else is at work meanwhile. */
  meanwhile?(zone: CpiZone, args: readonly unknown[]): (transport: Transport) => Transport;
  /** What a Director would do to be rid of what the finished call made. */
  undo?(zone: CpiZone, result: unknown): Promise<void>;
}

/** The version of the CPI's API in which its callers speak. */
export function apiVersionOf({ options }: Scenario): number {
  return options?.apiVersion ?? 2;
}

/** For a call of which all ways have been tried in another situation. */
export const mainHows: readonly How[] = [
  'dies before it is sent',
  'dies before its answer',
  'is carried out, but its answer is lost',
  'is refused',
];

/** For a long call whose other ways differ from those of `mainHows` in what it finds at its beginning alone. */
export const fewHows: readonly How[] = ['dies before its answer', 'is refused'];

/** The registry of which the CPI is told in a scenario. */
export async function registryOf({ hasRegistry }: Scenario): Promise<SettingsRegistry | undefined> {
  if (hasRegistry === undefined) return undefined;
  return startSettingsRegistry({ tellsNames: hasRegistry === true });
}

/** The cloud that a scenario plays in. */
export function worldOf({ world = advancedKvm, settings = {} }: Scenario): WorldDescriptionInput {
  return { ...world, settings };
}

/** Lets the account of the CPI expunge its VMs. */
export const mayExpunge: SettingValues = { 'allow.user.expunge.recover.vm': true };

/** The same for an account that may expunge, and for one that may not, whose VMs stay for a while. */
export function byBothAccounts(scenario: Scenario): Scenario[] {
  const { about, settings } = scenario;
  return [
    {
      ...scenario,
      about: `${about}, by an account that may expunge`,
      settings: { ...settings, ...mayExpunge },
    },
    { ...scenario, about: `${about}, by an account that may not expunge` },
  ];
}
