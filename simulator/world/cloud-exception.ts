/**
 * What CloudStack refuses, by the exception that it throws for it. The exception decides the HTTP
 * status, the `cserrorcode`, whether ordinary users see the text, and what an asynchronous job
 * makes of it (ApiServer.handleRequest, ApiAsyncJobDispatcher.runJob, CSExceptionErrorCode).
 */
export type Exception =
  | 'InvalidParameterValueException'
  | 'PermissionDeniedException'
  | 'AccountLimitException'
  | 'InsufficientCapacityException'
  | 'ResourceUnavailableException'
  | 'ResourceAllocationException'
  | 'CloudRuntimeException'
  | 'UnsupportedServiceException'
  | 'UncheckedException'
  | 'IllegalArgumentException'
  | 'ServerApiException';

interface ExceptionRule {
  readonly httpStatus: number;
  readonly csErrorCode: number;
  /** Callers other than root admins get a generic text instead. */
  readonly masked: boolean;
}

const rules: Readonly<Record<Exclude<Exception, 'ServerApiException'>, ExceptionRule>> = {
  InvalidParameterValueException: { httpStatus: 431, csErrorCode: 4350, masked: false },
  PermissionDeniedException: { httpStatus: 531, csErrorCode: 4365, masked: false },
  AccountLimitException: { httpStatus: 532, csErrorCode: 4280, masked: false },
  InsufficientCapacityException: { httpStatus: 533, csErrorCode: 4325, masked: true },
  ResourceUnavailableException: { httpStatus: 534, csErrorCode: 4380, masked: true },
  ResourceAllocationException: { httpStatus: 535, csErrorCode: 4370, masked: false },
  CloudRuntimeException: { httpStatus: 530, csErrorCode: 4250, masked: true },
  UnsupportedServiceException: { httpStatus: 530, csErrorCode: 4390, masked: true },
  /** A checked exception inside `new CloudRuntimeException(e)`: its code is never set. */
  UncheckedException: { httpStatus: 530, csErrorCode: 0, masked: true },
  /** Java's own, for which CloudStack has no code of its own. */
  IllegalArgumentException: { httpStatus: 431, csErrorCode: 9999, masked: false },
};

/** What callers read instead of a masked text (BaseCmd.USER_ERROR_MESSAGE). */
export const MASKED_TEXT =
  'Internal error executing command, please contact your system administrator';

export interface ErrorReference {
  readonly uuid: string;
  readonly description: string;
}

/** A refusal with CloudStack's code and text. */
export class CloudException extends Error {
  readonly exception: Exception;
  readonly httpStatus: number;
  readonly csErrorCode: number;
  readonly masked: boolean;
  readonly uuidList: readonly ErrorReference[];
  /** What only a simulator can add, such as the setting that would allow it; no client reads it. */
  readonly hint: string | undefined;

  constructor(
    exception: Exception,
    text: string,
    details: {
      readonly httpStatus?: number;
      readonly uuidList?: readonly ErrorReference[];
      readonly hint?: string | undefined;
    } = {},
  ) {
    super(text);
    this.name = 'CloudException';
    const rule =
      exception === 'ServerApiException'
        ? { httpStatus: 530, csErrorCode: 9999, masked: false }
        : rules[exception];
    this.exception = exception;
    this.httpStatus = details.httpStatus ?? rule.httpStatus;
    this.csErrorCode = rule.csErrorCode;
    this.masked = rule.masked;
    this.uuidList = details.uuidList ?? [];
    this.hint = details.hint;
  }

  /** The code with which a job ends: all but two exceptions become 530 there. */
  get jobResultCode(): number {
    const kept =
      this.exception === 'InvalidParameterValueException' ||
      this.exception === 'ServerApiException';
    return kept ? this.httpStatus : 530;
  }
}

/** A value that the command does not accept: 431. */
export function invalidParameter(
  text: string,
  uuidList: readonly ErrorReference[] = [],
  hint?: string,
): CloudException {
  return new CloudException('InvalidParameterValueException', text, { uuidList, hint });
}

/** A value that Java itself does not accept: 431, in a job 530. */
export function illegalArgument(text: string): CloudException {
  return new CloudException('IllegalArgumentException', text);
}

/** What the caller may not do: 531, in a job 530. */
export function permissionDenied(text: string, hint?: string): CloudException {
  return new CloudException('PermissionDeniedException', text, { hint });
}

/** Something went wrong inside: 530; the text is masked for all but root admins, save in a job. */
export function cloudRuntime(text: string, hint?: string): CloudException {
  return new CloudException('CloudRuntimeException', text, { hint });
}

/** Java trips over a row that is gone: 530, with what it says of that. */
export function nullPointer(method: string, variable: string): CloudException {
  return cloudRuntime(`Cannot invoke "com.cloud.${method}" because "${variable}" is null`);
}

/** A limit of the account is reached: 535, in a job 530. */
export function resourceAllocation(text: string): CloudException {
  return new CloudException('ResourceAllocationException', text);
}

/** An error that the command itself gives a code; never masked. */
export function serverApiError(httpStatus: number, text: string): CloudException {
  return new CloudException('ServerApiException', text, { httpStatus });
}
