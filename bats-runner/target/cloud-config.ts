import { z } from 'zod';
import { UsageError } from '../usage-error.js';
import { batsConfigSchema } from './bats-config.js';
import { addressesMax, addressesOf, ipv4Number } from '../ipv4.js';

/** What stands on the page about a part of the configuration, beside its form. */
type About = Readonly<Record<string, unknown>> & { readonly description: string };

const name = (about: About) => z.string().min(1).meta(about);

const endpoint = z
  .url({ protocol: /^https?$/, error: 'must be a URL that starts with http:// or https://' })
  .meta({
    description: 'URL of the CloudStack API.',
    example: 'https://cloud.example.com/client/api',
  });

/** How many addresses the cases need at once in the network that most VMs are in. */
const mainAddressesMin = 12;
/** In the others. */
const otherAddressesMin = 4;

const addresses = z
  .array(
    z.string().refine((text) => addressesOf(text) !== undefined, {
      error:
        'must be an IPv4 address, or the first and the last of at most ' +
        `${addressesMax} with a hyphen between them`,
    }),
  )
  .transform((ranges) => [...new Set(ranges.flatMap((range) => addressesOf(range) ?? []))])
  .meta({
    description:
      `IPv4 addresses and ranges (of at most ${addressesMax}) in the network that nobody holds and ` +
      `nobody else takes while the cases run: at least ${mainAddressesMin} in \`network\`, ` +
      `${otherAddressesMin} in the others. The highest addresses of the network stay free for VMs ` +
      'that get any, and for those that are being deleted.',
    example: ['10.203.6.20-10.203.6.60', '10.203.6.70'],
  });

const network = (least: number, about: About) =>
  z
    .strictObject({
      name: name({ description: 'Its name or id.', example: 'NET_CS' }),
      addresses: addresses.refine((all) => all.length >= least, {
        error: `must be at least ${least} addresses`,
      }),
    })
    .meta(about);

const keys = {
  api_key: name({ description: 'API key of a user of the account.' }),
  secret_access_key: name({ description: 'The secret key that belongs to it.' }),
};

/**
 * What the runner is told of a cloud. It holds only what cannot be asked of the cloud itself; the
 * page docs/bats-runner/cloud.md is made of it.
 */
export const cloudConfigSchema = z.strictObject({
  cloudstack: z
    .strictObject({
      endpoint,
      ...keys,
      ca_cert: name({
        description:
          'Certificate of the authority that signed that of the endpoint, in PEM form; for one ' +
          'that is not publicly known.',
        example: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
      }).optional(),
    })
    .meta({
      description: 'The account in which the CPI works: an ordinary user’s, best one of its own.',
    }),
  operator: z
    .strictObject(keys)
    .optional()
    .meta({
      description:
        'Keys of a root admin of the same cloud. Without them the cases are skipped that look at ' +
        'hosts, or in which somebody changes things past the CPI.',
    }),
  cpi: z
    .record(z.string(), z.json())
    .optional()
    .meta({
      description: 'Laid over the section `cloudstack` of the cpi.json that all cases use.',
      example: { state_timeout: 600 },
    }),
  zone: name({ description: 'Zone, by name or id.', example: 'zone1' }),
  template: name({
    description:
      'A ready template in the zone that the account may use, by name: the light stemcell of most ' +
      'VMs. What runs in it does not matter; small is good.',
    example: 'ubuntu-jammy',
  }),
  compute_offering: name({ description: 'Of most VMs; with a fixed size.', example: 'm1.small' }),
  other_compute_offering: name({ description: 'Another, of another size.', example: 'm1.medium' }),
  custom_compute_offering: name({
    description: 'One for which CPUs and memory are chosen.',
    example: 'custom',
  }).optional(),
  disk_offering: name({
    description: 'Of disks of any size, on storage that all hosts of the zone reach.',
    example: 'shared.custom',
  }),
  other_disk_offering: name({ description: 'Another of the same kind.' }).optional(),
  fixed_disk_offering: name({ description: 'One of disks of one size.' }).optional(),
  local_disk_offering: name({
    description: 'One of disks of any size on local storage of hosts.',
  }).optional(),
  network: network(mainAddressesMin, { description: 'The network that most VMs are in.' }),
  second_network: network(otherAddressesMin, {
    description: 'Another network that serves VMs beside the first one.',
  }).optional(),
  shared_network: network(otherAddressesMin, { description: 'A shared network.' }).optional(),
  network_offering: name({
    description:
      'Of isolated networks that the account may create; the ranges 10.77.0.0/16 and 10.88.0.0/16 ' +
      'are used for them.',
    example: 'DefaultIsolatedNetworkOfferingWithSourceNatService',
  }).optional(),
  vips: z
    .array(z.string().refine((text) => ipv4Number(text) !== undefined, 'must be an IPv4 address'))
    .min(2, 'must be at least two addresses')
    .optional()
    .meta({
      description:
        'Public addresses of the zone that nobody holds and nobody else takes; at least two.',
      example: ['203.0.113.25', '203.0.113.26'],
    }),
  second_zone: z
    .strictObject({
      zone: name({ description: 'Its name or id.', example: 'zone2' }),
      network: network(otherAddressesMin, { description: 'A network in it.' }),
    })
    .optional()
    .meta({ description: 'Another zone, to which templates can be copied.' }),
  snapshots: z
    .boolean()
    .default(true)
    .meta({
      description:
        'Whether volumes of running VMs can have snapshots: on KVM false while the setting ' +
        '`kvm.snapshot.enabled` of CloudStack is off.',
      example: false,
    }),
  uploads: z
    .boolean()
    .default(true)
    .meta({
      description:
        'Whether images can be uploaded from here to the secondary storage VM of the zone, which is ' +
        'how a stemcell becomes a template unless `cpi` says otherwise. On hypervisors other than ' +
        'KVM they are not tried: the image of the cases is QCOW2.',
    }),
  image_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'Where the cloud can download a small QCOW2 disk, such as ' +
        '`https://images.example.com/small.qcow2`.',
    }),
  minutes_per_case: z.number().min(1).max(240).default(30).meta({
    description: 'How long a case may take before it is ended, and what it made is deleted.',
  }),
  seconds_per_answer: z.number().min(0.1).max(3600).default(60).meta({
    description: 'How long the cloud may take for an answer to the runner before that gives up.',
  }),
  bats: batsConfigSchema,
});

export type CloudConfig = z.output<typeof cloudConfigSchema>;
export type NetworkConfig = CloudConfig['network'];

/** All addresses that it lends to the cases. */
export function addressesIn(config: CloudConfig): string[] {
  const { network, second_network: second, shared_network: shared, second_zone: zone } = config;
  return [network, second, shared, zone?.network].flatMap((one) => [...(one?.addresses ?? [])]);
}

/** A configuration has mistakes; the message names all of them. */
export class CloudConfigError extends UsageError {
  constructor(file: string, problems: readonly string[]) {
    super(
      `${file} has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n` +
        `${problems.map((problem) => `  ${problem}`).join('\n')}\n` +
        'docs/bats-runner/cloud.md tells what may stand there',
    );
  }
}

/** Reads the text of a configuration. Throws CloudConfigError, which repeats no value. */
export function readCloudConfig(file: string, text: string): CloudConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CloudConfigError(file, ['it is no JSON']);
  }
  const { success, data, error } = cloudConfigSchema.safeParse(json, { error: inWords });
  if (!success) throw new CloudConfigError(file, error.issues.flatMap(problemsOf));
  const problems = contradictionsIn(data);
  if (problems.length > 0) throw new CloudConfigError(file, problems);
  return data;
}

function problemsOf({ path, message, ...issue }: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${[...path, key].join('.')} is unknown`);
  }
  return [`${path.join('.') || 'it'} ${message}`];
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  boolean: 'true or false',
  number: 'a number',
};

/** What is wrong, as the end of a sentence that the name begins. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    return issue.input === undefined
      ? 'is missing'
      : `must be ${kinds[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'too_small' && issue.origin === 'string') return 'must not be empty';
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  if (issue.code === 'too_big') return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_format') return 'must be a URL that starts with http:// or https://';
  return undefined;
}

/** What would make two things one that cases need apart. */
function contradictionsIn(config: CloudConfig): string[] {
  const pairs = [
    ['other_compute_offering', config.other_compute_offering, config.compute_offering],
    ['custom_compute_offering', config.custom_compute_offering, config.compute_offering],
    ['other_disk_offering', config.other_disk_offering, config.disk_offering],
    ['second_network.name', config.second_network?.name, config.network.name],
    ['shared_network.name', config.shared_network?.name, config.network.name],
    ['shared_network.name', config.shared_network?.name, config.second_network?.name],
    ['second_zone.zone', config.second_zone?.zone, config.zone],
  ] as const;
  return pairs
    .filter(([, value, other]) => value !== undefined && value === other)
    .map(([where, value]) => `${where} must be another than the first: both are ${value}`);
}
