import type { Operator } from '../cloud/operator.js';
import { textOf, type JsonValue } from '../json.js';
import { batchesOf } from './batches.js';
import { CidMap, makesSomething } from './cid-map.js';
import { compareWithRecorded } from './comparison.js';
import type { CallCpi, CpiExchange } from './cpi-process.js';
import { deviationOf, type Deviation } from './deviation.js';
import { createdCid, emptyLedger, forgetVm, recordSuccess, type Ledger } from './ledger.js';
import { prepare } from './preparation.js';
import type { CpiRequest, RecordedCall, Recording } from './recording.js';
import { judge, type CpiResponse } from './response-rules.js';
import type { Caller } from './scenarios.js';
import { sendable, type StandIns } from './sendable.js';

export interface ReplayOptions extends StandIns {
  /** In the order in which they were recorded. */
  readonly recordings: readonly Recording[];
  readonly callCpi: CallCpi;
  /** Does what an operator did behind the Director's back. */
  readonly operator: Operator;
  /** Looks at the cloud after each scenario and names what does not fit the ledger. */
  readonly inspect: (ledger: Ledger) => Promise<readonly string[]>;
  readonly onCall: (call: ReplayedCall) => void;
  readonly onScenario: (scenario: ReplayedScenario) => void;
}

/** A scenario whose calls were all made. */
export interface ReplayedScenario {
  readonly scenario: string;
  /** Recorded calls that were left out, because the caller had no reason for them this time. */
  readonly leftOut: number;
  /** What does not fit in the cloud. */
  readonly problems: readonly string[];
}

export interface ReplayedCall {
  readonly scenario: string;
  /** Number of the recorded call in its scenario, from 1; undefined for a call that was added. */
  readonly number: number | undefined;
  readonly request: CpiRequest;
  readonly exchange: CpiExchange;
  readonly response: CpiResponse | undefined;
  /** Where the replay cannot do just as recorded: what it does, and why. */
  readonly note: string | undefined;
  /** Numbers of the calls that were in flight together with it. */
  readonly together: readonly number[];
  readonly problems: readonly string[];
}

export interface ReplayResult {
  readonly calls: readonly ReplayedCall[];
  readonly scenarios: readonly ReplayedScenario[];
  /** Why the replay ended early, if it did. */
  readonly stopped: string | undefined;
}

/**
 * Sends the recorded calls to a CPI with the CIDs of this run: one after another, or together where
 * they were in flight together. Compares the cloud with what they should have made after each
 * scenario. A call that fails where the recorded one succeeded ends the replay: what follows builds
 * on it.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const run = new Replay(options);
  let stopped: string | undefined;
  try {
    for (const position of options.recordings.keys()) await run.recording(position);
  } catch (error) {
    if (!(error instanceof ReplayStopped)) throw error;
    stopped = error.message;
  }
  return { calls: run.calls, scenarios: run.scenarios, stopped };
}

/** The replay cannot go on. */
class ReplayStopped extends Error {}

/** A recorded call at its place. */
interface Place {
  readonly recording: Recording;
  readonly index: number;
  readonly call: RecordedCall;
}

/** What is written down of a call besides its answer. */
interface Remarks {
  readonly scenario: string;
  readonly number?: number;
  readonly notes: readonly (string | undefined)[];
  readonly together?: readonly number[];
  readonly differences: readonly string[];
}

interface Answer {
  readonly request: CpiRequest;
  readonly exchange: CpiExchange;
  readonly response: CpiResponse | undefined;
  readonly complaints: readonly string[];
}

class Replay {
  readonly calls: ReplayedCall[] = [];
  readonly scenarios: ReplayedScenario[] = [];
  readonly #ledger = emptyLedger();
  readonly #options: ReplayOptions;
  readonly #cids = new CidMap();
  /** The requests that made what there is, by its CID. */
  readonly #makers = new Map<string, CpiRequest>();

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  async recording(position: number): Promise<void> {
    const upcoming = this.#options.recordings.slice(position);
    const [recording] = upcoming;
    if (recording === undefined) return;
    await this.#prepare(recording, upcoming);
    const leftOut = new Set<number>();
    for (const batch of batchesOf(recording)) {
      const places = batch
        .filter((index) => !leftOut.has(index))
        .map((index) => ({ recording, index, call: recording.calls[index] }));
      const deviations = await this.#together(places.filter(hasCall));
      for (const { calls } of deviations.flatMap(({ without }) => without ?? [])) {
        calls.forEach((index) => leftOut.add(index));
      }
    }
    const problems = await this.#options.inspect(this.#ledger);
    const replayed = { scenario: recording.scenario, leftOut: leftOut.size, problems };
    this.scenarios.push(replayed);
    this.#options.onScenario(replayed);
  }

  /** Makes calls that were in flight together, and goes through their answers in recorded order. */
  async #together(places: readonly Place[]): Promise<Deviation[]> {
    const deviations: Deviation[] = [];
    const before = new Map<Place, string | undefined>();
    for (const place of places) before.set(place, await this.#actBehindTheBack(place.call));
    const answers = await Promise.all(places.map(({ call }) => this.#send(call)));
    for (const [position, place] of places.entries()) {
      const answer = answers[position];
      if (answer === undefined) continue;
      const { recording, index } = place;
      const deviation = answer.response && deviationOf(recording, index, answer.response);
      this.#settle(place, answer, {
        notes: [before.get(place), deviation?.note],
        together: places.filter((other) => other !== place).map((other) => other.index + 1),
      });
      if (deviation === undefined) continue;
      deviations.push(deviation);
      await this.#follow(place, answer, deviation);
    }
    return deviations;
  }

  async #send({ caller, request: recorded }: RecordedCall): Promise<Answer> {
    const request = sendable(this.#cids.apply(recorded), this.#options);
    return this.#exchange(caller, request);
  }

  /** Writes down what came of a recorded call. */
  #settle(
    { recording, index, call }: Place,
    answer: Answer,
    remarks: Pick<Remarks, 'notes' | 'together'>,
  ): void {
    const { scenario } = recording;
    const { response } = answer;
    const differences = response === undefined ? [] : compareWithRecorded(call, response);
    this.#note(answer, { scenario, number: index + 1, differences, ...remarks });
    const failedUnexpectedly = call.response.error === null && response?.error !== null;
    if (failedUnexpectedly || response === undefined) {
      throw new ReplayStopped(`${scenario} cannot go on after call ${index + 1}`);
    }
    if (response.error === null) this.#cids.learn(call, response.result);
  }

  /** Does what the caller does where the answer is not the recorded one. */
  async #follow({ recording, call }: Place, answer: Answer, deviation: Deviation): Promise<void> {
    const { undoBy, without } = deviation;
    if (without !== undefined) this.#cids.set(without.copy, this.#cids.actual(without.original));
    if (undoBy === undefined) return;
    const made = createdCid(answer.response?.result ?? null) ?? null;
    const args = undoBy === 'delete_vm' ? [made] : answer.request.arguments;
    const note =
      undoBy === 'delete_vm'
        ? 'the caller would delete the VM later'
        : 'attached again, as the recorded caller believes';
    await this.#added(recording.scenario, call, undoBy, args, note);
  }

  /**
   * Where has_vm or has_disk was answered by no, an operator had removed what was asked for. And a
   * network is only deleted when the VMs in it are no more: CloudStack keeps destroyed ones for a day.
   */
  async #actBehindTheBack({ request, response }: RecordedCall): Promise<string | undefined> {
    const { operator } = this.#options;
    const cid = this.#cids.actual(textOf(request.arguments[0]));
    if (request.method === 'delete_network') {
      const expunged = await operator.expungeDestroyedIn(cid);
      return expunged > 0 ? 'CloudStack expunged destroyed VMs of the network before' : undefined;
    }
    if (response.error !== null || response.result !== false) return undefined;
    if (request.method === 'has_vm' && this.#ledger.vms.has(cid)) {
      await operator.removeVm(cid);
      forgetVm(this.#ledger, cid);
      return 'an operator expunged the VM just before';
    }
    if (request.method === 'has_disk' && this.#ledger.disks.has(cid)) {
      await operator.removeDisk(cid);
      this.#ledger.disks.delete(cid);
      return 'an operator deleted the disk just before';
    }
    return undefined;
  }

  async #prepare(recording: Recording, upcoming: readonly Recording[]): Promise<void> {
    const first = recording.calls.find(({ request }) => request.method !== 'info');
    if (first === undefined) return;
    const { scenario } = recording;
    await prepare(recording, {
      ledger: this.#ledger,
      cids: this.#cids,
      upcoming,
      makers: this.#makers,
      send: async (method, args, note) => {
        const { response } = await this.#added(scenario, first, method, args, note);
        if (response?.error === null) return response.result;
        throw new ReplayStopped(`${scenario} cannot be prepared: ${method} failed`);
      },
      stop: (reason) => {
        throw new ReplayStopped(reason);
      },
    });
  }

  /** A call that was not recorded, by the caller of one that was. */
  async #added(
    scenario: string,
    { caller, request: neighbour }: RecordedCall,
    method: string,
    args: JsonValue[],
    note: string,
  ): Promise<Answer> {
    const request = sendable({ ...neighbour, method, arguments: args }, this.#options);
    const answer = await this.#exchange(caller, request);
    const { response } = answer;
    const failures = response && response.error !== null ? [response.error] : [];
    const problems = failures.map(({ type, message }) => `failed with ${type}: ${message}`);
    this.#note(answer, { scenario, notes: [note], differences: problems });
    return answer;
  }

  async #exchange(caller: Caller, request: CpiRequest): Promise<Answer> {
    const exchange = await this.#options.callCpi(caller, request);
    const { complaints, response } = judge(caller, request, exchange);
    // One program serves both callers, so both must be content with what it says.
    const other = judge(otherCaller[caller], request, exchange);
    const all = [...new Set([...complaints, ...other.complaints])];
    return { request, exchange, response, complaints: all };
  }

  #note({ request, exchange, response, complaints }: Answer, remarks: Remarks): void {
    if (response?.error === null) {
      recordSuccess(this.#ledger, request, response.result);
      const made = makesSomething(request.method) ? createdCid(response.result) : undefined;
      if (made !== undefined) this.#makers.set(made, request);
    }
    const { scenario, number, notes, together = [], differences } = remarks;
    const told = notes.filter((note) => note !== undefined);
    const note = told.length === 0 ? undefined : told.join('; ');
    const problems = [...complaints, ...differences];
    const call = { scenario, number, request, exchange, response, note, together, problems };
    this.calls.push(call);
    this.#options.onCall(call);
  }
}

function hasCall(place: { readonly call: RecordedCall | undefined }): place is Place {
  return place.call !== undefined;
}

const otherCaller: Readonly<Record<Caller, Caller>> = {
  'bosh-cli': 'bosh-director',
  'bosh-director': 'bosh-cli',
};
