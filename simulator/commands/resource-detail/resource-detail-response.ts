import { booleanField, responseObject, stringField } from '../../declare/response.js';

export interface ShownDetail {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
}

/** ResourceDetailResponse (QueryManagerImpl.createResourceDetailsResponse). */
export const resourceDetailResponse = responseObject<ShownDetail>('resourcedetail', {
  resourceid: stringField((detail) => detail.resourceId),
  resourcetype: stringField((detail) => detail.resourceType),
  key: stringField((detail) => detail.key),
  value: stringField((detail) => detail.value),
  fordisplay: booleanField(() => true),
});
