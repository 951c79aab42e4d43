import type { CloudStackClient } from '../cloudstack/client.js';
import { CloudStackError, isPassing } from '../cloudstack/errors.js';
import { findById } from '../cloudstack/find-by-id.js';
import type { Template } from '../cloudstack/types.js';
import {
  DeadlineExceeded,
  LookingFailed,
  UnexpectedState,
  WaitedForMissing,
} from '../flow/errors.js';
import { waitFor } from '../flow/waiter.js';

export interface TemplateWait {
  readonly templateId: string;
  readonly zoneId: string;
  readonly readyWithinMs: number;
  /** For people, in messages; `the uploaded template` unless given. */
  readonly what?: string;
  /** Whose templates are looked through; the account's own unless given. */
  readonly templateFilter?: 'self' | 'executable';
  /** `ready`, `in progress`, or what it failed with; as of an upload or download unless given. */
  readonly stateOf?: (template: Template) => string;
}

const pendingStates = ['not uploaded yet', 'in progress'];

/** Whether a template will not become ready by itself: its `status` is a failure. */
export function hasFailed(template: Template): boolean {
  return ![...pendingStates, 'ready'].includes(uploadState(template));
}

/**
 * Waits until an uploaded template is ready in its zone, which shows up to a minute after the
 * upload (upload.monitoring.interval). A status that means failure ends the wait at once.
 *
 * @throws CloudStackError, of kind `not-found` if somebody deletes it meanwhile; Aborted.
 */
export async function awaitTemplate(
  client: CloudStackClient,
  {
    templateId,
    zoneId,
    readyWithinMs,
    what = 'the uploaded template',
    templateFilter = 'self',
    stateOf = uploadState,
  }: TemplateWait,
): Promise<void> {
  const within = { templatefilter: templateFilter, zoneid: zoneId };
  const tell = statusTeller(client);
  try {
    await waitFor<Template>(
      {
        what,
        id: templateId,
        look: async () => {
          const template = await findById(client, 'listTemplates', templateId, within);
          if (template !== undefined) tell(template);
          return template;
        },
        stateOf,
        targets: ['ready'],
        pending: pendingStates,
        deadlineMs: readyWithinMs,
        poll: client.poll.template,
        isPassing,
      },
      client,
    );
  } catch (failure) {
    throw notReady(failure);
  }
}

const tellEveryMs = 15_000;

/** Logs the status of a template that is not ready: when it changes, and now and then. */
function statusTeller({ clock, log }: CloudStackClient): (template: Template) => void {
  let told: { status: string; atMs: number } | undefined;
  return ({ id, isready, status = 'unknown' }) => {
    const atMs = clock.nowMs();
    const isNews = told?.status !== status || atMs - told.atMs >= tellEveryMs;
    if (isready === true || !isNews) return;
    log(`template ${id} is not ready yet: ${status}`);
    told = { status, atMs };
  };
}

/**
 * The states of an upload in few words. While it goes on, `status` tells of progress; when it
 * failed, `status` is the failure (TemplateJoinDaoImpl.getTemplateStatus).
 */
function uploadState({ isready, status = '' }: Template): string {
  if (isready === true) return 'ready';
  if (status === 'NotUploaded') return 'not uploaded yet';
  const isProgress =
    /^(|UploadInProgress|\d+% Downloaded|Installing Template|Download Complete|Processing|Active)$/;
  return isProgress.test(status) ? 'in progress' : status;
}

const afterwards =
  'the reason is in the log of the secondary storage VM (/var/log/cloud/cloud.out) and in ' +
  "CloudStack's alerts";

const deleted = 'somebody has deleted it meanwhile; upload the stemcell again';

function notReady(failure: unknown): unknown {
  const command = 'listTemplates';
  if (failure instanceof DeadlineExceeded) {
    return new CloudStackError({
      kind: 'deadline',
      command,
      text: failure.message,
      cause: failure,
    });
  }
  if (failure instanceof LookingFailed) {
    const text = failure.message;
    return new CloudStackError({ kind: 'outcome-unknown', command, text, cause: failure });
  }
  if (failure instanceof WaitedForMissing) {
    const text = failure.message;
    return new CloudStackError({
      kind: 'not-found',
      command,
      text,
      advice: deleted,
      cause: failure,
    });
  }
  if (failure instanceof UnexpectedState) {
    const text = `${failure.message}; ${afterwards}`;
    return new CloudStackError({ kind: 'internal', command, text, cause: failure });
  }
  return failure;
}
