import type { CloudConfig } from '../target/cloud-config.js';
import type { CloudOffers } from '../target/target.js';

/** Examples that are not tried, and why. */
export interface LeftOut {
  readonly what: string;
  readonly reason: string;
}

export interface Choice {
  /** Options for RSpec. */
  readonly options: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

interface Rule {
  readonly what: string;
  readonly options: readonly string[];
  /** Why the examples cannot run; undefined if they can. */
  readonly reason: (config: CloudConfig, offers: CloudOffers) => string | undefined;
}

const without = (tag: string, reason: Rule['reason']): Rule => ({
  what: `tag ${tag}`,
  options: ['--tag', `~${tag}`],
  reason,
});

const noSsh: Rule['reason'] = ({ bats }) =>
  bats?.ssh === false ? 'the configuration says that VMs cannot be reached by SSH' : undefined;

/** The tags of spec/system/*.rb; what is not named here runs on every CloudStack. */
const rules: readonly Rule[] = [
  without('vip_networking', (_, { vips = [] }) =>
    vips.length > 0 ? undefined : 'the configuration has no vips',
  ),
  without('multiple_manual_networks', (_, { secondNetwork }) =>
    secondNetwork !== undefined ? undefined : 'the configuration has no second_network',
  ),
  without('nic_groups', () => 'a NIC of CloudStack is in one network'),
  without('ipv6', () => 'the networks of the configuration are IPv4'),
  without('raw_ephemeral_storage', () => 'VMs of CloudStack have no raw disks of their host'),
  // All of it is done by SSH, though no more than the file says so.
  without('os', (config, offers) =>
    config.bats?.os === true
      ? noSsh(config, offers)
      : 'the configuration does not say `os`: it is about the stemcell',
  ),
  without('ssh', noSsh),
  {
    what: 'cck_spec.rb',
    // It carries no tag, and stops agents by SSH.
    options: ['--exclude-pattern', '**/cck_spec.rb'],
    reason: noSsh,
  },
];

/** Tags whose examples run on every CloudStack, and those that stand only where one of the rules' does. */
const harmlessTags = [
  'changing_static_ip',
  'core',
  'dual_stack',
  'ipv6_manual_networking',
  'ipv6_prefix_allocation',
  'manual_networking',
  'raw_instance_storage',
  'reboot',
  'root_partition',
];

/**
 * Tags in files of examples of which nothing is known here: those of a later checkout than the one that
 * the rules were made for. Their examples are tried.
 */
export function unknownTags(examples: readonly string[]): string[] {
  const known = [
    ...harmlessTags,
    ...rules.flatMap(({ options: [, tag = ''] }) => tag.replace('~', '')),
  ];
  const heads = examples.flatMap((text) => text.match(/^ *(?:describe|context|it) .*$/gm) ?? []);
  const tags = heads.flatMap((head) => [...head.matchAll(/\b(\w+): true\b/g)]);
  return [...new Set(tags.map(([, tag = '']) => tag))].filter((tag) => !known.includes(tag));
}

/** Chooses what can run on this cloud. */
export function chooseExamples(config: CloudConfig, offers: CloudOffers): Choice {
  const applying = rules.flatMap((rule) => {
    const reason = rule.reason(config, offers);
    return reason === undefined ? [] : [{ ...rule, reason }];
  });
  return {
    options: applying.flatMap(({ options }) => options),
    leftOut: applying.map(({ what, reason }) => ({ what, reason })),
  };
}
