// Looks at each event of each simulator that tests make for secrets: the event log is for everybody.
// The configuration of the runner loads this, so that it is at work in all of its workers.
import { EventLog, type Event } from '../../../simulator/kernel/event-log.js';
import type { Json } from '../../../simulator/kernel/json.js';
import { marksIn } from '../canaries.js';

type Append = (this: EventLog, event: Omit<Event, 'seq'>) => void;

/** Appends an event, and tells which one holds a secret. */
export function tellingSecrets(append: Append, tell: (text: string) => void): Append {
  return function (this: EventLog, event) {
    append.call(this, event);
    for (const [column, value] of Object.entries(event.data)) {
      const [mark] = value === undefined ? [] : marksOf(value);
      if (mark !== undefined)
        tell(`an event of ${event.entity} ${event.id} tells ${mark} (${column})`);
    }
  };
}

/** Most values are short or no texts: looking at them must cost nothing. */
function marksOf(value: Json): readonly string[] {
  if (typeof value === 'string') return value.length < 9 ? [] : marksIn(value);
  if (typeof value !== 'object' || value === null) return [];
  const parts: readonly (Json | undefined)[] = Array.isArray(value) ? value : Object.values(value);
  return parts.flatMap((part) => (part === undefined ? [] : marksOf(part)));
}

/** The reporter hears it, whoever runs. */
export function watchEvents(): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its log
  const { append } = EventLog.prototype;
  EventLog.prototype.append = tellingSecrets(append, (text) => {
    process.stderr.write(`${text}\n`);
  });
}
