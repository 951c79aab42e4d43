import { callCpi, type CpiExchange, type CpiProgram } from '../director/cpi-process.js';
import { emptyLedger, recordSuccess } from '../director/ledger.js';
import type { CpiRequest } from '../director/recording.js';
import { judge } from '../director/response-rules.js';
import type { Caller } from '../director/scenarios.js';
import type { JsonValue } from '../json.js';

/** A call that the session made, and what it took. */
export interface SessionCall {
  /** The operator's command that it belongs to. */
  readonly command: string;
  readonly method: string;
  readonly result: JsonValue;
  /** CloudStack requests that were made meanwhile. */
  readonly requests: number;
  readonly durationMs: number;
}

/** A CPI call that did not give what the caller can go on with. */
export class CallFailed extends Error {
  constructor(
    readonly request: CpiRequest,
    readonly exchange: CpiExchange,
    readonly reasons: readonly string[],
  ) {
    super(`${request.method}: ${reasons.join('; ')}`);
    this.name = 'CallFailed';
  }
}

export interface SessionOptions {
  /** The CPI as each caller has installed it. */
  readonly cpis: Readonly<Record<Caller, CpiProgram>>;
  readonly directorUuid: string;
  /** Number of requests that CloudStack has answered so far. */
  readonly countRequests: () => Promise<number>;
}

/** How each caller speaks to the CPI, with `info` before each call. */
const manners = {
  'bosh-cli': { infoVersion: 1, callVersion: 2 },
  // Its first question has no version, and it uses the newest that the CPI and it both know.
  'bosh-director': { infoVersion: undefined, callVersion: 3 },
} as const;

/** Calls on a VM, with which a Director tells the version of its stemcell (cloud_factory.rb). */
const callsOnVms = ['create_vm', 'delete_vm', 'attach_disk', 'detach_disk'];

/** Calls the CPI as current callers do, one command after another, and keeps count. */
export class CallerSession {
  readonly ledger = emptyLedger();
  readonly calls: SessionCall[] = [];
  readonly #options: SessionOptions;
  #caller: Caller = 'bosh-cli';
  #command = '';
  #stemcellVersion = 3;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /**
   * Says whose calls the next ones are, which command of the operator they belong to, and of which
   * API version the stemcells of their VMs are.
   */
  begin(caller: Caller, command: string, stemcellVersion = 3): void {
    this.#caller = caller;
    this.#command = command;
    this.#stemcellVersion = stemcellVersion;
  }

  /** Makes a call that must succeed; answers its result. Throws CallFailed. */
  async call(method: string, args: JsonValue[]): Promise<JsonValue> {
    const { infoVersion, callVersion } = manners[this.#caller];
    await this.#send('info', [], infoVersion);
    const [request, result] = await this.#send(method, args, callVersion);
    recordSuccess(this.ledger, request, result);
    return result;
  }

  async #send(
    method: string,
    args: JsonValue[],
    apiVersion: number | undefined,
  ): Promise<[CpiRequest, JsonValue]> {
    const { cpis, countRequests } = this.#options;
    const caller = this.#caller;
    const request = {
      method,
      arguments: args,
      context: this.#context(method),
      ...(apiVersion !== undefined && { api_version: apiVersion }),
    };
    const before = await countRequests();
    const exchange = await callCpi(cpis[caller], caller, request);
    const { complaints, response } = judge(caller, request, exchange);
    const error = response?.error;
    const reasons = error ? [`${error.type}: ${error.message}`] : complaints;
    if (response === undefined || reasons.length > 0) {
      throw new CallFailed(request, exchange, reasons);
    }
    const { result } = response;
    const requests = (await countRequests()) - before;
    const { durationMs } = exchange;
    this.calls.push({ command: this.#command, method, result, requests, durationMs });
    return [request, result];
  }

  #context(method: string): CpiRequest['context'] {
    const context = { director_uuid: this.#options.directorUuid };
    const vm = { stemcell: { api_version: this.#stemcellVersion } };
    if (this.#caller === 'bosh-cli') return { ...context, vm };
    const requestId = `cpi-${String(this.calls.length).padStart(6, '0')}`;
    return { ...context, request_id: requestId, ...(callsOnVms.includes(method) && { vm }) };
  }
}
