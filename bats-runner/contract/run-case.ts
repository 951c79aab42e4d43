import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cloud } from '../cloud/cloud.js';
import { CloudClient } from '../cloud/client.js';
import type { RunCpi } from '../director/cpi-process.js';
import { PromiseBroken } from '../promise-broken.js';
import { redactor, type Redact } from '../secrets.js';
import type { Target } from '../target/target.js';
import {
  allWitnesses,
  openApiDoor,
  type ApiDoor,
  type ApiRequest,
  type ApiWitness,
} from './api-door.js';
import type { ApiVersion } from './api-version.js';
import { reportOf, withReport } from './case-report.js';
import { manualNetwork, offered, type CaseTools } from './case-tools.js';
import type { ContractCase } from './contract-case.js';
import { configurationFor } from './cpi-configuration.js';
import { CpiUnderTest } from './cpi-under-test.js';
import { isMarked, markedId, type MadeThings } from './marks.js';
import { openImageServer } from './open-image-server.js';
import { openRegistry } from './open-registry.js';
import { Ownership, type Whose } from './ownership.js';
import { secretsOf, worldWithoutSecrets } from './target-secrets.js';

/** What cases that run one after another on one target share. */
export interface Session {
  readonly target: Target;
  readonly runCpi: RunCpi;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly pause: (ms: number) => Promise<unknown>;
  /** How long a case may take before a CPI that still runs is told to end (SIGTERM). */
  readonly limitMs: number;
  /** The mark of the run, four hexadecimal digits: see marks.ts. */
  readonly run: string;
  /** What the CPI has asked for. */
  readonly made: MadeThings;
  /** How many addresses of each network have been given away. */
  readonly addressesTaken: Map<string, number>;
  /** Keeps what the CPI asks of the cloud in a case, and what that answers; nobody does without it. */
  readonly record?: ((caseId: string, version: ApiVersion) => CaseRecorder) | undefined;
}

/** Keeps the requests of one case. */
export interface CaseRecorder extends ApiWitness {
  /** Called when the case is over. */
  readonly end: () => void;
}

/** What is kept of a case that fails, beside its message. */
export interface FailureRecord {
  /** Keeps a file: every call with its requests; of a simulator, its events and its world. */
  readonly attach?: (name: string, contentType: string, body: string) => Promise<void>;
  /** The command that runs the case again. */
  readonly repeat?: string | undefined;
}

/**
 * Runs a case: gives it its tools, has the CPI delete what it made, and compares the cloud with what
 * it was before. What is left over or missing fails the case, too, and is removed. A failure tells
 * all calls of the CPI and the requests that each of them made.
 */
export async function runCase(
  session: Session,
  contractCase: ContractCase,
  version: ApiVersion,
  { attach, repeat }: FailureRecord = {},
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-case-'));
  const { target } = session;
  const cloud = cloudOf(target.account, session);
  const recorder = session.record?.(contractCase.id, version);
  const witness = allWitnesses([session.made, ...(recorder === undefined ? [] : [recorder])]);
  const door = await openApiDoor({ ...target.account, witness });
  const doors: [ApiDoor, ...ApiDoor[]] = [door];
  const secrets = secretsOf(target);
  const redact = redactor(secrets);
  const others: { close: () => Promise<void> }[] = [];
  try {
    const ownership = await Ownership.begin(cloud, whoseIn(session, doors));
    const cpi = cpiFor(session, { folder, version, door, ownership, redact });
    const parts = { cpi, cloud, doors, others, folder, version, ownership, witness };
    const tools = toolsFor(session, parts);
    const firstEvent = attach && (await target.simulator?.lastEvent());
    const keepWorld = async (): Promise<void> => {
      if (attach === undefined || target.simulator === undefined) return;
      await attach('events', json, redact(await target.simulator.events(firstEvent ?? 0)));
      const world = await target.simulator.snapshot();
      await attach('world', json, worldWithoutSecrets(world, secrets));
    };
    try {
      await settle({ session, door, ownership, cpi, keepWorld }, () => contractCase.run(tools));
    } catch (failure) {
      const report = reportOf(cpi.calls, door.requests, redact);
      await attach?.('calls', 'text/plain', report);
      const told = repeat === undefined ? report : `${report}\n\nagain: ${redact(repeat)}`;
      throw withReport(errorOf(failure), told, redact);
    }
  } finally {
    await Promise.all([...doors, ...others].map((opened) => opened.close()));
    recorder?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function whoseIn(
  { target, run, made }: Session,
  doors: readonly Pick<ApiDoor, 'requests'>[],
): Whose {
  const { network, secondNetwork, sharedNetwork, secondZone } = target.offers;
  const networks = [network, secondNetwork, sharedNetwork, secondZone?.network];
  const reserved = networks.flatMap((one) => one?.addresses ?? []);
  // On a simulator nobody else is at work: whatever is new is ours, whatever is missing was taken.
  if (target.simulator !== undefined) {
    const anything = (): boolean => true;
    return { isOurText: anything, isOthersText: () => false, mayHaveTouched: anything, reserved };
  }
  return {
    isOurText: (text) => made.has(text) || isMarked(text, run),
    isOthersText: (text) => isMarked(text) && !isMarked(text, run),
    mayHaveTouched: (id) => doors.some(({ requests }) => requests.some((one) => names(one, id))),
    reserved,
  };
}

function names({ parameters }: ApiRequest, id: string): boolean {
  return [...parameters.values()].some((value) => value.includes(id));
}

const json = 'application/json';

interface Settling {
  readonly session: Session;
  readonly door: ApiDoor;
  readonly ownership: Ownership;
  readonly cpi: CpiUnderTest;
  /** Keeps the world as it is at the moment of a failure. */
  readonly keepWorld: () => Promise<void>;
}

/** Does the work, then leaves the cloud as it was, whatever has happened. */
async function settle(
  { session: { target }, door, ownership, cpi, keepWorld }: Settling,
  work: () => Promise<void>,
): Promise<void> {
  const problems: string[] = [];
  let failure: Error | undefined;
  try {
    await work();
  } catch (reason) {
    failure = errorOf(reason);
    await keepWorld();
  }
  door.intercept(() => undefined);
  await target.simulator?.endFaults();
  cpi.beginAnew();
  problems.push(...(await ownership.release(cpi)), ...(await ownership.changes()));
  if (problems.length > 0) {
    if (failure === undefined) await keepWorld();
    problems.push(...(await ownership.removeLeftovers()));
  }
  await target.simulator?.advanceMs(expungeWithinMs);
  if (failure !== undefined) throw failure;
  if (problems.length > 0) {
    throw new PromiseBroken(`the cloud is not as it was before:\n${problems.join('\n')}`);
  }
}

function errorOf(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** In the simulator's world destroyed VMs are expunged after a minute, and looked for each minute. */
const expungeWithinMs = 180_000;

function cloudOf(account: Target['account'], { pause, target, limitMs }: Session): Cloud {
  const lookEveryMs = target.simulator === undefined ? 500 : 0;
  return new Cloud(new CloudClient(account), () => pause(lookEveryMs), limitMs);
}

function cpiFor(
  { target, runCpi, environment, nowMs, newId, limitMs, run }: Session,
  parts: {
    readonly folder: string;
    readonly version: ApiVersion;
    readonly door: ApiDoor;
    readonly ownership: Ownership;
    readonly redact: Redact;
  },
): CpiUnderTest {
  const { folder, version, door, ownership, redact } = parts;
  return new CpiUnderTest({
    folder,
    command: target.cpiCommand,
    runCpi,
    configuration: configurationFor(target, door.endpoint),
    directorUuid: markedId(run, newId()),
    apiVersion: version,
    environment,
    nowMs,
    limitMs,
    redact,
    countRequests: () => door.requests.length,
    onAnswer: (request, { result, error }) => {
      if (error === null) ownership.note(request, result);
    },
  });
}

interface CaseParts {
  readonly cpi: CpiUnderTest;
  readonly cloud: Cloud;
  readonly doors: [ApiDoor, ...ApiDoor[]];
  /** What else is to be closed. */
  readonly others: { close: () => Promise<void> }[];
  readonly folder: string;
  readonly version: ApiVersion;
  readonly ownership: Ownership;
  /** Of all requests that go through doors. */
  readonly witness: ApiWitness;
}

function toolsFor(session: Session, parts: CaseParts): CaseTools {
  const { target, run, addressesTaken } = session;
  const newId = (): string => markedId(run, session.newId());
  const { cpi, cloud, doors, others, folder, version, ownership, witness } = parts;
  const { offers, account } = target;
  const stemcell: CaseTools['stemcell'] = () =>
    cpi.cid('create_stemcell', ['/no/image', { light_template: offers.template }]);
  const address: CaseTools['address'] = (network) => {
    const taken = addressesTaken.get(network.name) ?? 0;
    addressesTaken.set(network.name, taken + 1);
    return offered(network.addresses[taken % network.addresses.length]);
  };
  const vmArguments: CaseTools['vmArguments'] = async (wishes = {}) => [
    wishes.agentId ?? newId(),
    wishes.stemcell ?? (await stemcell()),
    { compute_offering: offers.computeOffering, ...wishes.properties },
    wishes.networks ?? { private: manualNetwork(offers.network, address(offers.network)) },
    [...(wishes.disks ?? [])],
    wishes.env ?? {},
  ];
  return {
    apiVersion: version,
    cpi,
    cloud,
    get operator() {
      return cloudOf(offered(target.operator), session);
    },
    get simulator() {
      return offered(target.simulator);
    },
    inside: target.simulator,
    offers,
    door: doors[0],
    openDoor: async (options) => {
      const door = await openApiDoor({ ...account, witness, ...options });
      doors.push(door);
      return door;
    },
    openRegistry: async () => {
      const registry = await openRegistry();
      others.push(registry);
      return registry;
    },
    imageUrl: async () => {
      if (offers.imageUrl !== undefined) return offers.imageUrl;
      const server = await openImageServer();
      others.push(server);
      return server.url;
    },
    ownership,
    folder,
    newId,
    stemcell,
    address,
    vmArguments,
    createVm: async (wishes) => cpi.cid('create_vm', await vmArguments(wishes)),
    createDisk: (sizeMib, vmCid, properties = {}) =>
      cpi.cid('create_disk', [
        sizeMib,
        { disk_offering: offers.diskOffering, ...properties },
        vmCid ?? null,
      ]),
  };
}
