import { commandEvents } from '../../declare/command-events.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { responseObject, stringField } from '../../declare/response.js';

/** EventTypeResponse: a word by which events can be listed. */
const eventTypeResponse = responseObject<string>('eventtype', {
  name: stringField((type) => type),
});

/** The types of the events that can come about here (ManagementServerImpl.listEventTypes). */
export const listEventTypes = syncCommand({
  name: 'listEventTypes',
  summary: 'Lists the types of events.',
  roles: everyRole,
  parameters: {},
  response: listOf(eventTypeResponse),
  run: ({ commands }) => [
    ...new Set(commands.flatMap(({ name }) => commandEvents.get(name)?.type ?? [])),
  ],
});
