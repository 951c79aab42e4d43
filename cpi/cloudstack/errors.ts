/** Why a CloudStack call did not give what was asked for; decided once, in `classify`. */
export type CloudStackErrorKind =
  /** The thing does not exist (any more). */
  | 'not-found'
  /** Keys or clock wrong, user disabled. */
  | 'auth'
  /** The role may not call this command at all. */
  | 'forbidden-api'
  /** The command is allowed, but not on this thing or in this way. */
  | 'permission'
  /** A parameter or the state of the thing does not allow it. */
  | 'invalid'
  /** A delete protection or another operation in progress. */
  | 'in-use'
  /** Something with this name, tag, rule or address exists already. */
  | 'conflict'
  /** No host, storage or address has room. */
  | 'capacity'
  /** A resource limit of the account or domain. */
  | 'limit'
  /** CloudStack failed; its text is all there is to know. */
  | 'internal'
  /** CloudStack failed and hides the reason from ordinary users. */
  | 'internal-masked'
  /** Refused for sending too many requests. */
  | 'throttled'
  /** The management server takes no requests at the moment. */
  | 'unavailable'
  /** Whatever answered is no CloudStack API. */
  | 'not-cloudstack'
  /** No connection; the request had no effect. */
  | 'unreachable'
  /** Sent, but the answer was lost: it may have had an effect. Look before doing it again. */
  | 'outcome-unknown'
  /** CloudStack forgot or cancelled the job: it may have had an effect. */
  | 'job-lost'
  /** The job is still running after the time it was given. */
  | 'deadline';

export interface CloudStackErrorDetails {
  readonly kind: CloudStackErrorKind;
  /** The command that was called, e.g. `attachVolume`. */
  readonly command: string;
  /** HTTP status, or the result code of a job. */
  readonly errorCode?: number | undefined;
  /** CloudStack's own text, or ours where it gave none. */
  readonly text: string;
  /** The things that the command was about, such as `id 7f2c…`; its texts often do not tell. */
  readonly about?: readonly string[];
  readonly jobId?: string | undefined;
  /** The command did not fail, but what it answered is no good. */
  readonly isAnswer?: true;
  /** What to do about it, where the kind's usual advice does not fit. */
  readonly advice?: string;
  readonly cause?: unknown;
}

/** A CloudStack call that failed. The message says what, why and what to do; never a secret. */
export class CloudStackError extends Error {
  override readonly name = 'CloudStackError';
  readonly kind: CloudStackErrorKind;
  readonly command: string;
  readonly errorCode: number | undefined;
  readonly text: string;
  readonly jobId: string | undefined;
  readonly #details: CloudStackErrorDetails;

  constructor(details: CloudStackErrorDetails) {
    super(messageOf(details), { cause: details.cause });
    this.#details = details;
    this.kind = details.kind;
    this.command = details.command;
    this.errorCode = details.errorCode;
    this.text = details.text;
    this.jobId = details.jobId;
  }

  /** The same error with a message that names these things, unless it names some already. */
  naming(about: readonly string[]): CloudStackError {
    if (about.length === 0 || this.#details.about !== undefined) return this;
    return new CloudStackError({ ...this.#details, about });
  }

  /** The same error with a message that says this to do about it. */
  advising(advice: string): CloudStackError {
    return new CloudStackError({ ...this.#details, advice });
  }
}

/** What CloudStack says of a request before it does anything: of parameters, sender or a limit. */
const refusals = ['not-found', 'auth', 'forbidden-api', 'permission', 'invalid', 'limit'] as const;

/**
 * Whether CloudStack has refused the request itself, with an error of one of these kinds; what a
 * job tells comes after the effect that it may have had.
 */
export function isRefusedAtOnce(
  failure: unknown,
  kinds: readonly CloudStackErrorKind[] = refusals,
): failure is CloudStackError {
  return isCloudStackError(failure, ...kinds) && failure.jobId === undefined;
}

/** Whether `error` is a CloudStackError of one of these kinds. */
export function isCloudStackError(
  error: unknown,
  ...kinds: readonly CloudStackErrorKind[]
): error is CloudStackError {
  return error instanceof CloudStackError && (kinds.length === 0 || kinds.includes(error.kind));
}

/**
 * Whether a failure of looking says nothing about what was looked at, so that looking again makes
 * sense: the way was blocked, or the management server was not itself.
 */
export function isPassing(failure: unknown): boolean {
  return isCloudStackError(failure, ...passingKinds);
}

const passingKinds = [
  'unreachable',
  'unavailable',
  'throttled',
  'not-cloudstack',
  'internal',
  'internal-masked',
] as const;

/** The text that ordinary users get instead of the reason (BaseCmd.USER_ERROR_MESSAGE). */
export const maskedText =
  'Internal error executing command, please contact your system administrator';

interface Rule {
  readonly codes?: readonly number[];
  readonly text?: RegExp;
  readonly kind: CloudStackErrorKind;
}

/**
 * First match wins. Codes are those of ApiErrorCode; texts are the ones that tell apart what
 * shares a code. "Gone" comes in two shapes: the id was never known (the parameter check's text),
 * or it was and is removed (each service's own text, with an internal number).
 */
const rules: readonly Rule[] = [
  { text: new RegExp(`^${maskedText}`), kind: 'internal-masked' },
  { codes: [401], text: /^The given command .* does not exist/, kind: 'forbidden-api' },
  { codes: [401, 511], kind: 'auth' },
  { codes: [432], text: /\b(API|command)\b/, kind: 'forbidden-api' },
  { codes: [431, 432], text: /should be in ready or allocated state/, kind: 'in-use' },
  { codes: [432], kind: 'invalid' },
  { codes: [429], kind: 'throttled' },
  { codes: [503], kind: 'unavailable' },
  { text: /incorrect long value format, or entity does not exist/, kind: 'not-found' },
  {
    text: /\bunable to find (a |an )?(virtual machine|volume|template|vm|user vm|nic|ip address|network|snapshot|affinity group)\b/i,
    kind: 'not-found',
  },
  { text: /^Unable to delete template.* because .*using it/, kind: 'in-use' },
  {
    text: /\b(volume|network|vm|template|ip address)[^.]* (does not|doesn't) exist\b|^No such volume|^Snapshot .* is already destroyed/i,
    kind: 'not-found',
  },
  { text: /^Maximum (amount|number|domain resource limits) .*(exceeded|limit)/i, kind: 'limit' },
  { text: /exception while (registering template|uploading a volume): Maximum/i, kind: 'limit' },
  { codes: [532, 535], kind: 'limit' },
  {
    text: /only be done by an Admin|can be passed by Admin only|does not have permission/i,
    kind: 'permission',
  },
  { codes: [531], kind: 'permission' },
  {
    text: /is already taken|already exists|already on \w+ with id|please choose another ip/i,
    kind: 'conflict',
  },
  { codes: [537], kind: 'conflict' },
  {
    text: /Insufficient (address )?capacity|Unable to acquire (requested )?Guest IP address/i,
    kind: 'capacity',
  },
  {
    text: /No destination found for a deployment|Unable to create a deployment|Unable to find suitable primary storage/i,
    kind: 'capacity',
  },
  { text: /image store with enough capacity/, kind: 'capacity' },
  { text: /storage pool .*does not have enough space|no suitable pool\(s\)/i, kind: 'capacity' },
  { codes: [533, 534], kind: 'capacity' },
  {
    text: /please specify a volume that is not attached|delete protection enabled|getting uploaded or it may be initiated|operations? in progress|unbacked up snapshot|other active snapshot tasks|Can't delete snapshot|currently being downloaded/i,
    kind: 'in-use',
  },
  { codes: [536], kind: 'in-use' },
  { codes: [400, 405, 430, 431], kind: 'invalid' },
];

/** The kind of an error by CloudStack's code and text; `internal` when nothing else fits. */
export function classify(errorCode: number | undefined, text: string): CloudStackErrorKind {
  const rule = rules.find(
    ({ codes, text: pattern }) =>
      (codes === undefined || (errorCode !== undefined && codes.includes(errorCode))) &&
      (pattern === undefined || pattern.test(text)),
  );
  return rule?.kind ?? 'internal';
}

/** What the message of each kind says to do next, where nothing better is known. */
export const usualAdvice: Readonly<Record<CloudStackErrorKind, string>> = {
  'not-found':
    'somebody may have deleted it, or the account does not see it; `bosh cloud-check` tells what a ' +
    'deployment misses',
  permission:
    'the account must own it, or be allowed to use it and to do this; ask the operator of the cloud',
  invalid: 'correct what CloudStack names, in cloud_properties or in the cloud',
  'in-use': 'end what is in the way, or wait until it has ended, then try again',
  conflict: 'remove or rename the one that is there, or ask for another name, port or address',
  capacity:
    'free resources, have hosts or storage added, or choose other offerings or another zone',
  internal: 'the log of the management server has more; try again if it was a passing failure',
  auth:
    'check cloudstack.api_key and cloudstack.secret_access_key, and that the clock of this ' +
    'machine is right',
  'forbidden-api':
    'the role of this account must be allowed to call it; `cloudstack-cpi permissions` prints that role',
  'internal-masked':
    'CloudStack hides the reason from ordinary users; its management server log has it',
  throttled: 'raise api.throttling.max in CloudStack or make fewer calls at a time',
  unavailable: 'wait until the management server is back, then try again',
  'not-cloudstack': 'check cloudstack.endpoint (it usually ends in /client/api)',
  unreachable: 'check cloudstack.endpoint and the network between this machine and it',
  'outcome-unknown': 'the request may have had an effect; look before repeating it',
  'job-lost': 'the job may have had an effect; look before repeating it',
  deadline: 'the job may still end; raise cloudstack.state_timeout if this cloud is slow',
  limit: 'raise the limit of the account or its domain, or free resources',
};

function messageOf(details: CloudStackErrorDetails): string {
  const failed = details.isAnswer === true ? '' : ' failed';
  const code = details.errorCode === undefined ? '' : ` with code ${details.errorCode}`;
  const help = details.advice ?? usualAdvice[details.kind];
  const text = details.text.trim().replace(/\s+/g, ' ');
  const { about = [], jobId } = details;
  const named = [...about, ...(jobId === undefined ? [] : [`job ${jobId}`])].filter(
    (thing) => !text.includes(thing.slice(thing.indexOf(' ') + 1)),
  );
  const what = named.length === 0 ? '' : ` (${named.join(', ')})`;
  return `CloudStack ${details.command}${failed}${code}${what}: ${text}; ${help}`;
}
