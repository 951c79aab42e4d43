import type { NetworkSpec } from '../../agent/network-spec.js';
import { canGetPublicAddress, findPublicAddress } from '../../cloudstack/find-resources.js';
import { validForMs } from '../../cloudstack/signing.js';
import { timeMs } from '../../cloudstack/time.js';
import type { Network, PublicIpAddress, VirtualMachine } from '../../cloudstack/types.js';
import { BoshError } from '../../protocol/bosh-error.js';
import type { JsonObject } from '../../protocol/json-value.js';
import { longestCreateVmMs, type Call } from '../call/call.js';
import {
  forwardingProperties,
  readCloudProperties,
  vipProperties,
} from '../shared/cloud-properties.js';
import { parseIpv4 } from './ipv4.js';
import { isLate, lateNotesOf, type LateAddress, type LateNote } from './late-address.js';
import type { PlannedNic, PlannedNics } from './planned-nic.js';
import { assertPortsFree, type Forwarding } from './port-forwarding.js';
import { isOurs } from './release-public-address.js';

/** The public address that a VM is to have. */
export interface PlannedVip {
  ip: string;
  /** The network whose NIC the address leads to. */
  networkId: string;
  /** The VPC of that network: its addresses are allocated for the VPC. */
  vpcId: string | undefined;
  /** The id of the address if the account holds it; otherwise it is allocated for the VM. */
  heldId: string | undefined;
  /** The ports that lead to the VM; without any, all of the address does, by static NAT. */
  forwardings: Forwarding[];
  /** Whether it goes with the VM: it is allocated for it, or was for an earlier one. */
  isOurs: boolean;
  /** What the network notes of requests of earlier calls that may still get the address. */
  notes: LateNote[];
  /** The same of a call whose VM has been removed for this one. */
  expected: LateAddress[];
}

/**
 * Finds the NIC of the vip network: that of its `nic_group`, else that in the network that it
 * names, else that in the network for which the account holds the address, else the default one.
 *
 * @throws BoshError that names the network and what is wrong with it.
 */
export async function planVip(
  call: Call,
  {
    specs,
    nics,
    zoneId,
    stem,
  }: { specs: NetworkSpec[]; nics: PlannedNics; zoneId: string; stem: string },
): Promise<PlannedVip | undefined> {
  const vip = onlyVip(specs);
  const ip = vip?.ip;
  if (vip === undefined || ip === undefined) return undefined;
  if (parseIpv4(ip) === undefined) throw refused(vip, `${ip} is no IPv4 address`, 'CpiError');
  const properties = readCloudProperties(
    call,
    vipProperties,
    vip.cloudProperties,
    `network ${vip.name}`,
  );
  const forwardings = readForwardings(call, vip, properties.port_forwarding);
  const asked = nicAskedFor(vip, nics, properties.name);
  const held = await findHeld(call, vip, ip, zoneId);
  const heldFor = held?.associatednetworkid;
  const { network } = asked ?? nics.find((nic) => nic.network.id === heldFor) ?? nics[0];
  if (held !== undefined) assertServes(vip, held, network);
  if (forwardings.length > 0) {
    const address = { id: assertForwards(vip, held), ip, networkId: network.id };
    await assertPortsFree(call, address, forwardings, stem);
  } else if (held?.issourcenat === true) {
    throw refused(vip, `${ip} is the source NAT address of a network, which no VM can have alone`);
  }
  const { directorUuid } = call.context;
  const notes = lateNotesOf(network).filter(
    (note) => note.ip === ip && note.directorUuid === directorUuid,
  );
  const hasComeLate = held !== undefined && notes.some((note) => isLate(note, network, held));
  return {
    ip,
    networkId: network.id,
    vpcId: network.vpcid,
    heldId: held?.id,
    isOurs: held === undefined || isOurs(held) || hasComeLate,
    notes,
    expected: [],
    forwardings,
  };
}

/**
 * Keeps in mind that the call that made a VM of the same agent, which is removed for the planned
 * one, may still get the address: it was to have the same one, and asked for it while it can have
 * been at work.
 */
export function expectAddressOf(call: Call, vm: VirtualMachine, vip: PlannedVip | undefined): void {
  const fromMs = timeMs(vm.created);
  if (vip === undefined || fromMs === undefined) return;
  const untilMs = fromMs + longestCreateVmMs(call) + validForMs;
  vip.expected.push({ ip: vip.ip, fromMs, untilMs });
}

/** Between two looks another call may get the address, or give it back. */
const roundsMax = 2;

/**
 * The address as the account holds it; undefined if it is to be got.
 *
 * @throws BoshError of type CloudError if it cannot be had.
 */
async function findHeld(
  { client }: Call,
  vip: NetworkSpec,
  ip: string,
  zoneId: string,
): Promise<PublicIpAddress | undefined> {
  for (let round = 1; round <= roundsMax; round += 1) {
    const held = await findPublicAddress(client, ip, zoneId);
    if (held !== undefined) return held;
    if (await canGetPublicAddress(client, ip, zoneId)) return undefined;
  }
  throw refused(
    vip,
    `this account can not have ${ip}: it is in none of the ranges of public addresses of the zone, ` +
      'or another account holds it. Name one that is free or that the account holds',
  );
}

/** An address of a VPC leads to any of its tiers until it has a use in one of them. */
function assertServes(vip: NetworkSpec, held: PublicIpAddress, network: Network): void {
  const { associatednetworkid: heldFor, vpcid } = held;
  const where = `${network.name} (${network.id}), in which the VM is to have it`;
  const way = 'release the address or take another one';
  if (heldFor !== undefined && heldFor !== network.id) {
    throw refused(
      vip,
      `${held.ipaddress} is allocated for the network ${heldFor}, not for ${where}: ${way}`,
    );
  }
  if (vpcid === network.vpcid) return;
  throw refused(
    vip,
    `${held.ipaddress} is allocated ${vpcid === undefined ? 'for no VPC' : `for the VPC ${vpcid}`}, ` +
      `not for that of ${where}: ${way}`,
  );
}

function readForwardings(
  call: Call,
  vip: NetworkSpec,
  entries: readonly JsonObject[] = [],
): Forwarding[] {
  const forwardings = entries.map((entry, index) => {
    const owner = `port ${index + 1} of network ${vip.name} (port_forwarding)`;
    const properties = readCloudProperties(call, forwardingProperties, entry, owner);
    const { public_port: publicPort, protocol, open_firewall: openFirewall } = properties;
    const privatePort = properties.private_port ?? publicPort;
    return { publicPort, privatePort, protocol: protocol.toLowerCase(), openFirewall };
  });
  const ports = forwardings.map(({ protocol, publicPort }) => `${protocol} port ${publicPort}`);
  const twice = ports.find((port, index) => ports.indexOf(port) !== index);
  if (twice === undefined) return forwardings;
  throw refused(vip, `port_forwarding names ${twice} twice`, 'CpiError');
}

/** The id of an address that VMs can share by port forwarding. */
function assertForwards(vip: NetworkSpec, held: PublicIpAddress | undefined): string {
  if (held === undefined) {
    throw refused(
      vip,
      `${vip.ip ?? ''} is not held by this account, which port forwarding needs, because VMs share ` +
        'it: allocate it for the network, or leave out port_forwarding',
    );
  }
  if (held.isstaticnat !== true) return held.id;
  throw refused(
    vip,
    `${held.ipaddress} belongs to VM ${held.virtualmachineid ?? 'unknown'} alone, by static NAT`,
  );
}

function onlyVip(specs: readonly NetworkSpec[]): NetworkSpec | undefined {
  const vips = specs.filter(({ type }) => type === 'vip');
  if (vips.length <= 1) return vips[0];
  throw new BoshError(
    'NotSupported',
    `create_vm: a VM can have one vip network, got ${vips.map(({ name }) => name).join(', ')}`,
  );
}

function nicAskedFor(
  vip: NetworkSpec,
  nics: readonly PlannedNic[],
  name: string | undefined,
): PlannedNic | undefined {
  if (vip.nicGroup !== undefined) {
    const grouped = nics.find((nic) => nic.specs.some(({ nicGroup }) => nicGroup === vip.nicGroup));
    if (grouped !== undefined) return grouped;
    throw refused(vip, `no other network has its nic_group ${vip.nicGroup}`, 'CpiError');
  }
  if (name === undefined) return undefined;
  const named = nics.find(({ network }) => network.id === name || network.name === name);
  if (named !== undefined) return named;
  throw refused(vip, `the VM has no NIC in the network ${name} of its cloud_properties`);
}

function refused(
  { name }: NetworkSpec,
  why: string,
  type: 'CloudError' | 'CpiError' = 'CloudError',
): BoshError {
  return new BoshError(type, `create_vm: network ${name}: ${why}`);
}
