import { sameName } from '../../declare/list-parameters.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, NetworkService, NetworkType } from '../../world/entities.js';
import type { World } from '../../world/world.js';

/** Whether CloudStack takes the offering by itself; one at most is taken. */
export function availabilityNamed(name: string): NetworkOfferingRow['availability'] {
  const availability = (['Required', 'Optional'] as const).find((known) => sameName(known, name));
  if (availability !== undefined) return availability;
  throw invalidParameter('Invalid value for Availability. Supported types: Required, Optional');
}

/** Throws where an offering with these services cannot be required, or another one is. */
export function assertMayBeRequired(
  world: World,
  type: NetworkType,
  services: readonly NetworkService[],
  itself?: NetworkOfferingRow,
): void {
  if (type !== 'Isolated' || !services.includes('SourceNat')) {
    throw invalidParameter(
      'Availability can be Required only for networkOfferings of type Isolated and with SourceNat enabled',
    );
  }
  const [other] = world.networkOfferings.all().filter((row) => row.availability === 'Required');
  if (other === undefined || other.id === itself?.id) return;
  throw invalidParameter(
    `System already has network offering id=${other.internalId} with availability Required`,
  );
}

/** The tags of an offering, which are separated by commas. */
export function tagsNamed(text = ''): readonly string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}
