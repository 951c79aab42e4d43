import type { AccountRow, NetworkRow, ZoneRow } from '../entities.js';
import type { World } from '../world.js';

/**
 * The only isolated network that an account has in a zone, for requests that name none.
 *
 * @param refusal makes the error, since each command gives it a code of its own
 * @throws where there is none, or several.
 */
export function onlyIsolatedNetwork(
  world: World,
  owner: AccountRow,
  zone: ZoneRow,
  refusal: (text: string) => Error,
): NetworkRow {
  const [network, ...others] = world.networks
    .all()
    .filter((row) => row.type === 'Isolated' && row.accountId === owner.id)
    .filter((row) => row.zoneId === zone.id);
  if (network === undefined) {
    const domain = world.domains.require(owner.domainId);
    throw refusal(
      `Account name=${owner.name} domain=${domain.name} doesn't have virtual networks in ` +
        `zone=${zone.name}`,
    );
  }
  if (others.length === 0) return network;
  throw refusal('Account has more than one isolated network in the zone');
}
