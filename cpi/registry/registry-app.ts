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
import { accessLog, giveReason, type AccessLine } from '../serving/access-log.js';
import { basicCredentials, isKnown, type Credentials } from '../serving/credentials.js';
import { healthOf } from '../serving/health.js';
import { etagOf, isConditional, isMet, type Conditions } from './etag.js';
import { TooManyReads } from './limited-reads.js';
import { settingsOf } from './settings-body.js';
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
      if (await isHealthy()) ok(response);
      else refuse(response, 503, 'unavailable', storeCannot);
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
      if (settings === undefined) return refuse(response, 404, 'not_found', noSettings);
      // Express looks at If-None-Match: 304.
      if (!isMet({ 'if-match': headers['if-match'] }, settings)) return unmet(response);
      return response.set('ETag', etagOf(settings)).json({ status: 'ok', settings });
    })
    .put(known, async (request, response) => {
      const { settingsBytesMax: bytesMax } = options;
      const bytes = await readBody(request, bytesMax);
      if (bytes === 'too large') return refuse(response, 413, 'too_large', tooLarge(bytesMax));
      const { text: settings, problem } = settingsOf(bytes);
      if (settings === undefined) return refuse(response, 400, 'bad_request', problem);
      const { id } = request.params;
      if (!isConditional(request.headers)) await store.put(id, settings);
      else if (!(await changeIf(request.headers, store, id, settings))) return unmet(response);
      return ok(response.set('ETag', etagOf(settings)));
    })
    .delete(known, async ({ params: { id }, headers }, response) => {
      if (!isConditional(headers)) await store.remove(id);
      else if (!(await changeIf(headers, store, id, undefined))) return unmet(response);
      return ok(response);
    })
    .all(notAllowed('GET, HEAD, PUT, DELETE'));
  app.use((_, response) => refuse(response, 404, 'not_found', noPath));
  app.use(failureAnswer(options.onFailure, tellFailure));
  return app;
}

type Refusal =
  | 'not_found'
  | 'access_denied'
  | 'bad_request'
  | 'precondition_failed'
  | 'too_large'
  | 'too_many_requests'
  | 'method_not_allowed'
  | 'unavailable'
  | 'error';

function ok(response: Response): Response {
  return response.json({ status: 'ok' });
}

/**
 * A sentence says why, to the client and in the log; to the log in other words where the client is
 * not to know them.
 */
function refuse(
  response: Response,
  code: number,
  status: Refusal,
  reason: string,
  logged = reason,
): Response {
  giveReason(response, logged);
  return response.status(code).json({ status, reason });
}

const noPath = 'settings are at /instances/NAME/settings, the names of all at /instances';
const noName = 'a name is of 1 to 255 letters, digits, and signs out of _ . : -';
const noSettings = 'there are no settings of this name';
const storeCannot = 'the store cannot do it now: the log of the registry says why';
const cloudCannot = 'whose the address is cannot be asked now: the log of the registry says why';
const unreadablePath = 'the path cannot be decoded';
const aFault = 'a fault of the registry: its log has it';

function tooLarge(bytesMax: number): string {
  return `settings have ${bytesMax} bytes at most (registry.settings_max_kib)`;
}

const tellFailure: TellFailure = (response, failure) => {
  if (failure instanceof TooManyReads) {
    const { status, message } = failure;
    refuse(response.set('Retry-After', '1'), status, 'too_many_requests', message);
  } else if (isClientFault(failure)) refuse(response, 400, 'bad_request', unreadablePath);
  else if (failure instanceof StoreUnavailable) refuse(response, 503, 'unavailable', storeCannot);
  // A reader may ask again.
  else if (failure instanceof CloudStackError) refuse(response, 503, 'unavailable', cloudCannot);
  else refuse(response, 500, 'error', aFault);
};

interface OfInstance {
  id: string;
}

function notAllowed<Parameters>(allowed: string): RequestHandler<Parameters> {
  return (_, response) => {
    response.set('Allow', allowed);
    refuse(response, 405, 'method_not_allowed', `here are ${allowed}`);
  };
}

function unmet(response: Response): Response {
  const reason = 'what is there, or that nothing is, does not meet If-Match or If-None-Match';
  return refuse(response, 412, 'precondition_failed', reason);
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
  else refuse(response, 404, 'not_found', noName);
}

function onlyKnown(users: readonly Credentials[]): RequestHandler<OfInstance> {
  return ({ headers: { authorization } }, response, next) => {
    if (isKnown(basicCredentials(authorization), users)) next();
    else denied(response, strangerReason(authorization));
  };
}

/** As in the BOSH registry, wrong credentials are as good as none: the address may still do. */
function readersOnly(
  users: readonly Credentials[],
  mayRead: MayRead | undefined,
): RequestHandler<OfInstance> {
  return async (request, response, next) => {
    const { authorization } = request.headers;
    if (isKnown(basicCredentials(authorization), users)) {
      next();
      return;
    }
    const stranger = strangerReason(authorization);
    const { id } = request.params;
    const address = request.socket.remoteAddress ?? '';
    // Whether there are settings is not looked at: who is not let in would see it by how the answer
    // comes, when too many ask or CloudStack is away.
    if (mayRead === undefined) denied(response, `${stranger}, and check_source_address is off`);
    else if (await mayRead(id, address)) next();
    else denied(response, `${stranger}, and the address is not known to be that of the VM`);
  };
}

/** Why somebody is not known, for the log alone. */
function strangerReason(authorization: string | undefined): string {
  if (authorization === undefined) return 'no credentials';
  return basicCredentials(authorization) === undefined
    ? 'no credentials of HTTP Basic'
    : 'user or password wrong';
}

/** In the same words whatever is there, and whoever asks. */
function denied(response: Response, logged: string): void {
  response.set('WWW-Authenticate', 'Basic realm="Bosh Registry"');
  const reason = 'this needs user and password of a user of the registry, by HTTP Basic';
  refuse(response, 401, 'access_denied', reason, logged);
}
