// The HTTP API of the BOSH registry, as agents below 2.478 and CPIs know it: bosh-registry's
// api_controller.rb, and what its Go and Ruby clients rely on.
import express, {
  type Express,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import { readBody } from '../serving/read-body.js';
import { failureAnswer, isClientFault, type TellFailure } from '../serving/failure-answer.js';
import { CloudStackError } from '../cloudstack/errors.js';
import { accessLog, type AccessLine } from '../serving/access-log.js';
import { basicCredentials, isKnown, type Credentials } from '../serving/credentials.js';
import { healthOf } from '../serving/health.js';
import { etagOf, isConditional, isMet, type Conditions } from './etag.js';
import { TooManyReads } from './limited-reads.js';
import { StoreUnavailable, type SettingsStore } from './settings-store.js';
import type { MayRead } from './source-address.js';

export interface RegistryOptions {
  readonly store: SettingsStore;
  readonly users: readonly Credentials[];
  /** Decides about readers without credentials; without it they are refused. */
  readonly mayRead?: MayRead | undefined;
  /** Longest settings that are taken, in bytes. */
  readonly settingsBytesMax: number;
  readonly nowMs: () => number;
  readonly onAccess: (line: AccessLine) => void;
  /** What went wrong inside, for the operator; the client is told no details. */
  readonly onFailure: (failure: unknown) => void;
}

/** The registry as a request handler. */
export function registryApp(options: RegistryOptions): Express {
  const { store, users, mayRead } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(accessLog(options.nowMs, options.onAccess));
  const isHealthy = healthOf({ ...options, check: () => store.check() });
  app
    .route('/health')
    .get(async (_, response) => {
      if (await isHealthy()) answer(response, 200, 'ok');
      else answer(response, 503, 'unavailable');
    })
    .all(notAllowed('GET, HEAD'));
  const known = onlyKnown(users);
  app
    .route('/instances')
    .get(known, async (_, response) => {
      response.json({ status: 'ok', instances: await store.instanceIds() });
    })
    .all(notAllowed('GET, HEAD'));
  app
    .route('/instances/:id/settings')
    .all(soundInstanceId)
    .get(readersOnly(users, mayRead), async ({ params: { id }, headers }, response) => {
      const settings = await store.get(id);
      if (settings === undefined) return answer(response, 404, 'not_found');
      // Express looks at If-None-Match: 304.
      if (!isMet({ 'if-match': headers['if-match'] }, settings)) return refused(response);
      return response.set('ETag', etagOf(settings)).json({ status: 'ok', settings });
    })
    .put(known, async (request, response) => {
      const bytes = await readBody(request, options.settingsBytesMax);
      if (bytes === 'too large') return answer(response, 413, 'too_large');
      const settings = settingsOf(bytes);
      if (settings === undefined) return answer(response, 400, 'bad_request');
      const { id } = request.params;
      if (!isConditional(request.headers)) await store.put(id, settings);
      else if (!(await changeIf(request.headers, store, id, settings))) return refused(response);
      return answer(response.set('ETag', etagOf(settings)), 200, 'ok');
    })
    .delete(known, async ({ params: { id }, headers }, response) => {
      if (!isConditional(headers)) await store.remove(id);
      else if (!(await changeIf(headers, store, id, undefined))) return refused(response);
      return answer(response, 200, 'ok');
    })
    .all(notAllowed('GET, HEAD, PUT, DELETE'));
  app.use((_, response) => answer(response, 404, 'not_found'));
  app.use(failureAnswer(options.onFailure, tellFailure));
  return app;
}

type Status =
  | 'ok'
  | 'not_found'
  | 'access_denied'
  | 'bad_request'
  | 'precondition_failed'
  | 'too_large'
  | 'too_many_requests'
  | 'method_not_allowed'
  | 'unavailable'
  | 'error';

function answer(response: Response, code: number, status: Status): Response {
  return response.status(code).json({ status });
}

const tellFailure: TellFailure = (response, failure) => {
  if (failure instanceof TooManyReads) {
    answer(response.set('Retry-After', '1'), failure.status, 'too_many_requests');
  } else if (isClientFault(failure)) answer(response, 400, 'bad_request');
  // CloudStack could not say whose an address is: a reader may ask again.
  else if (failure instanceof StoreUnavailable || failure instanceof CloudStackError) {
    answer(response, 503, 'unavailable');
  } else answer(response, 500, 'error');
};

interface OfInstance {
  id: string;
}

function notAllowed<Parameters>(allowed: string): RequestHandler<Parameters> {
  return (_, response) => {
    response.set('Allow', allowed);
    answer(response, 405, 'method_not_allowed');
  };
}

function refused(response: Response): Response {
  return answer(response, 412, 'precondition_failed');
}

/** Whether what was there met the conditions, and these settings, or nothing, came in its place. */
async function changeIf(
  conditions: Conditions,
  store: SettingsStore,
  id: string,
  settings: string | undefined,
): Promise<boolean> {
  for (;;) {
    const now = await store.get(id);
    if (!isMet(conditions, now)) return false;
    if (await store.replace(id, now, settings)) return true;
  }
}

/**
 * Names are CloudStack's VM names, or an agent's id: nothing that needs escaping is among them, and
 * nothing that a client takes for a way up or for none (`..` and `.`).
 */
function soundInstanceId(
  { params: { id } }: Request<OfInstance>,
  response: Response,
  next: NextFunction,
): void {
  if (/^(?!\.{1,2}$)[\w.:-]{1,255}$/.test(id)) next();
  else answer(response, 404, 'not_found');
}

function onlyKnown(users: readonly Credentials[]): RequestHandler<OfInstance> {
  return (request, response, next) => {
    if (isKnown(basicCredentials(request.headers.authorization), users)) next();
    else denied(response);
  };
}

/** As in the BOSH registry, wrong credentials are as good as none: the address may still do. */
function readersOnly(
  users: readonly Credentials[],
  mayRead: MayRead | undefined,
): RequestHandler<OfInstance> {
  return async (request, response, next) => {
    if (isKnown(basicCredentials(request.headers.authorization), users)) {
      next();
      return;
    }
    const { id } = request.params;
    const address = request.socket.remoteAddress ?? '';
    // Whether there are settings is not looked at: who is not let in would see it by how the answer
    // comes, when too many ask or CloudStack is away.
    if (mayRead !== undefined && (await mayRead(id, address))) next();
    else denied(response);
  };
}

function denied(response: Response): void {
  response.set('WWW-Authenticate', 'Basic realm="Bosh Registry"');
  answer(response, 401, 'access_denied');
}

/** The text of a body that is a JSON object; undefined if it is none, as with a mark before it. */
function settingsOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? text : undefined;
  } catch {
    return undefined;
  }
}
