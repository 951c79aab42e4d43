import type { CloudStackClient } from '../../cloudstack/client.js';
import { findPublicAddress } from '../../cloudstack/find-resources.js';
import type { LoadBalancerRule, Network, PublicIpAddress } from '../../cloudstack/types.js';
import type { ValuesOf } from '../../config/property.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import type { Call } from '../call/call.js';
import { loadBalancerProperties, readCloudProperties } from '../shared/cloud-properties.js';
import type { PlannedNics } from './planned-nic.js';
import type { PlannedVip } from './planned-vip.js';

/** A load balancer rule that a VM is to be behind: one that is there, or one to be made. */
export interface WantedRule {
  properties: ValuesOf<typeof loadBalancerProperties>;
  /** The VM's networks, the default one first. */
  networks: readonly [Network, ...Network[]];
  zoneId: string;
}

/** What the rules of a VM depend on besides their properties. */
interface VmPlace {
  nics: PlannedNics;
  vip: PlannedVip | undefined;
  zoneId: string;
}

/**
 * Checks the load balancers that cloud_properties name: each is there, or can be made as far as
 * one can tell before the VM is.
 *
 * @throws BoshError that names the entry and what is wrong with it.
 */
export async function planLoadBalancers(
  call: Call,
  entries: readonly JsonObject[] = [],
  { nics, vip, zoneId }: VmPlace,
): Promise<WantedRule[]> {
  const [{ network: first }, ...others] = nics;
  const networks = [first, ...others.map(({ network }) => network)] as const;
  const wanted = entries.map((entry, index) => {
    const owner = ownerOfRule(index);
    const properties = readCloudProperties(call, loadBalancerProperties, entry, owner);
    return { properties, networks, zoneId };
  });
  for (const rule of wanted) {
    if ((await findWantedRule(call, rule)) !== undefined) continue;
    newRuleOf(rule);
    const { name, public_ip: ip } = rule.properties;
    if (ip !== undefined && ip === vip?.ip) {
      throw unmakeable(name, `its public_ip ${ip} is the vip of the VM itself`);
    }
    if (ip !== undefined) await findAddressOfRule(call.client, rule);
    else if (first.type === 'Shared') throw withoutAddress(name, first.name);
  }
  return wanted;
}

/** How messages name an entry of `lbs`. */
export function ownerOfRule(index: number): string {
  return `load balancer ${index + 1} of the VM (lbs)`;
}

/**
 * The rule in a network of the VM, the default one before others; undefined if there is none.
 *
 * @throws BoshError of type CloudError if several match or the one sends to another port.
 */
export async function findWantedRule(
  { client, log }: Call,
  { properties, networks }: WantedRule,
): Promise<LoadBalancerRule | undefined> {
  const { name, public_port: publicPort, private_port: privatePort } = properties;
  const algorithm = algorithmOf(properties);
  const found = (await client.list('listLoadBalancerRules', { name }))
    .filter((rule) => rule.name === name && !isBeingDeleted(rule))
    .filter(({ publicport }) => publicPort === undefined || publicport === String(publicPort))
    .filter(({ publicip }) => [undefined, publicip].includes(properties.public_ip));
  const inNetworks = networks.map(({ id }) => found.filter(({ networkid }) => networkid === id));
  const [rule, ...others] = inNetworks.find((rules) => rules.length > 0) ?? [];
  if (rule === undefined) return undefined;
  if (others.length > 0) {
    const ports = [rule, ...others].map(addressAndPort).join(', ');
    throw new BoshError(
      'CloudError',
      `create_vm: there are several load balancer rules ${name} (${ports}); say in lbs which one ` +
        'by public_port or public_ip',
    );
  }
  if (privatePort !== undefined && rule.privateport !== String(privatePort)) {
    throw new BoshError(
      'CloudError',
      `create_vm: the load balancer rule ${name} (${rule.id}) sends to port ` +
        `${rule.privateport ?? 'unknown'}, not ${privatePort}: correct private_port in lbs, or ` +
        'delete the rule, because CloudStack cannot change its port',
    );
  }
  if (algorithm !== undefined && rule.algorithm?.toLowerCase() !== algorithm) {
    log(
      `warning: the load balancer rule ${name} (${rule.id}) shares connections out by ` +
        `${rule.algorithm ?? 'unknown'}, not ${algorithm}; it is used as it is`,
    );
  }
  return rule;
}

/** It serves nobody any more, and its port is free (FirewallManagerImpl.detectRulesConflict). */
export function isBeingDeleted({ state }: LoadBalancerRule): boolean {
  return state === 'Deleting';
}

/**
 * What to make a rule from.
 *
 * @throws BoshError of type CloudError that names what is missing.
 */
export function newRuleOf({ properties }: WantedRule): {
  name: string;
  publicport: number;
  privateport: number;
  algorithm: string;
  openfirewall: boolean | undefined;
} {
  const { name, public_port: publicport, private_port: privateport } = properties;
  if (publicport === undefined || privateport === undefined) {
    throw unmakeable(name, 'lbs must give public_port and private_port for that');
  }
  const algorithm = algorithmOf(properties) ?? 'roundrobin';
  return { name, publicport, privateport, algorithm, openfirewall: properties.open_firewall };
}

/** CloudStack does not mind its case (NetUtils.isValidAlgorithm), and keeps what it is given. */
function algorithmOf({ algorithm }: WantedRule['properties']): string | undefined {
  return algorithm?.toLowerCase();
}

/**
 * The public address of a rule that is to be made; with the network for an address of a VPC, which
 * leads to none of its tiers yet.
 *
 * @throws BoshError of type CloudError if there is none that could carry it.
 */
export async function findAddressOfRule(
  client: CloudStackClient,
  { properties: { name, public_ip: ip }, networks, zoneId }: WantedRule,
): Promise<{ publicipid: string; networkid?: string }> {
  if (ip === undefined) {
    return { publicipid: (await sourceNatAddress(client, name, networks[0].id)).id };
  }
  const address = await findPublicAddress(client, ip, zoneId);
  if (address === undefined) {
    throw unmakeable(name, `its public_ip ${ip} is no address that this account holds in the zone`);
  }
  if (address.isstaticnat === true) {
    throw unmakeable(name, `its public_ip ${ip} belongs to one VM by static NAT`);
  }
  const { id: publicipid, associatednetworkid: heldFor, vpcid } = address;
  if (networks.some(({ id }) => id === heldFor)) return { publicipid };
  const tier = networks.find((network) => vpcid !== undefined && network.vpcid === vpcid);
  if (heldFor === undefined && tier !== undefined) return { publicipid, networkid: tier.id };
  throw unmakeable(name, `its public_ip ${ip} is allocated for another network than the VM's`);
}

async function sourceNatAddress(
  client: CloudStackClient,
  name: string,
  networkId: string,
): Promise<PublicIpAddress> {
  const addresses = await client.list('listPublicIpAddresses', {
    associatednetworkid: networkId,
    issourcenat: true,
  });
  const address = addresses.find(({ issourcenat }) => issourcenat === true);
  if (address === undefined) throw withoutAddress(name, networkId);
  return address;
}

function withoutAddress(name: string, network: string): BoshError {
  return unmakeable(name, `the network ${network} has no source NAT address; give a public_ip`);
}

function unmakeable(name: string, why: string): BoshError {
  return new BoshError(
    'CloudError',
    `create_vm: there is no load balancer rule ${name} as lbs wants it in the networks of the VM, ` +
      `and it cannot be made: ${why}`,
  );
}

function addressAndPort({ publicip = '', publicport = '' }: LoadBalancerRule): string {
  return `${publicip}:${publicport}`;
}
