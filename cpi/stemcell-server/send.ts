import type { Socket } from 'node:net';
import type { Response } from 'express';

/**
 * Sends a content, each piece when the one before is with the system, unless it is over before.
 *
 * @throws what the content throws; the connection has ended then, so that nobody takes a part for
 *   the whole.
 */
export async function send(
  content: AsyncIterable<Uint8Array>,
  response: Response,
  over: AbortSignal,
): Promise<void> {
  try {
    for await (const piece of content) await sent(piece, response, over);
    response.end();
  } catch (failure) {
    response.destroy();
    if (!over.aborted && !isLostConnection(failure)) throw failure;
  }
}

/** The end of a connection, until it is of no interest any more. */
export function endOf(socket: Socket): {
  readonly ended: AbortSignal;
  readonly forget: () => void;
} {
  const end = new AbortController();
  const onClose = (): void => {
    end.abort();
  };
  socket.once('close', onClose);
  if (socket.destroyed) onClose();
  return { ended: end.signal, forget: () => socket.off('close', onClose) };
}

/** Resolves when a piece is with the system, and its memory is free again. */
function sent(piece: Uint8Array, response: Response, over: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new Error('nobody takes it any more'));
    };
    if (over.aborted) {
      giveUp();
      return;
    }
    over.addEventListener('abort', giveUp);
    response.write(piece, (failure) => {
      over.removeEventListener('abort', giveUp);
      if (failure) reject(failure);
      else resolve();
    });
  });
}

function isLostConnection(failure: unknown): boolean {
  const { code = '' } = failure as NodeJS.ErrnoException;
  return ['ERR_STREAM_DESTROYED', 'ECANCELED', 'ECONNRESET', 'EPIPE'].includes(code);
}
