import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installCpi, type CpiExchange, type RunCpi } from '../director/cpi-process.js';
import type { CpiRequest } from '../director/recording.js';
import { judge, type CpiError } from '../director/response-rules.js';
import type { Caller } from '../director/scenarios.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { PromiseBroken } from '../promise-broken.js';
import type { Redact } from '../secrets.js';
import type { CpiSections } from '../target/target.js';

export type CpiConfiguration = CpiSections;

export interface CallOptions {
  /** Of the request; null leaves it out, as a Director's first question does. */
  readonly apiVersion?: number | null;
  readonly caller?: Caller;
  /** Laid over the context. */
  readonly context?: JsonObject;
  /** What `context.vm.stemcell.api_version` says; null leaves it out. */
  readonly stemcellApiVersion?: number | null;
  /** cpi.json for this call, made of that of the target. */
  readonly configuration?: (usual: CpiConfiguration) => CpiConfiguration;
  /** The caller's own environment; that of this process unless given. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The caller's working directory; the folder of the case unless given. */
  readonly cwd?: string;
}

/** Everything that a call gave. */
export interface CpiAnswer {
  readonly result: JsonValue;
  readonly error: CpiError | null;
  readonly log: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** The whole document, as parsed. */
  readonly document: JsonObject;
}

/** A call as it is told when a case has failed. */
export interface ObservedCall {
  readonly input: string;
  readonly exchange: CpiExchange;
  /** How many requests the cloud had got before. */
  readonly firstRequest: number;
  readonly endRequest: number;
}

/** A CPI answered what a case cannot go on with. */
export class CpiAnswerError extends PromiseBroken {
  constructor(method: string, reason: string) {
    super(`${method}: ${reason}`);
    this.name = 'CpiAnswerError';
  }
}

export interface CpiUnderTestOptions {
  /** An existing folder of this case's own. */
  readonly folder: string;
  readonly command: string;
  readonly runCpi: RunCpi;
  readonly configuration: CpiConfiguration;
  readonly directorUuid: string;
  readonly apiVersion: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
  /** How long its calls may take together, until the time is given anew. */
  readonly limitMs: number;
  /** Takes secrets out of what a failure tells of an answer. */
  readonly redact: Redact;
  /** How many requests the cloud has got from the CPI. */
  readonly countRequests: () => number;
  /** Hears of each call that was answered well. */
  readonly onAnswer: (request: CpiRequest, answer: CpiAnswer) => void;
}

/** With which the Director tells the version of the VM's stemcell (cloud_factory.rb). */
const callsOnVms = ['create_vm', 'delete_vm', 'attach_disk', 'detach_disk'];

/**
 * The CPI that a case calls: an executable, request on stdin, response on stdout. Each answer is
 * judged as the caller would; one that the caller would refuse or misread fails the case.
 */
export class CpiUnderTest {
  readonly calls: ObservedCall[] = [];
  readonly #options: CpiUnderTestOptions;
  #installed = 0;
  #usual: string | undefined;
  #signal: AbortSignal;

  constructor(options: CpiUnderTestOptions) {
    this.#options = options;
    this.#signal = AbortSignal.timeout(options.limitMs);
  }

  /** Gives the calls from now on as much time as those so far had. */
  beginAnew(): void {
    this.#signal = AbortSignal.timeout(this.#options.limitMs);
  }

  /** The id of the Director that this case plays. */
  get directorUuid(): string {
    return this.#options.directorUuid;
  }

  /** The absolute path of the executable. */
  get executable(): string {
    return (this.#usual ??= this.#install(this.#options.configuration));
  }

  /** Makes a call that may succeed or fail. Throws if a caller could not make sense of the answer. */
  async call(
    method: string,
    args: readonly JsonValue[],
    options: CallOptions = {},
  ): Promise<CpiAnswer> {
    return this.ask(this.#request(method, args, options), options);
  }

  /** Makes a call with a request as it is. Throws if a caller could not make sense of the answer. */
  async ask(request: CpiRequest, options: CallOptions = {}): Promise<CpiAnswer> {
    const exchange = await this.send(JSON.stringify(request), options);
    const answer = this.#read(request, exchange, options.caller ?? 'bosh-director');
    this.#options.onAnswer(request, answer);
    return answer;
  }

  /** Makes a call that must succeed. */
  async result(
    method: string,
    args: readonly JsonValue[],
    options: CallOptions = {},
  ): Promise<JsonValue> {
    const { result, error } = await this.call(method, args, options);
    if (error === null) return result;
    throw new CpiAnswerError(method, `it failed with ${error.type}: ${error.message}`);
  }

  /** Makes a call that must fail. */
  async error(
    method: string,
    args: readonly JsonValue[],
    options: CallOptions = {},
  ): Promise<CpiError> {
    const { result, error } = await this.call(method, args, options);
    if (error !== null) return error;
    throw new CpiAnswerError(method, `it should fail, and answered ${JSON.stringify(result)}`);
  }

  /** Makes a call that must give a CID. */
  async cid(
    method: string,
    args: readonly JsonValue[],
    options: CallOptions = {},
  ): Promise<string> {
    const result = await this.result(method, args, options);
    const cid = Array.isArray(result) ? result[0] : result;
    if (typeof cid === 'string' && cid !== '') return cid;
    throw new CpiAnswerError(method, `it gave no CID, but ${JSON.stringify(result)}`);
  }

  /** Writes any text to the CPI's stdin; answers what it wrote, unread. */
  async send(input: string, options: CallOptions = {}): Promise<CpiExchange> {
    const { configuration, caller = 'bosh-director', environment, cwd } = options;
    const { folder, runCpi, nowMs, countRequests } = this.#options;
    const executable =
      configuration === undefined
        ? this.executable
        : this.#install(configuration(this.#options.configuration));
    const firstRequest = countRequests();
    const exchange = await runCpi(
      {
        executable,
        cwd: cwd ?? folder,
        environment: environment ?? this.#options.environment,
        nowMs,
        signal: this.#signal,
      },
      caller,
      input,
    );
    this.calls.push({ input, exchange, firstRequest, endRequest: countRequests() });
    return exchange;
  }

  #install(configuration: CpiConfiguration): string {
    const folder = join(this.#options.folder, `cpi-${(this.#installed += 1)}`);
    mkdirSync(folder);
    return installCpi({ folder, command: this.#options.command, configuration });
  }

  #request(method: string, args: readonly JsonValue[], options: CallOptions): CpiRequest {
    const { apiVersion = this.#options.apiVersion, stemcellApiVersion = 3, context } = options;
    const tellsStemcell = stemcellApiVersion !== null && callsOnVms.includes(method);
    return {
      method,
      arguments: [...args],
      context: {
        director_uuid: this.#options.directorUuid,
        request_id: `cpi-${String(100_000 + this.calls.length)}`,
        ...(tellsStemcell && { vm: { stemcell: { api_version: stemcellApiVersion } } }),
        ...context,
      },
      ...(apiVersion !== null && { api_version: apiVersion }),
    };
  }

  #read(request: CpiRequest, exchange: CpiExchange, caller: Caller): CpiAnswer {
    const { redact, limitMs } = this.#options;
    const { stderr, exitCode } = exchange;
    if (this.#signal.aborted) {
      throw new CpiAnswerError(
        request.method,
        `it had not answered when the ${limitMs / 1000} s of the case were over, and was ended`,
      );
    }
    if (exitCode === null) {
      throw new CpiAnswerError(
        request.method,
        `it was ended by a signal before it answered; stderr: ${redact(stderr).slice(-500)}`,
      );
    }
    const { complaints, response } = judge(caller, request, exchange);
    if (response === undefined || complaints.length > 0) {
      // They tell the beginning of what was answered: it must not be that of a secret.
      const open = judge(caller, request, { ...exchange, stdout: redact(exchange.stdout) });
      const told = open.complaints.length > 0 ? open.complaints : complaints;
      throw new CpiAnswerError(request.method, told.join('; '));
    }
    const document = JSON.parse(exchange.stdout) as JsonValue;
    if (!isObject(document)) throw new CpiAnswerError(request.method, 'the answer is no object');
    const { log } = document;
    return {
      result: response.result,
      error: response.error,
      log: typeof log === 'string' ? log : '',
      stderr,
      exitCode,
      document,
    };
  }
}
