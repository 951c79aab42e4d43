import type { Json } from '../kernel/json.js';
import type { BaseRow } from '../world/base-row.js';
import type { RoleType } from '../world/entities.js';
import type { SettingName } from '../world/settings/settings.js';
import type { CommandContext } from './context.js';
import type { Parameter } from './parameter.js';
import type { Field, ResponseObject } from './response.js';

/**
 * A CloudStack command is declared once, as a value. Routing, validation, rendering, jobs and the
 * documentation of the API follow from the declaration.
 */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

/** The arguments of a handler: required parameters are there, the others may be undefined. */
export type Arguments<P extends Parameters> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer Value, true>
    ? Value
    : P[Name] extends Parameter<infer Value>
      ? Value | undefined
      : never;
};

/** What a command answers with, and the type that its handler returns for that. */
export type ResponseShape<Out> =
  /** Rows, which are paged and rendered. `Out` is `readonly Row[]`. */
  | {
      readonly kind: 'list';
      readonly object: ResponseObject<never>;
      /** The key of the rows, where it is not the name of the object. */
      readonly keyOf?: (rows: readonly never[]) => string;
      readonly _out?: Out;
    }
  /** One row. */
  | { readonly kind: 'object'; readonly object: ResponseObject<never>; readonly _out?: Out }
  /** `{"success": true}`. `Out` is void. */
  | { readonly kind: 'success'; readonly _out?: Out }
  /** The fields directly in the wrapper. */
  | { readonly kind: 'flat'; readonly object: ResponseObject<never>; readonly _out?: Out };

export function listOf<Row>(
  object: ResponseObject<Row>,
  options: { readonly keyOf?: (rows: readonly Row[]) => string } = {},
): ResponseShape<readonly Row[]> {
  return { kind: 'list', object: object, ...options };
}

export function objectOf<Row>(object: ResponseObject<Row>): ResponseShape<Row> {
  return { kind: 'object', object: object };
}

export const success: ResponseShape<undefined> = { kind: 'success' };

export function flat<Row>(
  fields: Readonly<Record<string, Field<Row>>>,
  name = '',
): ResponseShape<Row> {
  return { kind: 'flat', object: { name, fields } };
}

interface CommandHead<P extends Parameters, Out> {
  readonly name: string;
  /** One sentence for listApis. */
  readonly summary: string;
  /** The version of CloudStack that introduced it, where listApis tells. */
  readonly since?: string;
  /** Whose default roles may call it. */
  readonly roles: readonly RoleType[];
  /** Roles of these types that an admin made may call it without a rule (`authorized` in @APICommand). */
  readonly grantedByType?: boolean;
  readonly parameters: P;
  readonly response: ResponseShape<Out>;
  /** What clients send although the command has no such parameter; CloudStack ignores it. */
  readonly ignores?: readonly string[];
  /** The response wrapper where it is not the lower-cased name with "response". */
  readonly wrapper?: string;
  /** What a job of the command takes before its first step, besides `duration.job`. */
  readonly preparation?: DurationName;
  /** The Java class that jobs of the command show, below org.apache.cloudstack.api.command. */
  readonly javaClass?: JavaClass;
  /**
   * Where CloudStack asks in the midst of the command how large an image is: its URL, or what is
   * refused before. The answer comes with the request (`imageBytes`); nothing is changed here.
   */
  readonly asksForSize?: (context: CommandContext, args: Arguments<P>) => string;
}

/** Some commands have a class of their own for root admins (ResponseView.Full). */
export interface JavaClass {
  readonly user: string;
  readonly rootAdmin?: string;
}

export interface SyncCommand<P extends Parameters, Out> extends CommandHead<P, Out> {
  readonly kind: 'sync';
  readonly run: (context: CommandContext, args: Arguments<P>) => Out;
  /** Where a list goes its own way with pages. */
  readonly paging?: (context: CommandContext, args: Arguments<P>) => PagingRule;
}

/** A list in pages, one that knows no pages, and one whose count is that of the page. */
export type PagingRule = 'usual' | 'whole' | 'counts the page';

/** What a job is about, as queryAsyncJobResult tells it. */
export interface JobSubject {
  readonly type: string;
  readonly id: string;
}

export interface AsyncCommand<P extends Parameters, Out> extends CommandHead<P, Out> {
  readonly kind: 'async';
  /** What CloudStack checks inside the HTTP request; a job begins only if this throws nothing. */
  readonly check?: (context: CommandContext, args: Arguments<P>) => void;
  readonly subject?: (args: Arguments<P>) => JobSubject | undefined;
  /** Jobs with the same queue run one after the other (the per-VM work queue). */
  readonly queue?: (context: CommandContext, args: Arguments<P>) => string | null;
  /**
   * What fails a job at once that would have to wait for others of its queue; a job that waits keeps
   * what is remembered here. The first step of one that does not wait checks it, too.
   */
  readonly admit?: (
    context: CommandContext,
    args: Arguments<P>,
    remember: JobProgress['remember'],
  ) => void;
  readonly steps: readonly JobStep<P, Out>[];
  readonly afterFailure?: AfterFailure<P>;
}

/**
 * What becomes of the resource when a host could not do a step of the job, besides that it leaves a
 * state between two. Failures that the command itself finds are its steps' own affair.
 */
export type AfterFailure<P extends Parameters> = (
  context: CommandContext,
  args: Arguments<P>,
  job: JobProgress,
) => void;

export interface AsyncCreateCommand<
  P extends Parameters,
  Out,
  Created extends BaseRow,
> extends CommandHead<P, Out> {
  readonly kind: 'async-create';
  readonly subjectType: string;
  /** The part that runs inside the HTTP request: its errors are HTTP errors and no job exists. */
  readonly create: (context: CommandContext, args: Arguments<P>) => Created;
  readonly queue?: (created: Created, context: CommandContext) => string | null;
  readonly steps: readonly JobStep<P, Out>[];
  readonly afterFailure?: AfterFailure<P>;
}

/** One step of a job. Each reads its arguments anew and says how the job goes on. */
export type JobStep<P extends Parameters, Out> = (
  context: CommandContext,
  args: Arguments<P>,
  job: JobProgress,
) => StepOutcome<Out>;

/** Plain data that a job keeps between its steps. */
export type Memo = Readonly<Record<string, Json>>;

/** What a step knows of its job. */
export interface JobProgress {
  readonly jobId: string;
  /** The id of what an async-create command created. */
  readonly createdId: string;
  /** What earlier steps left; `remember` adds to it. */
  readonly memo: Memo;
  readonly remember: (values: Memo) => void;
}

/** Whether the job waited for others of its queue after it was let in. */
export function hasWaited({ memo }: JobProgress): boolean {
  return memo['hasWaited'] === true;
}

export type DurationName = Extract<SettingName, `duration.${string}`>;

export type StepOutcome<Out> =
  | { readonly kind: 'wait'; readonly duration: DurationName }
  | { readonly kind: 'again'; readonly duration: DurationName }
  | { readonly kind: 'continue' }
  | { readonly kind: 'done'; readonly value: Out };

/** Goes on with the next step after the setting `duration`. */
export function wait(duration: DurationName): StepOutcome<never> {
  return { kind: 'wait', duration };
}

/** Does the same step again after the setting `duration`. */
export function again(duration: DurationName): StepOutcome<never> {
  return { kind: 'again', duration };
}

/** Goes on with the next step at once. */
export const proceed: StepOutcome<never> = { kind: 'continue' };

/** Ends the job with success. */
export function done<Out>(value: Out): StepOutcome<Out> {
  return { kind: 'done', value };
}

/** `{"success": true}`. */
export const succeeded: StepOutcome<undefined> = { kind: 'done', value: undefined };

export function syncCommand<P extends Parameters, Out>(
  command: Omit<SyncCommand<P, Out>, 'kind'>,
): AnyCommand {
  return { kind: 'sync', ...command } as unknown as AnyCommand;
}

export function asyncCommand<P extends Parameters, Out>(
  command: Omit<AsyncCommand<P, Out>, 'kind'>,
): AnyCommand {
  return { kind: 'async', ...command } as unknown as AnyCommand;
}

export function asyncCreateCommand<P extends Parameters, Out, Created extends BaseRow>(
  command: Omit<AsyncCreateCommand<P, Out, Created>, 'kind'>,
): AnyCommand {
  return { kind: 'async-create', ...command } as unknown as AnyCommand;
}

/** A command of any kind, for code that treats them all alike; the frame keeps its types apart. */
export type AnyCommand =
  | SyncCommand<Parameters, unknown>
  | AsyncCommand<Parameters, unknown>
  | AsyncCreateCommand<Parameters, unknown, BaseRow>;

/** The key under which the answer stands (BaseCmd.getResponseNameByClass). */
export function wrapperOf(command: { readonly name: string; readonly wrapper?: string }): string {
  return command.wrapper ?? `${command.name.toLowerCase()}response`;
}

/** A command as error texts name it: its wrapper less the word "response" (ParamProcessWorker). */
export function commandTextOf(command: AnyCommand): string {
  return wrapperOf(command).replace(/response$/i, '');
}

/** Every role that CloudStack ships. */
export const everyRole: readonly RoleType[] = ['Admin', 'DomainAdmin', 'ResourceAdmin', 'User'];

/** The roles that manage users and domains. */
export const everyAdmin: readonly RoleType[] = ['Admin', 'DomainAdmin', 'ResourceAdmin'];

/** The roles that see what the cloud is built of. */
export const rootAndResourceAdmin: readonly RoleType[] = ['Admin', 'ResourceAdmin'];

/** Root admins alone. */
export const rootOnlyRole: readonly RoleType[] = ['Admin'];
