import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { NetworkOfferingRow, NetworkRow, NetworkService } from '../../world/entities.js';
import { deleteRulesOfAddress } from '../../world/network/load-balancers.js';
import { offeringOf } from '../../world/network/networks.js';
import { purgeEgressRules, purgeRulesOfAddress } from '../../world/network/port-rules.js';
import { takeBackPublicIp } from '../../world/network/public-ips.js';
import { disableStaticNatOf } from '../../world/network/static-nat.js';
import type { World } from '../../world/world.js';

/** How a change of the offering is asked for. */
export interface ChangeArguments {
  readonly changecidr?: boolean | undefined;
  readonly forced?: boolean | undefined;
}

/** Throws unless a network can have another offering (NetworkServiceImpl.updateGuestNetwork, canUpgrade). */
export function assertCanHave(
  world: World,
  network: NetworkRow,
  offering: NetworkOfferingRow,
  { changecidr, forced }: ChangeArguments,
): void {
  const old = offeringOf(world, network);
  if (offering.removedMs !== null) {
    throw invalidParameter('Unable to find network offering with specified id', [
      { uuid: String(offering.internalId), description: 'networkOfferingId' },
    ]);
  }
  if (!offering.enabled) {
    throw invalidParameter(
      "Network offering with specified id is not in Enabled state, can't upgrade to it",
      [{ uuid: offering.id, description: 'networkOfferingId' }],
    );
  }
  if (offering.forVpc !== old.forVpc) {
    const what = offering.forVpc ? 'a vpc offering ' : 'not a vpc offering';
    throw invalidParameter(`Can't update as the new offering is ${what}`);
  }
  if (offering.id === old.id) return;
  if (changecidr === true && hasRunningVms(world, network)) {
    throw invalidParameter(
      'All user vm of network of specified id should be stopped before changing CIDR!',
      [{ uuid: network.id, description: 'networkId' }],
    );
  }
  if (offering.specifyVlan !== old.specifyVlan) {
    throw invalidParameter(
      `Can't upgrade from network offering ${old.id} to ${offering.id}; check logs for more ` +
        'information',
    );
  }
  const lost = lostServices(old, offering);
  if (lost.length === 0 || forced === true) return;
  throw cloudRuntime(
    `The new offering:${offering.name} will remove the following services [${lost.join(', ')}]along ` +
      'with all the related configuration currently in use. will not proceed with the network ' +
      'update.set forced parameter to true for forcing an update.',
  );
}

/** Ends what rules a network has for services that it loses (NetworkOrchestrator.cleanupConfigForServicesInNetwork). */
export function dropLostServices(
  world: World,
  network: NetworkRow,
  offering: NetworkOfferingRow,
): void {
  const lost = lostServices(offeringOf(world, network), offering);
  if (lost.includes('Firewall')) purgeEgressRules(world, network.id);
  for (const publicIp of world.publicIps.where('networkId', network.id)) {
    if (lost.includes('SourceNat')) takeBackPublicIp(world, publicIp);
    if (lost.includes('StaticNat') && publicIp.vmId !== null) disableStaticNatOf(world, publicIp);
    if (lost.includes('Lb')) deleteRulesOfAddress(world, publicIp.id);
    if (lost.includes('PortForwarding') || lost.includes('Firewall')) {
      purgeRulesOfAddress(world, publicIp.id);
    }
  }
}

function lostServices(
  old: NetworkOfferingRow,
  offering: NetworkOfferingRow,
): readonly NetworkService[] {
  return old.services.filter(
    (service) => service !== 'Gateway' && !offering.services.includes(service),
  );
}

function hasRunningVms(world: World, network: NetworkRow): boolean {
  return world.nics
    .where('networkId', network.id)
    .some(({ vmId }) => world.vms.require(vmId).state !== 'Stopped');
}
