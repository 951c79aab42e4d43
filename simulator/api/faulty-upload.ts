import { befallCloud } from '../faults/outages.js';
import { noteAnswer, strike, type Strike } from '../faults/strike.js';
import { UPLOAD } from '../faults/uploads.js';
import { isReachable, type UploadInput, type UploadReply } from '../ssvm/receive-upload.js';
import type { FaultPhase } from '../world/entities.js';
import type { World } from '../world/world.js';
import { damaged } from './faulty-answer.js';
import { answerText, type ApiOutcome } from './http.js';

/** What the secondary storage VM answers, and what the client gets of it where that is not the same. */
export interface UploadAnswer extends UploadReply {
  readonly outcome?: ApiOutcome;
}

/**
 * Takes an upload as the fault plan in force has it. Before it is applied its head has come and
 * nothing is judged: the URL can still be used. Its reply is what the whole body, or a refused head,
 * is answered with.
 */
export function uploadUnderFaults(
  world: World,
  input: UploadInput,
  apply: () => UploadReply,
): UploadAnswer {
  // Nobody listens where the secondary storage VM was, or what it heard is gone with it.
  if (!isReachable(world, input.uploadId)) {
    return { status: 0, text: '', outcome: { kind: 'connection-reset' } };
  }
  if (input.kind === 'begun') {
    const before = strikeIn(world, input, 'before-apply');
    const outcome = underStrike(world, before, undefined);
    if (outcome !== undefined) return { status: 0, text: '', outcome };
  }
  const reply = apply();
  if (reply.status === 100) return reply;
  const after = strikeIn(world, input, 'after-apply-before-reply');
  const outcome = underStrike(world, after, reply);
  const late = strikeIn(world, input, 'after-reply');
  if (late !== undefined) {
    befallCloud(world, late.rule);
    noteAnswer(world, late, outcome === undefined ? String(reply.status) : answerText(outcome));
  }
  return outcome === undefined ? reply : { ...reply, outcome };
}

/** What the client gets in the reply's place; undefined if it gets that one. */
function underStrike(
  world: World,
  struck: Strike | undefined,
  reply: UploadReply | undefined,
): ApiOutcome | undefined {
  if (struck === undefined) return undefined;
  befallCloud(world, struck.rule);
  const outcome = outcomeOf(world, struck, reply);
  const status = reply === undefined ? 'passed on' : String(reply.status);
  noteAnswer(world, struck, outcome === undefined ? status : answerText(outcome));
  return outcome;
}

function outcomeOf(
  world: World,
  { effect }: Strike,
  reply: UploadReply | undefined,
): ApiOutcome | undefined {
  // The connection was one to the secondary storage VM.
  if (effect.effect === 'no-secondary-storage-vm') return { kind: 'connection-reset' };
  const response = reply && { status: reply.status, headers: UPLOAD_HEADERS, body: reply.text };
  return damaged(world, effect, response);
}

/** The headers of every answer of the secondary storage VM. */
export const UPLOAD_HEADERS = {
  'access-control-allow-origin': '*',
  'content-type': 'text/plain; charset=utf-8',
} as const;

function strikeIn(world: World, { uploadId }: UploadInput, phase: FaultPhase): Strike | undefined {
  const isAbout = (resource: string): boolean => resource === uploadId;
  return strike(world, { phase, command: UPLOAD, step: null, isAbout, isOnlyByName: true });
}
