// The simulator's state tables are those of CloudStack, as test/vectors/states/ has them, with an
// exception only where one is explained; and every change of state that a table has comes about by
// requests and the passing of time in some test, or it is told why none can bring it about.
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { StateTable } from '../../../../simulator/world/state-table.js';
import { domainStates } from '../../../../simulator/world/states/domain.js';
import { hostStates } from '../../../../simulator/world/states/host.js';
import { jobStates } from '../../../../simulator/world/states/job.js';
import { loadBalancerRuleStates } from '../../../../simulator/world/states/load-balancer-rule.js';
import { networkStates } from '../../../../simulator/world/states/network.js';
import {
  snapshotInStoreStates,
  templateInStoreStates,
} from '../../../../simulator/world/states/object-in-store.js';
import { projectStates } from '../../../../simulator/world/states/project.js';
import { publicIpStates } from '../../../../simulator/world/states/public-ip.js';
import { routerStates } from '../../../../simulator/world/states/router.js';
import { snapshotStates } from '../../../../simulator/world/states/snapshot.js';
import { storagePoolStates } from '../../../../simulator/world/states/storage-pool.js';
import { standingStates } from '../../../../simulator/world/states/standing.js';
import { templateStates } from '../../../../simulator/world/states/template.js';
import { virtualMachineStates } from '../../../../simulator/world/states/virtual-machine.js';
import { vmSnapshotStates } from '../../../../simulator/world/states/vm-snapshot.js';
import { volumeStates } from '../../../../simulator/world/states/volume.js';
import { vpcStates } from '../../../../simulator/world/states/vpc.js';
import { readShown } from '../../../support/observing/claims.js';
import { absent, own, unreached, type Exception } from './exceptions.js';

interface Transcription {
  readonly entity: string;
  /** Another entity of the same table in CloudStack. */
  readonly also?: string;
  readonly source: string;
  readonly transitions: readonly (readonly [string, string, string])[];
}

const folder = new URL('../../../vectors/states/', import.meta.url);
const transcriptions = readdirSync(folder)
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Transcription)
  .flatMap((one) => [one, ...(one.also === undefined ? [] : [{ ...one, entity: one.also }])]);

const tables: readonly StateTable<string, string>[] = [
  domainStates,
  hostStates,
  jobStates,
  loadBalancerRuleStates,
  networkStates,
  projectStates,
  publicIpStates,
  routerStates,
  snapshotInStoreStates,
  snapshotStates,
  standingStates,
  storagePoolStates,
  templateInStoreStates,
  templateStates,
  virtualMachineStates,
  vmSnapshotStates,
  volumeStates,
  vpcStates,
];

type Rows = Pick<Transcription, 'entity' | 'transitions'>;

const textsOf = ({ entity, transitions }: Rows): string[] =>
  transitions.map((transition) => [entity, ...transition].join(' '));

const isExplained = (text: string, exceptions: readonly Exception[]): boolean =>
  exceptions.some(({ of }) => of.test(text));

/** Reasons that are about nothing any more. */
const idle = (exceptions: readonly Exception[], texts: readonly string[]): RegExp[] =>
  exceptions.map(({ of }) => of).filter((of) => !texts.some((text) => of.test(text)));

const inCloudStack = transcriptions.flatMap(textsOf);
const inSimulator = tables.flatMap(textsOf);
const missing = inCloudStack.filter((text) => !inSimulator.includes(text));
const entities = transcriptions.map(({ entity }) => entity);
const added = tables
  .filter(({ entity }) => entities.includes(entity))
  .flatMap(textsOf)
  .filter((text) => !inCloudStack.includes(text));

/** The simulator's own sums of what CloudStack's managers do. */
const withoutTranscription = ['loadbalancerrule', 'publicipaddress'];

test('there is a transcription of each table that CloudStack has', () => {
  const known = tables.map(({ entity }) => entity);
  expect(known.filter((entity) => !entities.includes(entity)).sort()).toEqual(withoutTranscription);
  expect(inCloudStack.length).toBeGreaterThan(250);
});

test('what CloudStack has and the simulator has not is explained', () => {
  expect(missing.filter((text) => !isExplained(text, absent))).toEqual([]);
});

test('what the simulator has and CloudStack has not is explained', () => {
  expect(added.filter((text) => !isExplained(text, own))).toEqual([]);
});

test('every change of state is reached by requests and time in some test (npm run coverage:api looks), or it is told why not', () => {
  const reached = new Set(Object.keys(readShown().transitions));
  const silent = inSimulator.filter((text) => !reached.has(text));
  expect(silent.filter((text) => !isExplained(text, unreached))).toEqual([]);
  expect(idle(unreached, silent)).toEqual([]);
});

test('no reason is left over', () => {
  expect(idle(absent, missing)).toEqual([]);
  expect(idle(own, added)).toEqual([]);
});
