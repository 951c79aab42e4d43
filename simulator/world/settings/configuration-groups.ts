/** A group of settings, with the parts that it has. */
export interface ConfigurationGroup {
  readonly name: string;
  readonly description: string;
  /** By this groups are sorted. */
  readonly precedence: number;
  readonly parts: readonly ConfigurationSubGroup[];
}

export interface ConfigurationSubGroup {
  readonly name: string;
  readonly precedence: number;
  /** Words of a setting's name that put it here, besides the name of the part. */
  readonly keywords: readonly string[];
}

/** The groups of CloudStack's database (schema-41720to41800.sql, -41810to41900.sql, -42000to42010.sql). */
export const configurationGroups: readonly ConfigurationGroup[] = [
  group('Access', 'Identity and Access management configuration', 1, [
    part('Account', 1),
    part('Domain', 2),
    part('Project', 3),
    part('LDAP', 4),
    part('SAML', 5, 'saml2'),
  ]),
  group('Compute', 'Compute configuration', 2, [
    part('Virtual Machine', 1, 'vm,instance,cpu,ssh,affinity'),
    part('Kubernetes', 2, 'kubernetes'),
    part('High Availability', 3, 'ha'),
  ]),
  group('Storage', 'Storage configuration', 3, [
    part('Images', 1, 'template,iso'),
    part('Volume', 2, 'disk,diskoffering'),
    part('Snapshot', 3),
    part('VM Snapshot', 4, 'vmsnapshot'),
  ]),
  group('Network', 'Network configuration', 4, [
    part('Network', 1, 'firewall,vlan,dns,globodns,ipaddress,cidr'),
    part('DHCP', 2, 'externaldhcp'),
    part('VPC', 3),
    part('LoadBalancer', 4, 'lb,gslb'),
  ]),
  group('Hypervisor', 'Hypervisor specific configuration', 5, [
    part('Hypervisor', 1, 'host'),
    part('KVM', 2, 'libvirt'),
    part('VMware', 3, 'vcenter'),
    part('XenServer', 4, 'xen,xapi,XCP'),
    part('OVM', 5, 'ovm3'),
    part('Baremetal', 6),
  ]),
  group('Management Server', 'Management Server configuration', 6, [
    part('API', 1),
    part('Alerts', 2, 'alert'),
    part('Events', 3, 'event'),
    part('Security', 4, 'secure,password,authenticators'),
    part('Limits', 6, 'capacity,delay,interval,workers'),
    part('Jobs', 7, 'job'),
    part('Agent', 8),
  ]),
  group('System VMs', 'System VMs related configuration', 7, [
    part('ConsoleProxyVM', 1, 'cpvm,consoleproxy,novnc'),
    part('SecStorageVM', 2, 'ssvm,secondary'),
    part('VirtualRouter', 3, 'vr,router,vrouter'),
    part('Diagnostics', 4),
  ]),
  group('Infrastructure', 'Infrastructure configuration', 8, [
    part('Primary Storage', 1, 'storage,pool,primary'),
    part('Secondary Storage', 2, 'image,secstorage'),
  ]),
  group('Usage Server', 'Usage Server related configuration', 9, [part('Usage', 1)]),
  group('Miscellaneous', 'Miscellaneous configuration', 999, [
    part('Backup & Recovery', 1, 'backup,recovery,veeam'),
    part('Certificate Authority', 2, 'CA'),
    part('Quota', 3),
    part('Cloudian', 4),
    part('DRS', 4, 'drs'),
    part('Others', 999),
  ]),
];

function group(
  name: string,
  description: string,
  precedence: number,
  parts: readonly ConfigurationSubGroup[],
): ConfigurationGroup {
  return { name, description, precedence, parts };
}

function part(name: string, precedence: number, keywords = ''): ConfigurationSubGroup {
  return { name, precedence, keywords: keywords.split(',').filter((word) => word !== '') };
}

/** Where a setting is: a group, and a part of it, by their names. */
export interface ConfigurationPlace {
  readonly group: string;
  readonly subGroup: string;
}

const others: ConfigurationPlace = { group: 'Miscellaneous', subGroup: 'Others' };

/**
 * The place of a setting: that of the first word of its name which is the name of a part, is one of
 * its keywords, or begins with one (ConfigurationGroupsAggregator).
 */
export function placeOfSetting(name: string): ConfigurationPlace {
  for (const word of name.toLowerCase().split('.')) {
    const place =
      placeWhere((candidate) => candidate.name.toLowerCase() === word) ??
      placeWhere(({ keywords }) => keywords.some((keyword) => keyword.toLowerCase() === word)) ??
      placeWhere(({ keywords }) =>
        keywords.some((keyword) => word.startsWith(keyword.toLowerCase())),
      );
    if (place !== undefined) return place;
  }
  return others;
}

function placeWhere(
  test: (candidate: ConfigurationSubGroup) => boolean,
): ConfigurationPlace | undefined {
  for (const { name, parts } of configurationGroups) {
    const found = parts.find(test);
    if (found !== undefined) return { group: name, subGroup: found.name };
  }
  return undefined;
}
