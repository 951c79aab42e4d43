import { createHash } from 'node:crypto';
import {
  single,
  unknownEntity,
  type Parameter,
  type ParameterOptions,
} from '../../declare/parameter.js';
import type { ZoneRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** The id of the image store of a zone: always the same one for the same zone. */
export function imageStoreId(zone: Pick<ZoneRow, 'id'>): string {
  const hex = createHash('sha256').update(`image store of ${zone.id}`).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** A reference to an image store, by its id or its number: the zone that has it. */
export function imageStore(options: ParameterOptions = {}): Parameter<ZoneRow, false> {
  return {
    type: 'uuid',
    required: false,
    options,
    parse: (raw, name, context) => {
      const value = single(raw);
      const zone = zoneOfImageStore(context.world, value);
      if (zone === undefined) throw unknownEntity(context, name, value);
      return zone;
    },
  };
}

/** The zone whose image store has this id, or this number. */
function zoneOfImageStore(world: World, id: string): ZoneRow | undefined {
  return world.zones
    .all()
    .find((zone) => imageStoreId(zone) === id.toLowerCase() || String(zone.internalId) === id);
}
