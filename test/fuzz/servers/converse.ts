// Has a conversation with a server over sockets, and hears what it says.
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { answersIn, type ServerAnswer } from './answers.js';
import { bytesOf, type Connection } from './conversation.js';

/** A connection on which nothing moves any more although nobody waits for anything. */
const HANG_MS = 10_000;

/** Answers, and whether the server has ended the connection so that some may be lost. */
export interface Heard {
  readonly answers: readonly ServerAnswer[];
  readonly isReset: boolean;
}

/** What is heard on one connection; a text that says what is wrong with how it went. */
export async function converse(port: number, connection: Connection): Promise<Heard | string> {
  const bytes = bytesOf(connection);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const received: Buffer[] = [];
  const ended = { hasHung: false, isReset: false };
  socket.on('data', (chunk) => received.push(chunk));
  // A server may end a connection whose request it does not want to read on.
  socket.on('error', () => {
    ended.isReset = true;
    socket.destroy();
  });
  socket.on('end', () => socket.destroy());
  socket.setTimeout(HANG_MS, () => {
    ended.hasHung = true;
    socket.destroy();
  });
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
  });
  await once(socket, 'connect');
  const size = Math.ceil(bytes.length / connection.parts);
  for (let at = 0; at < bytes.length && socket.writable; at += size) {
    socket.write(bytes.subarray(at, at + size));
    if (connection.parts > 1) await setImmediate();
  }
  if (connection.cutAt !== null) socket.destroySoon();
  await closed;
  if (ended.hasHung) return `nothing comes in ${HANG_MS} ms`;
  const methods = connection.requests.map(({ method }) => method);
  const answers = answersIn(Buffer.concat(received), methods);
  return typeof answers === 'string' ? answers : { answers, isReset: ended.isReset };
}
