import type { CloudStackClient } from '../../cloudstack/client.js';
import { directorIn } from '../../cloudstack/director-text.js';
import type { Parameters } from '../../cloudstack/parameters.js';
import type { Network } from '../../cloudstack/types.js';
import type { Call } from '../call/call.js';
import { isUnmarked } from './own-network.js';

/**
 * A network that a call of this Director made for the same request, and has not marked: of a VLAN,
 * and of a range in a VPC, there can be one only, which is then in the way. That call may still be
 * at work: who finds it has to claim it. `parameters` are those of createNetwork, with a `gateway`
 * only where a range was asked for.
 */
export async function findUnmarked(
  { client, context }: Call,
  parameters: Parameters,
): Promise<Network | undefined> {
  const { zoneid, vpcid } = parameters;
  const near = await client.list('listNetworks', { keyword: 'network-', zoneid, vpcid });
  const ours = near.filter(
    (network) => isUnmarked(network) && directorIn(network.displaytext) === context.directorUuid,
  );
  for (const network of ours.filter((one) => isAsAsked(one, parameters))) {
    if (!(await hasVms(client, network))) return network;
  }
  return undefined;
}

/** What CloudStack gives a tier without a list of rules. */
const usualAcls: readonly (string | undefined)[] = [undefined, 'default_deny'];

function isAsAsked(
  network: Network,
  { networkofferingid, vpcid, aclid, vlan, gateway, netmask }: Parameters,
): boolean {
  const isSameAcl =
    aclid === undefined ? usualAcls.includes(network.aclname) : network.aclid === aclid;
  return (
    isSameAcl &&
    network.networkofferingid === networkofferingid &&
    network.vpcid === vpcid &&
    isAnyOr(vlan, network.vlan) &&
    isAnyOr(gateway, network.gateway) &&
    isAnyOr(netmask, network.netmask)
  );
}

/** Manifests have VLANs as texts or numbers. */
function isAnyOr(asked: Parameters[string], is: string | undefined): boolean {
  return asked === undefined || (typeof asked !== 'object' && String(asked) === is);
}

async function hasVms(client: CloudStackClient, { id }: Network): Promise<boolean> {
  return (await client.list('listVirtualMachines', { networkid: id })).length > 0;
}
