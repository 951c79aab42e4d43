import { CloudException, cloudRuntime } from '../world/cloud-exception.js';
import type { Caller } from '../declare/caller.js';
import {
  commandTextOf,
  wrapperOf,
  type AnyCommand,
  type Arguments,
  type Parameters,
} from '../declare/command.js';
import type { CommandContext } from '../declare/context.js';
import { assertWholePage } from '../declare/list-parameters.js';
import type { JsonObject } from '../kernel/json.js';
import { isRefusalEffect } from '../faults/effects.js';
import { refusalOf } from '../faults/refusals.js';
import type { FaultEffect } from '../world/entities.js';
import type { World } from '../world/world.js';
import { assertPrintable, assertSimulated, readArguments } from './arguments.js';
import { BadCredentials, authenticate } from './authenticate.js';
import { recordSuccess } from './event-records.js';
import { answerUnderFaults } from './faulty-answer.js';
import type { ApiOutcome, ApiRequest, ApiResponse } from './http.js';
import { submissionOf } from './job-submission.js';
import type { JobCommand } from './job-work.js';
import { Jobs } from './jobs.js';
import {
  contentReply,
  credentialsReply,
  errorReply,
  formatOf,
  renderResult,
  type Format,
  type Writing,
} from './reply.js';
import { readParameters, unpackParameters } from './request-parameters.js';
import { unsupportedMethod } from './unsupported-method.js';
import { mapFieldsOf } from './xml.js';

export interface ApiOptions {
  readonly world: World;
  readonly commands: readonly AnyCommand[];
  /** Where clients reach the API. */
  readonly origin: () => string;
  /** Ignore parameters that are not simulated instead of refusing them. */
  readonly loose: boolean;
  /** Told of errors that are the simulator's own fault. */
  readonly onFault: (error: unknown) => void;
  /** Told of each request for a command that is not simulated, which is answered with 401. */
  readonly onUnsimulatedCommand?: ((name: string) => void) | undefined;
  /** Told what only a simulator can add to a refused request. */
  readonly onHint?: ((hint: string) => void) | undefined;
}

/** What a command may know of the request that it came with. */
type Origin = Pick<ApiRequest, 'method' | 'imageBytes'>;

/** The API of the zone: a function from a request to a reply, whatever brought the request. */
export class Api {
  readonly jobs: Jobs;
  readonly #options: ApiOptions;
  readonly #commands: ReadonlyMap<string, AnyCommand>;
  readonly #mapFields: ReadonlySet<string>;
  /** The commands that ask for the size of an image. */
  readonly #asking: readonly AnyCommand[];

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#mapFields = mapFieldsOf(options.commands);
    this.#asking = options.commands.filter(({ asksForSize }) => asksForSize !== undefined);
    this.#commands = new Map(options.commands.map((command) => [command.name, command]));
    this.jobs = new Jobs({
      ...options,
      commandNamed: (name) => this.#commands.get(name),
    });
  }

  /**
   * The URL of an image whose size CloudStack would ask for before it answers; undefined where it asks
   * nobody, or refuses the request without. Nothing changes.
   */
  urlToMeasure(request: ApiRequest): string | undefined {
    const { query, body } = request;
    const mayAsk = this.#asking.some(({ name }) => query.includes(name) || body.includes(name));
    if (!mayAsk) return undefined;
    const parameters = readParameters(request);
    const command = this.#commands.get(parameters.get('command') ?? '');
    if (command?.asksForSize === undefined) return undefined;
    try {
      const caller = authenticate(this.#options.world, command, parameters, request.hostNowMs);
      const context = this.#contextOf(command, request, caller);
      return command.asksForSize(
        context,
        readArguments(command, unpackParameters(parameters), context),
      );
    } catch (error) {
      // What is refused here is refused again, with an answer, when the request is carried out.
      if (error instanceof CloudException || error instanceof BadCredentials) return undefined;
      throw error;
    }
  }

  /** Answers one request: finds the command, checks the caller, runs it, renders the reply. */
  dispatch(request: ApiRequest): ApiOutcome {
    const { kernel } = this.#options.world;
    const parameters = readParameters(request);
    const name = parameters.get('command');
    const cause = this.#nextCause(name);
    kernel.catchUp();
    const outcome = kernel.because(cause, () =>
      answerUnderFaults(this.#options.world, {
        command: name ?? '',
        parameters,
        apply: (refuse) => this.#reply(request, parameters, name, refuse),
        applyAgain: () =>
          kernel.because(this.#nextCause(name), () => this.#reply(request, parameters, name)),
      }),
    );
    kernel.settle();
    return outcome;
  }

  /** Each request has a number of its own. */
  #nextCause(name: string | undefined): string {
    const { kernel } = this.#options.world;
    return `request:${kernel.ids.next('request')} ${name ?? '(no command)'}`;
  }

  #reply(
    request: ApiRequest,
    parameters: ReadonlyMap<string, string>,
    name: string | undefined,
    refuse?: FaultEffect,
  ): ApiResponse {
    const response = this.#answer(request, parameters, name, refuse);
    return request.method === 'HEAD' ? withoutBody(response) : response;
  }

  #answer(
    request: ApiRequest,
    parameters: ReadonlyMap<string, string>,
    name: string | undefined,
    refuse?: FaultEffect,
  ): ApiResponse {
    const { world } = this.#options;
    const format = formatOf(parameters);
    const refused = unsupportedMethod(request.method, world.kernel.nowMs);
    if (refused !== undefined) return refused;
    // A request without a command gets the text "null" where its wrapper would stand.
    if (name === undefined) return credentialsReply('null', this.#writing(format));
    const command = this.#commands.get(name);
    if (command === undefined) {
      this.#options.onUnsimulatedCommand?.(name);
      return credentialsReply('errorresponse', this.#writing(format));
    }
    const wrapper = wrapperOf(command);
    let caller: Caller | undefined;
    try {
      caller = authenticate(world, command, parameters, request.hostNowMs);
      if (refuse !== undefined) assertNotRefused(world, refuse, caller);
      assertPrintable(parameters);
      const content = this.#execute(command, request, parameters, caller);
      return contentReply(wrapper, content, this.#writing(format));
    } catch (error) {
      return this.#refuse(error, wrapper, caller, this.#writing(format));
    }
  }

  /** How an answer is written at this moment. */
  #writing(format: Format): Writing {
    const { settings, kernel } = this.#options.world;
    const version = settings.get('cloudstack.version');
    return { format, version, worldMs: kernel.nowMs, mapFields: this.#mapFields };
  }

  /** Carries a command out in somebody's name, without a request: what the zone asks of itself. */
  sendAs(caller: Caller, name: string, parameters: ReadonlyMap<string, string>): JsonObject {
    const command = this.#commands.get(name);
    if (command === undefined) throw new Error(`there is no command ${name}`);
    return this.#execute(command, { method: 'GET' }, parameters, caller);
  }

  #execute(
    command: AnyCommand,
    request: Origin,
    parameters: ReadonlyMap<string, string>,
    caller: Caller,
  ): JsonObject {
    const { world } = this.#options;
    const raw = unpackParameters(parameters);
    if (!this.#options.loose) assertSimulated(command, raw);
    const context = this.#contextOf(command, request, caller);
    const args = readArguments(command, raw, context);
    if (Object.hasOwn(command.parameters, 'pagesize')) assertWholePage(raw);
    if (command.kind === 'sync') {
      const result = command.run(context, args);
      recordSuccess(command, context, args, result);
      const paging = {
        page: args['page'] as number | undefined,
        pageSize: args['pagesize'] as number | undefined,
        maxPageSize: world.settings.get('default.page.size'),
        onlyCount: args['retrieveonlyresourcecount'] === true,
        rule: command.paging?.(context, args) ?? 'usual',
      };
      return renderResult(command, result, paging, context);
    }
    return this.#submit(command, context, args, parameters);
  }

  #contextOf(
    command: AnyCommand,
    { method, imageBytes = 0 }: Origin,
    caller: Caller,
  ): CommandContext {
    return {
      world: this.#options.world,
      caller,
      commandText: commandTextOf(command),
      httpMethod: method === 'POST' ? 'POST' : 'GET',
      origin: this.#options.origin(),
      imageBytes,
      commands: this.#options.commands,
    };
  }

  #submit(
    command: JobCommand,
    context: CommandContext,
    args: Arguments<Parameters>,
    parameters: ReadonlyMap<string, string>,
  ): JsonObject {
    const { createdId, submission } = submissionOf(command, context, args, parameters);
    const { id: jobid } = this.jobs.submit(command, submission);
    return createdId === undefined ? { jobid } : { id: createdId, jobid };
  }

  #refuse(
    error: unknown,
    wrapper: string,
    caller: Caller | undefined,
    writing: Writing,
  ): ApiResponse {
    if (error instanceof BadCredentials) return credentialsReply(wrapper, writing);
    const exception = error instanceof CloudException ? error : this.#fault(error);
    if (exception.hint !== undefined) this.#options.onHint?.(exception.hint);
    const key = exception.httpStatus === 432 ? 'errorresponse' : wrapper;
    return errorReply(key, exception, caller, writing);
  }

  #fault(error: unknown): CloudException {
    this.#options.onFault(error);
    return cloudRuntime(`Unexpected exception: ${String(error)}`);
  }
}

/** What HEAD is answered with (HttpServlet.doHead): all that GET would bring but the body. */
function withoutBody({ status, headers, body }: ApiResponse): ApiResponse {
  const length = String(Buffer.byteLength(body));
  return { status, headers: { ...headers, 'content-length': length }, body: '' };
}

/** Throws what a fault plan has the API refuse the caller with. */
function assertNotRefused(world: World, effect: FaultEffect, caller: Caller): void {
  if (!isRefusalEffect(effect)) return;
  if (effect.effect === 'unauthorized') throw new BadCredentials();
  const refusal = refusalOf(world, effect, caller);
  if (refusal !== undefined) throw refusal;
}
