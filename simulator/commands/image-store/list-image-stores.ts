import { listOf, rootOnlyRole, syncCommand, type Arguments } from '../../declare/command.js';
import { contains, pagingParameters, sameName } from '../../declare/list-parameters.js';
import { entity, flag, text } from '../../declare/parameter.js';
import type { ZoneRow } from '../../world/entities.js';
import { imageStoreOf } from '../../world/storage/stored-images.js';
import { zoneInAuthority } from '../zone/zone-authority.js';
import { IMAGE_STORE, imageStoreResponse } from './image-store-response.js';
import { imageStore } from './image-stores.js';

const parameters = {
  name: text(),
  protocol: text(),
  provider: text(),
  zoneid: entity('zone'),
  id: imageStore(),
  readonly: flag({ since: '4.15.0' }),
  ...pagingParameters,
} as const;

/** QueryManagerImpl.searchForImageStores: each zone has one, on NFS. */
export const listImageStores = syncCommand({
  name: 'listImageStores',
  summary: 'Lists the image stores: where templates, snapshots and uploaded volumes are.',
  since: '4.2.0',
  roles: rootOnlyRole,
  parameters,
  response: listOf(imageStoreResponse),
  run: (context, args) => {
    const zone = zoneInAuthority(context, args.zoneid);
    return context.world.zones
      .all()
      .filter((row) => zone === undefined || row.id === zone.id)
      .filter((row) => isChosen(row, args));
  },
});

function isChosen(
  zone: ZoneRow,
  { id, name, protocol, provider, readonly, keyword }: Arguments<typeof parameters>,
): boolean {
  const ownName = imageStoreOf(zone);
  return (
    (id === undefined || zone.id === id.id) &&
    (name === undefined || sameName(ownName, name)) &&
    (protocol === undefined || sameName(IMAGE_STORE.protocol, protocol)) &&
    (provider === undefined || sameName(IMAGE_STORE.provider, provider)) &&
    (readonly === undefined || readonly === IMAGE_STORE.readonly) &&
    (keyword === undefined || contains(ownName, keyword) || contains(IMAGE_STORE.provider, keyword))
  );
}
