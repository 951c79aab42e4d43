import { booleanField, longField, responseObject, stringField } from '../../declare/response.js';
import { secondaryStorageUsed } from '../../world/compute/capacity.js';
import type { ZoneRow } from '../../world/entities.js';
import { imageStoreOf } from '../../world/storage/stored-images.js';
import { imageStoreId } from './image-stores.js';

/** Of what kind the image store of each zone is. */
export const IMAGE_STORE = { protocol: 'nfs', provider: 'NFS', readonly: false } as const;

/** ImageStoreResponse (ImageStoreJoinDaoImpl); a zone has one image store. */
export const imageStoreResponse = responseObject<ZoneRow>('imagestore', {
  id: stringField(imageStoreId),
  zoneid: stringField((zone) => zone.id),
  zonename: stringField((zone) => zone.name),
  name: stringField(imageStoreOf),
  url: stringField((zone) => `nfs://${imageStoreOf(zone)}/export/secondary`),
  protocol: stringField(() => IMAGE_STORE.protocol),
  providername: stringField(() => IMAGE_STORE.provider),
  scope: stringField(() => 'ZONE'),
  readonly: booleanField(() => IMAGE_STORE.readonly),
  disksizetotal: longField((zone) => zone.secondaryStorageBytes),
  disksizeused: longField((zone, { world }) => secondaryStorageUsed(world, zone).used),
  hasannotations: booleanField(() => false),
});
