import { sameName } from '../../declare/list-parameters.js';
import { responseObject, integerField, stringField } from '../../declare/response.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type { DhcpOption, NetworkRow } from '../../world/entities.js';

/** The options that CloudStack knows by name (com.cloud.utils.net.Dhcp.DhcpOptionCode). */
const names: ReadonlyMap<number, string> = new Map([
  [1, 'netmask'],
  [2, 'time-offset'],
  [3, 'router'],
  [4, 'time-server'],
  [6, 'dns-server'],
  [7, 'log-server'],
  [9, 'lpr-server'],
  [12, 'hostname'],
  [13, 'boot-file-size'],
  [15, 'domain-name'],
  [16, 'swap-server'],
  [17, 'root-path'],
  [18, 'extension-path'],
  [19, 'ip-forward-enable'],
  [20, 'non-local-source-routing'],
  [21, 'policy-filter'],
  [22, 'max-datagram-reassembly'],
  [23, 'default-ttl'],
  [26, 'mtu'],
  [27, 'all-subnets-local'],
  [28, 'broadcast'],
  [31, 'router-discovery'],
  [32, 'router-solicitation'],
  [33, 'static-route'],
  [34, 'trailer-encapsulation'],
  [35, 'arp-timeout'],
  [36, 'ethernet-encap'],
  [37, 'tcp-ttl'],
  [38, 'tcp-keepalive'],
  [40, 'nis-domain'],
  [41, 'nis-server'],
  [42, 'ntp-server'],
  [43, 'vendor-encap'],
  [44, 'netbios-ns'],
  [45, 'netbios-dd'],
  [46, 'netbios-nodetype'],
  [47, 'netbios-scope'],
  [48, 'x-windows-fs'],
  [49, 'x-windows-dm'],
  [50, 'requested-address'],
  [51, 'lease-time'],
  [52, 'option-overload'],
  [53, 'message-type'],
  [54, 'server-identifier'],
  [55, 'parameter-request'],
  [56, 'message'],
  [57, 'max-message-size'],
  [58, 'T1'],
  [59, 'T2'],
  [60, 'vendor-class'],
  [61, 'client-id'],
  [64, 'nis+-domain'],
  [65, 'nis+-server'],
  [66, 'tftp-server'],
  [67, 'bootfile-name'],
  [68, 'mobile-ip-home'],
  [69, 'smtp-server'],
  [70, 'pop3-server'],
  [71, 'nntp-server'],
  [74, 'irc-server'],
  [77, 'user-class'],
  [93, 'client-arch'],
  [94, 'client-interface-id'],
  [97, 'client-machine-id'],
  [114, 'url'],
  [119, 'domain-search'],
  [120, 'sip-server'],
  [121, 'classless-static-route'],
  [125, 'vendor-id-encap'],
  [255, 'server-ip-address'],
]);

/** NicExtraDhcpOptionResponse. */
export const dhcpOptionResponse = responseObject<DhcpOption>('nicextradhcpoption', {
  extradhcpoptioncode: integerField(({ code }) => code),
  extradhcpoptionname: stringField(({ code }) => names.get(code)),
  extradhcpvalue: stringField(({ value }) => value),
});

type Fields = Readonly<Record<string, string>>;

/**
 * The options of a NIC, each by its number as `dhcp:114` or by its name. A number that has no name is
 * refused; CloudStack keeps it, and cannot show the NIC then.
 */
export function dhcpOptions(records: readonly Fields[] = []): readonly DhcpOption[] {
  const options = new Map(records.flatMap((fields) => optionsIn(fields)));
  return [...options]
    .map(([code, value]) => ({ code, value }))
    .sort((one, other) => one.code - other.code);
}

/** The options of each network of a VM, by its id (BaseDeployVMCmd.getDhcpOptionsMap). */
export function dhcpOptionsByNetwork(
  records: readonly Fields[] = [],
): ReadonlyMap<string, readonly DhcpOption[]> {
  return new Map(
    records.map(({ networkid, ...fields }) => {
      if (networkid === undefined) {
        throw cloudRuntime('No networkid specified when providing extra dhcp options.');
      }
      return [networkid.toLowerCase(), dhcpOptions([fields])];
    }),
  );
}

/** Throws for options of a network in which the VM has no NIC (verifyExtraDhcpOptionsNetwork). */
export function assertHasNetworks(
  options: ReadonlyMap<string, unknown>,
  networks: readonly Pick<NetworkRow, 'id'>[],
): void {
  const strange = [...options.keys()].find((id) => !networks.some((network) => network.id === id));
  if (strange === undefined) return;
  throw invalidParameter(
    `VM does not has a nic in the Network (${strange}) that is specified in the extra dhcp options.`,
  );
}

function optionsIn(fields: Fields): (readonly [number, string])[] {
  return Object.entries(fields).map(([key, value]) => [codeOf(key), value]);
}

function codeOf(key: string): number {
  const number = /^dhcp:(\d+)$/.exec(key)?.[1];
  if (number === undefined) {
    const known = [...names].find(([, name]) => sameName(name, key));
    if (known !== undefined) return known[0];
    throw cloudRuntime(`Dhcp option ${key} not supported.`);
  }
  if (names.has(Number(number))) return Number(number);
  throw cloudRuntime(`Dhcp option code ${number} not supported.`);
}
