import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, ZoneRow } from '../../world/entities.js';
import { zoneText } from '../../world/network/networks.js';
import type { World } from '../../world/world.js';

interface VlanArguments {
  readonly vlan?: string | undefined;
  readonly bypassvlanoverlapcheck?: boolean | undefined;
}

/**
 * The VLAN that somebody chose for a new network, where its offering wants one chosen
 * (NetworkOrchestrator.createGuestNetwork); undefined where CloudStack chooses.
 */
export function chosenVlan(
  world: World,
  zone: ZoneRow,
  { specifyVlan, guestIpType }: NetworkOfferingRow,
  { vlan: asked, bypassvlanoverlapcheck: bypasses = false }: VlanArguments,
): number | undefined {
  if (asked === undefined) {
    if (!specifyVlan) return undefined;
    throw invalidParameter(
      'Vlan has to be specified; corresponding offering says specifyVlan=true',
    );
  }
  if (!specifyVlan) {
    throw invalidParameter("Can't specify vlan; corresponding offering says specifyVlan=false");
  }
  const vlan = vlanOf(asked);
  if (bypasses && guestIpType !== 'Isolated') return vlan;
  const isTaken = world.networks
    .all()
    .some((network) => network.zoneId === zone.id && network.vlan === vlan);
  if (!isTaken) return vlan;
  throw invalidParameter(
    `Network with vlan ${asked} already exists or overlaps with other network vlans in zone ` +
      zoneText(zone),
  );
}

function vlanOf(asked: string): number {
  const digits = /^(?:vlan:\/\/)?(\d{1,4})$/.exec(asked)?.[1];
  if (digits !== undefined && Number(digits) <= 4_095) return Number(digits);
  throw serverApiError(432, `The simulator does not simulate the VLAN ${asked}: numbers only`);
}
