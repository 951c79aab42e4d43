import type { Request, Response } from 'express';
import { KEPT_EVENTS, type Event } from '../../kernel/event-log.js';
import type { Simulator } from '../../simulator.js';
import { refuse, type ControlRoute } from '../control-route.js';

/** Events that one answer holds at most. */
const MAX_EVENTS = 10_000;
/** A client that falls this far behind with its event stream is cut off. */
const MAX_UNREAD_BYTES = 256 * 1024 * 1024;

/** What has happened, and what happens. */
export const eventRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/events',
    does: 'Lists the changes of the world, oldest first.',
    notes: [
      '`?after=N` leaves out the events up to number N.',
      `One answer holds ${MAX_EVENTS} events at most; for the next ones, ask again with the ` +
        '`seq` of the last one as `after`.',
      `The last ${KEPT_EVENTS} events are kept; \`lost\` tells how many after N are not, and ` +
        '`--events` writes all of them to a file.',
      'With `Accept: text/event-stream` it answers with server-sent events: those that were, all ' +
        'of them, then each as it happens. The header `Last-Event-ID`, which browsers send when ' +
        'they come back, counts as `after`; one that is higher than the last event is of a life ' +
        'before a reset, and begins at the first. A comment tells how many events are lost.',
      `A reader that falls ${MAX_UNREAD_BYTES / 1024 ** 2} MiB behind is cut off.`,
    ],
    query: ['after'],
    answer: answerEvents,
  },
];

function answerEvents(simulator: Simulator, request: Request, response: Response): void {
  // A browser that lost the stream says in the header how far it had come.
  const after = Number(request.headers['last-event-id'] ?? request.query['after'] ?? 0);
  if (!Number.isInteger(after) || after < 0) {
    refuse(response, 'after: must be the sequence number of an event');
    return;
  }
  if (request.headers.accept?.includes('text/event-stream') === true) {
    const { lastSeq } = simulator.kernel.log;
    streamEvents(simulator, after > lastSeq ? 0 : after, response);
    return;
  }
  const { log } = simulator.kernel;
  response.json({ events: log.after(after).slice(0, MAX_EVENTS), lost: log.lostAfter(after) });
}

/** The events from `after` on as server-sent events, until the client goes away. */
function streamEvents(simulator: Simulator, after: number, response: Response): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const write = (event: Event): void => {
    response.write(`id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`);
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  };
  const { log } = simulator.kernel;
  const lost = log.lostAfter(after);
  if (lost > 0) response.write(`: ${lost} events are no longer kept\n\n`);
  for (const event of log.after(after)) write(event);
  response.on('close', simulator.subscribe(write));
}
