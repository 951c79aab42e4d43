import { callCpi, type CpiExchange, type CpiProgram } from '../director/cpi-process.js';
import { emptyLedger, recordSuccess } from '../director/ledger.js';
import type { CpiRequest } from '../director/recording.js';
import { judge } from '../director/response-rules.js';
import type { JsonValue } from '../json.js';

/** A call that the session made, and what it took. */
export interface SessionCall {
  /** The command of the CLI that it belongs to. */
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
  readonly cpi: CpiProgram;
  readonly directorUuid: string;
  /** Number of requests that CloudStack has answered so far. */
  readonly countRequests: () => Promise<number>;
}

/** Calls the CPI as a current `bosh` CLI does, with `info` before each call, and keeps count. */
export class CliSession {
  readonly ledger = emptyLedger();
  readonly calls: SessionCall[] = [];
  /** The command of the CLI that the next calls belong to. */
  command = '';
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Makes a call that must succeed; answers its result. Throws CallFailed. */
  async call(method: string, args: JsonValue[]): Promise<JsonValue> {
    await this.#send('info', [], 1);
    const [request, result] = await this.#send(method, args, 2);
    recordSuccess(this.ledger, request, result);
    return result;
  }

  async #send(
    method: string,
    args: JsonValue[],
    apiVersion: number,
  ): Promise<[CpiRequest, JsonValue]> {
    const { cpi, directorUuid, countRequests } = this.#options;
    const context = { director_uuid: directorUuid, vm: { stemcell: { api_version: 3 } } };
    const request = { method, arguments: args, context, api_version: apiVersion };
    const before = await countRequests();
    const exchange = await callCpi(cpi, 'bosh-cli', request);
    const { complaints, response } = judge('bosh-cli', request, exchange);
    const error = response?.error;
    const reasons = error ? [`${error.type}: ${error.message}`] : complaints;
    if (response === undefined || reasons.length > 0) {
      throw new CallFailed(request, exchange, reasons);
    }
    const { result } = response;
    const requests = (await countRequests()) - before;
    const { durationMs } = exchange;
    this.calls.push({ command: this.command, method, result, requests, durationMs });
    return [request, result];
  }
}
