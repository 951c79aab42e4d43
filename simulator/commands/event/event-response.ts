import { ownerFields } from '../../declare/owner-fields.js';
import { booleanField, dateField, responseObject, stringField } from '../../declare/response.js';
import type { CloudEventRow } from '../../world/entities.js';

/** EventResponse (EventJoinDaoImpl.newEventResponse). */
export const eventResponse = responseObject<CloudEventRow>('event', {
  id: stringField((event) => event.id),
  username: stringField((event, { world }) => world.users.require(event.userId).username),
  type: stringField((event) => event.type),
  level: stringField((event) => event.level),
  description: stringField((event) => event.description),
  ...ownerFields<CloudEventRow>((event) => event.accountId),
  resourceid: stringField((event) => event.resourceId),
  resourcetype: stringField((event) => event.resourceType),
  created: dateField((event) => event.createdMs),
  state: stringField((event) => event.state),
  parentid: stringField((event) => event.startId),
  archived: booleanField(() => false),
});
