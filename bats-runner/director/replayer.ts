import { CidMap } from './cid-map.js';
import { compareWithRecorded, faultConsequence } from './comparison.js';
import { callCpi, type CpiExchange, type CpiProgram } from './cpi-process.js';
import { emptyLedger, recordSuccess, type Ledger } from './ledger.js';
import { namedIn } from './plan.js';
import type { CpiRequest, RecordedCall, Recording } from './recording.js';
import { judge, type CpiResponse } from './response-rules.js';
import type { Caller } from './scenarios.js';

export interface ReplayOptions {
  /** In the order in which they were recorded. */
  readonly recordings: readonly Recording[];
  readonly cpi: CpiProgram;
  /** A stemcell image, in the place of those that are gone. */
  readonly imagePath: string;
  /** Looks at the cloud after each scenario and names what does not fit the ledger. */
  readonly inspect: (ledger: Ledger) => Promise<readonly string[]>;
  readonly onCall: (call: ReplayedCall) => void;
  readonly onScenario: (scenario: ReplayedScenario) => void;
}

/** A scenario whose calls were all made. */
export interface ReplayedScenario {
  readonly scenario: string;
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
  readonly problems: readonly string[];
}

export interface ReplayResult {
  readonly calls: readonly ReplayedCall[];
  readonly scenarios: readonly ReplayedScenario[];
  /** Why the replay ended early, if it did. */
  readonly stopped: string | undefined;
}

/**
 * Sends the recorded calls to a CPI, one after another, with the CIDs of this run, and
 * compares the cloud with what they should have made after each scenario. A call that
 * fails where the recorded one succeeded ends the replay: what follows builds on it.
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const run = new Replay(options);
  let stopped: string | undefined;
  try {
    for (const recording of options.recordings) await run.recording(recording);
  } catch (error) {
    if (!(error instanceof ReplayStopped)) throw error;
    stopped = error.message;
  }
  return { calls: run.calls, scenarios: run.scenarios, stopped };
}

/** The replay cannot go on. */
class ReplayStopped extends Error {}

interface Sending {
  readonly scenario: string;
  readonly caller: Caller;
  readonly request: CpiRequest;
  readonly number?: number;
  readonly note?: string | undefined;
  readonly compare?: (response: CpiResponse) => string[];
}

class Replay {
  readonly calls: ReplayedCall[] = [];
  readonly scenarios: ReplayedScenario[] = [];
  readonly #ledger = emptyLedger();
  readonly #options: ReplayOptions;
  readonly #cids = new CidMap();
  /** The last create_vm that succeeded, with the run's CIDs. */
  #lastCreateVm: CpiRequest | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  async recording(recording: Recording): Promise<void> {
    await this.#prepare(recording);
    for (const [index, call] of recording.calls.entries()) {
      await this.#recorded(recording, call, index);
    }
    const problems = await this.#options.inspect(this.#ledger);
    const replayed = { scenario: recording.scenario, problems };
    this.scenarios.push(replayed);
    this.#options.onScenario(replayed);
  }

  async #recorded(recording: Recording, call: RecordedCall, index: number): Promise<void> {
    const { scenario } = recording;
    const consequence = faultConsequence(recording, index);
    const { response } = await this.#send({
      scenario,
      caller: call.caller,
      request: this.#cids.apply(this.#withImage(call.request)),
      number: index + 1,
      note: consequence?.note,
      compare: (actual) => compareWithRecorded(call, actual),
    });
    const failedUnexpectedly = call.response.error === null && response?.error !== null;
    if (failedUnexpectedly || response === undefined) {
      throw new ReplayStopped(`${scenario} cannot go on after call ${index + 1}`);
    }
    if (response.error !== null) return;
    this.#cids.learn(call, response.result);
    if (consequence?.deletesVm === true) {
      await this.#deleteVm(call, scenario, response, 'the caller would delete the VM later');
    }
  }

  /** Brings about what scenarios that were not recorded did: they replaced the last VM. */
  async #prepare(recording: Recording): Promise<void> {
    const unknown = namedIn(recording).filter(({ cid }) => !this.#cids.has(cid));
    for (const { cid, kind } of unknown) {
      const template = this.#lastCreateVm;
      const [oldVm] = [...this.#ledger.vms.keys()].slice(-1);
      const [call] = recording.calls;
      if (kind !== 'vm' || template === undefined || oldVm === undefined || call === undefined) {
        throw new ReplayStopped(`${recording.scenario} names ${kind} ${cid}, which no call made`);
      }
      const newVm = await this.#replaceVm(recording.scenario, call.caller, template, oldVm, cid);
      this.#cids.set(cid, newVm);
    }
  }

  async #replaceVm(
    scenario: string,
    caller: Caller,
    template: CpiRequest,
    oldVm: string,
    agentId: string,
  ): Promise<string> {
    const note = 'the VM was replaced between the recordings';
    const disks = [...this.#ledger.disks].filter(([, disk]) => disk.attachedTo === oldVm);
    const send = async (method: string, args: CpiRequest['arguments']): Promise<CpiResponse> => {
      const request = { ...template, method, arguments: args };
      const { response } = await this.#send({ scenario, caller, request, note });
      if (response !== undefined && response.error === null) return response;
      throw new ReplayStopped(`${scenario} cannot be prepared: ${method} failed`);
    };
    await send('delete_vm', [oldVm]);
    await send('create_vm', [agentId, ...template.arguments.slice(1)]);
    const [newVm] = [...this.#ledger.vms.keys()].slice(-1);
    if (newVm === undefined) throw new ReplayStopped(`${scenario} cannot be prepared: no VM`);
    for (const [disk] of disks) await send('attach_disk', [newVm, disk]);
    return newVm;
  }

  async #deleteVm(
    call: RecordedCall,
    scenario: string,
    created: CpiResponse,
    note: string,
  ): Promise<void> {
    const [vm] = Array.isArray(created.result) ? created.result : [created.result];
    const request = { ...call.request, method: 'delete_vm', arguments: [vm ?? null] };
    await this.#send({ scenario, caller: call.caller, request, note });
  }

  async #send(sending: Sending): Promise<ReplayedCall> {
    const { scenario, caller, request, number, note, compare } = sending;
    const exchange = await callCpi(this.#options.cpi, caller, request);
    const { complaints, response } = judge(caller, request, exchange);
    // One program serves both callers, so both must be content with what it says.
    const other = judge(otherCaller[caller], request, exchange);
    const problems = new Set([...complaints, ...other.complaints]);
    if (response !== undefined) {
      for (const problem of (compare ?? mustSucceed)(response)) problems.add(problem);
      if (response.error === null) this.#note(request, response);
    }
    const call = { scenario, number, request, exchange, response, note, problems: [...problems] };
    this.calls.push(call);
    this.#options.onCall(call);
    return call;
  }

  #note(request: CpiRequest, response: CpiResponse): void {
    recordSuccess(this.#ledger, request, response.result);
    if (request.method === 'create_vm') this.#lastCreateVm = request;
  }

  #withImage(request: CpiRequest): CpiRequest {
    if (request.method !== 'create_stemcell') return request;
    return {
      ...request,
      arguments: [this.#options.imagePath, ...request.arguments.slice(1)],
    };
  }
}

const otherCaller: Readonly<Record<Caller, Caller>> = {
  'bosh-cli': 'bosh-director',
  'bosh-director': 'bosh-cli',
};

function mustSucceed({ error }: CpiResponse): string[] {
  return error === null ? [] : [`failed with ${error.type}: ${error.message}`];
}
