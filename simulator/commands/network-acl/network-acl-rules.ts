import { isIPv6 } from 'node:net';
import { cloudRuntime, invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkAclRow } from '../../world/entities.js';
import { isCidr, isPort } from '../firewall/port-validation.js';

/** What of a rule has to fit together. */
export type AclTraffic = Pick<
  NetworkAclRow,
  'protocol' | 'startPort' | 'endPort' | 'icmpType' | 'icmpCode' | 'cidrList'
>;

/** Throws unless a rule is one (NetworkACLServiceImpl.validateNetworkACLItem). */
export function assertTraffic(traffic: AclTraffic): void {
  assertPorts(traffic);
  const wrong = traffic.cidrList.find((cidr) => !isCidr(cidr) && !isIpv6Cidr(cidr));
  if (wrong !== undefined) throw serverApiError(431, `Source cidrs formatting error ${wrong}`);
  if (traffic.protocol.trim() === '') return;
  assertProtocol(traffic.protocol);
  assertFitsProtocol(traffic);
}

/** Whether types and codes are meant instead of ports; the number 1 is ICMP, too. */
export function isIcmp(protocol: string): boolean {
  return ['icmp', '1'].includes(protocol.toLowerCase());
}

export function actionNamed(asked: string | undefined): NetworkAclRow['action'] {
  const action = (['Allow', 'Deny'] as const).find(
    (known) => known.toLowerCase() === (asked ?? 'Allow').toLowerCase(),
  );
  if (action !== undefined) return action;
  throw invalidParameter(`Invalid action [${asked}]. Permitted actions are Allow and Deny`);
}

/** Undefined for a kind of traffic that there is not. */
export function trafficTypeNamed(asked: string): NetworkAclRow['trafficType'] | undefined {
  return (['Ingress', 'Egress'] as const).find(
    (known) => known.toLowerCase() === asked.toLowerCase(),
  );
}

function assertPorts({ startPort, endPort, protocol }: AclTraffic): void {
  if (startPort === null && endPort === null) return;
  if (startPort === null) throw tripped('sourcePortStart');
  if (endPort === null) throw tripped('sourcePortEnd');
  if (!isPort(startPort)) {
    throw invalidParameter(`Start public port is an invalid value: ${startPort}`);
  }
  if (!isPort(endPort)) throw invalidParameter(`End public port is an invalid value: ${endPort}`);
  if (startPort > endPort) {
    throw invalidParameter(
      `Start port can't be bigger than end port [startport=${startPort},endport=${endPort}]`,
    );
  }
  if (protocol.toLowerCase() !== 'all') return;
  throw invalidParameter("start port and end port must be null if protocol = 'all'");
}

/** One of the two ports alone CloudStack does not expect. */
function tripped(variable: string): Error {
  return cloudRuntime(`Cannot invoke "java.lang.Integer.intValue()" because "${variable}" is null`);
}

/** CloudStack looks for the name as a part of this. */
const PROTOCOLS = 'tcp,udp,icmp,all';

function assertProtocol(protocol: string): void {
  if (/^\d+$/.test(protocol)) {
    if (Number(protocol) <= 255) return;
    throw invalidParameter(`Invalid protocol number: ${Number(protocol)}`);
  }
  if (PROTOCOLS.includes(protocol.toLowerCase())) return;
  throw invalidParameter(`Invalid protocol [${protocol}]. Expected one of: [${PROTOCOLS}]`);
}

function assertFitsProtocol(traffic: AclTraffic): void {
  const { protocol, startPort, endPort, icmpType, icmpCode } = traffic;
  if (!isIcmp(protocol) && (icmpCode ?? icmpType) !== null) {
    throw invalidParameter('Can specify icmpCode and icmpType for ICMP protocol only');
  }
  if (isIcmp(protocol) && (startPort ?? endPort) !== null) {
    throw invalidParameter("Can't specify start/end port when protocol is ICMP");
  }
  if (icmpType === null) return;
  if (icmpType < -1 || icmpType > 255) {
    throw invalidParameter(`Invalid icmp type [${icmpType}]. It should belong to [0-255] range`);
  }
  if (icmpCode === null || (icmpCode >= -1 && icmpCode <= 16)) return;
  throw invalidParameter(
    `Invalid icmp code [${icmpCode}]. It should belong to [0-16] range and can be defined when ` +
      'icmpType belongs to [0-40] range',
  );
}

function isIpv6Cidr(text: string): boolean {
  const [address = '', length = '128', ...rest] = text.split('/');
  const isLength = /^\d{1,3}$/.test(length) && Number(length) <= 128;
  return isIPv6(address) && isLength && rest.length === 0;
}
