import { existsSync } from 'node:fs';
import { withPredecessors } from '../director/plan.js';
import { loadRecording, recordingFile, type Recording } from '../director/recording.js';
import { scenarios, type Caller } from '../director/scenarios.js';

/** Recordings that belong to one cloud: those of one caller, in one version of the CPI API. */
export interface ReplaySet {
  readonly caller: Caller;
  readonly apiVersion: number;
  /** In recorded order. */
  readonly recordings: readonly Recording[];
}

export interface ReplayChoice {
  readonly folder: string;
  /** Names of scenarios; all if there is none. */
  readonly scenarios: readonly string[];
  readonly apiVersions: readonly number[];
}

export const allScenarios: readonly string[] = [
  ...scenarios['bosh-cli'],
  ...scenarios['bosh-director'],
];

/** The chosen scenarios with those that they build on, by caller and version; never an empty set. */
export function replaySets({ folder, scenarios: chosen, apiVersions }: ReplayChoice): ReplaySet[] {
  const callers = ['bosh-cli', 'bosh-director'] as const;
  return apiVersions
    .flatMap((apiVersion) =>
      callers.map((caller) => {
        const all = recordingsOf(folder, caller, apiVersion);
        const recordings = chosen.length === 0 ? all : withPredecessors(chosen, all);
        return { caller, apiVersion, recordings };
      }),
    )
    .filter(({ recordings }) => recordings.length > 0);
}

/** In recorded order. Not every scenario was recorded in every version. */
export function recordingsOf(folder: string, caller: Caller, apiVersion: number): Recording[] {
  return scenarios[caller]
    .filter((scenario) => existsSync(recordingFile(folder, scenario, apiVersion)))
    .map((scenario) => loadRecording(folder, scenario, apiVersion));
}
