import { booleanField, responseObject, stringField } from '../../declare/response.js';
import type { OsTypeRow } from '../../world/entities.js';

/** GuestOSResponse: name and description are both what people see. */
export const osTypeResponse = responseObject<OsTypeRow>('ostype', {
  id: stringField((osType) => osType.id),
  oscategoryid: stringField((osType) => osType.categoryId),
  oscategoryname: stringField(
    (osType, { world }) => world.osCategories.require(osType.categoryId).name,
  ),
  name: stringField((osType) => osType.description),
  description: stringField((osType) => osType.description),
  isuserdefined: booleanField(() => false),
  fordisplay: booleanField(() => true),
});
