import { blobstore, offeringTags, pollSettings, timeouts } from './kinds.js';
import {
  busUrl,
  certificates,
  flag,
  hostName,
  httpUrl,
  integer,
  oneOf,
  optional,
  port,
  publicUrl,
  registryUrl,
  required,
  text,
  textList,
  token,
  userName,
  withDefault,
  type ValuesOf,
} from './property.js';

const dayInSeconds = 86_400;

/**
 * The sections of cpi.json with all their properties: the one place from which validation, the
 * documentation page and the list of secrets follow. Only what has an effect stands here.
 */
export const sections = {
  cloudstack: {
    endpoint: required(httpUrl, {
      description: 'URL of the CloudStack API.',
      example: 'https://cloud.example.com/client/api',
    }),
    api_key: required(token, {
      description: 'API key of the CloudStack account that owns the VMs and disks.',
      example: 'your-api-key',
      secret: true,
    }),
    secret_access_key: required(token, {
      description: 'Secret key that belongs to `api_key`.',
      example: 'your-secret-key',
      secret: true,
    }),
    default_zone: required(text, {
      description:
        'Zone (name or id) of stemcells, and of VMs and disks whose cloud_properties name none.',
      example: 'zone1',
    }),
    default_key_name: optional(text, {
      description:
        'SSH key pair that every VM gets. One that CloudStack does not know is registered from ' +
        '`private_key`, if that is given.',
      example: 'bosh',
    }),
    private_key: optional(text, {
      description:
        'Private key, in PEM or OpenSSH form, whose public half is registered as ' +
        '`default_key_name` where the account has no key pair of that name. Only the public half is ' +
        'sent.',
      example: '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----\n',
      secret: true,
    }),
    project_id: optional(text, {
      description:
        'Id of the project that owns everything the CPI works with, instead of the account of ' +
        '`api_key`, which must be a member of it.',
      example: '3f7f6a4c-7d21-4b6e-9a51-0c5e3f1b2d10',
    }),
    account: optional(text, {
      description:
        'Name of the account that owns everything the CPI works with, for keys of an administrator ' +
        'who works for others. Needs `domain_id`; not with `project_id`.',
      example: 'bosh',
    }),
    domain_id: optional(text, {
      description: 'Id of the domain that `account` is in.',
      example: '8d3f1c9e-52ab-4c1d-8f35-6c2f4b7f0e21',
    }),
    default_disk_offering: optional(text, {
      description:
        'Disk offering (name or id) of persistent disks whose cloud_properties have no ' +
        '`disk_offering`.',
      example: 'shared.custom',
    }),
    default_ephemeral_disk_offering: optional(text, {
      description:
        'Disk offering (name or id) of ephemeral disks of VMs whose cloud_properties have `disk` ' +
        'but no `ephemeral_disk_offering`.',
      example: 'ephemeral',
    }),
    enable_auto_anti_affinity: withDefault(flag, false, {
      description:
        'Whether VMs whose cloud_properties have no `affinity_group` get one for each instance ' +
        'group: `<Director uuid>-<env.bosh.group>`.',
      example: true,
    }),
    auto_anti_affinity_type: optional(text, {
      description:
        'Type of the groups of `enable_auto_anti_affinity`, `host anti-affinity` unless given: an ' +
        'instance group can then have no more instances than there are hosts.',
      example: 'non-strict host anti-affinity',
    }),
    state_timeout: withDefault(integer('seconds', { min: 1, max: dayInSeconds }), 1200, {
      description: 'How long a job on a VM or a template may take, in seconds.',
      example: 1200,
    }),
    state_timeout_volume: withDefault(integer('seconds', { min: 1, max: dayInSeconds }), 1200, {
      description: 'How long a job on a disk may take, in seconds.',
      example: 3600,
    }),
    state_timeout_snapshot: withDefault(integer('seconds', { min: 1, max: dayInSeconds }), 7200, {
      description:
        'How long a snapshot may take, in seconds: CloudStack copies the whole disk to secondary ' +
        'storage.',
      example: 14_400,
    }),
    timeout: withDefault(
      timeouts,
      {},
      {
        description:
          'How long single kinds of work may take, in seconds, where that is to be another time than ' +
          '`state_timeout`, `state_timeout_volume` and `state_timeout_snapshot` say. `poll_template` ' +
          'is the time in which the template of a stemcell becomes ready. A call whose limit has struck ' +
          'undoes what it began, which takes up to `state_timeout` more.',
        example: { create_vm: 1800, attach_volume: 3600 },
      },
    ),
    calculate: withDefault(
      offeringTags,
      {},
      {
        description:
          'Which offerings calculate_vm_cloud_properties may name: those with any of the tags of ' +
          '`compute_tags` (host tags or storage tags of compute offerings) and `disk_tags`, and with ' +
          'none of `not_compute_tags` and `not_disk_tags`.',
        example: { compute_tags: ['bosh'], not_disk_tags: ['slow'] },
      },
    ),
    poll: withDefault(
      pollSettings,
      {},
      {
        description:
          'How often pending work is looked at: after `first_ms` milliseconds, then after `factor` ' +
          'times the last pause, at most every `cap_ms`. What is left out is chosen to fit.',
        example: { first_ms: 250, factor: 1.2, cap_ms: 1000 },
      },
    ),
    log_level: withDefault(oneOf('debug', 'info', 'warning'), 'info', {
      description:
        'What a call tells on stderr, which the Director shows as `bosh task --cpi`: `warning` what ' +
        'an operator should look at, `info` each request, each job and what is waited for, too, ' +
        '`debug` also each look at a job.',
      example: 'debug',
    }),
    strict_properties: withDefault(flag, false, {
      description: 'Makes an unknown key in cloud_properties an error instead of a warning.',
      example: true,
    }),
    ca_cert: optional(certificates, {
      description: 'Certificates, in PEM form, to trust besides the well-known ones.',
      example: '-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n',
    }),
    proxy_host: optional(hostName, {
      description:
        'Proxy (host name or address) by which CloudStack and uploads are reached. HTTPS_PROXY and ' +
        'NO_PROXY of the process have no effect.',
      example: 'proxy.example.com',
    }),
    proxy_port: withDefault(port, 8080, {
      description: 'Port of that proxy.',
      example: 3128,
    }),
    proxy_user: optional(text, {
      description: 'User name that the proxy asks for.',
      example: 'bosh',
    }),
    proxy_password: optional(text, {
      description: 'Password of that user.',
      example: 'your-password',
      secret: true,
    }),
    skip_verify_ssl: withDefault(flag, false, {
      description:
        'Takes any certificate of the CloudStack API for good: whoever is on the way can then read ' +
        'and change everything. `ca_cert` is the safe way.',
      example: true,
    }),
    stemcell_public_visibility: withDefault(flag, false, {
      description:
        'Whether templates of stemcells are for all accounts; where CloudStack lets the account make ' +
        'private ones only, they are private, and the log tells.',
      example: true,
    }),
    upload_verify_tls: withDefault(flag, true, {
      description:
        'Whether a stemcell upload checks the certificate of the secondary storage VM, which ' +
        'often does not fit its host name.',
      example: false,
    }),
    user_data_max_length: withDefault(integer('bytes', { min: 1024, max: 1_048_576 }), 32_768, {
      description:
        'Largest user data, counted after base64, that CloudStack takes: its global setting ' +
        '`vm.userdata.max.length`.',
      example: 65_536,
    }),
    expunge_vm: withDefault(flag, true, {
      description:
        'Whether delete_vm has CloudStack expunge a VM at once, where the account may. Otherwise the ' +
        'VM is destroyed only, so that an operator of the cloud can recover it for a while, and its ' +
        'addresses are moved away before.',
      example: false,
    }),
    vm_expunge_delay: withDefault(integer('seconds', { min: 0, max: dayInSeconds }), 0, {
      description:
        'How long delete_vm waits, in seconds, when it could not free the addresses of a VM by ' +
        'itself; useful where CloudStack expunges VMs soon.',
      example: 60,
    }),
  },
  agent: {
    mbus: required(busUrl, {
      description: 'Message bus that the agents connect to (nats) or serve (https).',
      example: 'nats://nats:your-password@10.0.0.6:4222',
      secret: true,
    }),
    ntp: withDefault(textList, [], {
      description: 'Time servers of the VMs.',
      example: ['0.pool.ntp.org', '1.pool.ntp.org'],
    }),
    blobstore: optional(blobstore, {
      description: 'Blobstore of the agents, for Directors that do not send one with each VM.',
      example: { provider: 'dav', options: { endpoint: 'http://10.0.0.6:25250' } },
      secret: true,
    }),
  },
  registry: {
    host: optional(text, {
      description:
        'Host name or address at which the CPI and the VMs reach the registry (cloudstack-registry), ' +
        'for stemcells with an api_version below 2. Without it, or empty, there is no registry.',
      example: '10.0.0.6',
    }),
    port: withDefault(port, 25_777, {
      description: 'Port of the registry.',
      example: 25_777,
    }),
    endpoint: optional(registryUrl, {
      description:
        'URL of the registry instead of host and port, for HTTPS. It may hold the credentials, as ' +
        'those of earlier CPIs do.',
      example: 'https://registry.example.com:25777',
      secret: true,
    }),
    username: optional(userName, {
      description: 'User of the registry; required with `host`.',
      example: 'registry',
    }),
    password: optional(token, {
      description: 'Password of that user.',
      example: 'your-password',
      secret: true,
    }),
    ca_cert: optional(certificates, {
      description:
        'Certificates, in PEM form, to trust besides the well-known ones when the CPI reaches the ' +
        'registry; agents trust those of their stemcell only.',
      example: '-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n',
    }),
    credentials_in_endpoint: withDefault(flag, true, {
      description:
        'Whether agents get user name and password with the address of the registry, in their user ' +
        'data. Without them the registry has to know them by their addresses ' +
        '(`check_source_address`).',
      example: false,
    }),
  },
  stemcell: {
    publish: withDefault(oneOf('upload', 'webdav', 'create-env'), 'upload', {
      description:
        'How a stemcell reaches CloudStack: `upload` sends it to the secondary storage VM; with ' +
        '`webdav` CloudStack downloads it from the stemcell server (section `stemcell_server`: ' +
        '`url`, `username`, `password`), with `create-env` from a server that the CPI opens for the ' +
        'length of the call (`host`, `port`). (A stemcell with `light_template` or `image_url` in its ' +
        'cloud_properties is never sent.)',
      example: 'upload',
    }),
    os_type: withDefault(text, 'Other PV (64-bit)', {
      description:
        'OS type of the templates, by its description in CloudStack. On KVM it decides the disk ' +
        'bus: guests of the default get virtio disks.',
      example: 'Other PV (64-bit)',
    }),
    requires_hvm: withDefault(flag, true, {
      description: 'Whether templates of stemcells need hardware virtualization.',
      example: false,
    }),
    copy_compute_offering: optional(text, {
      description:
        'For stemcells with `light_mode: copy`: compute offering, by name or id, of the VM that is ' +
        'started for a moment to copy a template.',
      example: 'm1.small',
    }),
    copy_network: optional(text, {
      description:
        'For stemcells with `light_mode: copy`: network, by name or id, of that VM; it gets any ' +
        'free address.',
      example: 'NET_CS',
    }),
  },
  stemcell_server: {
    url: optional(httpUrl, {
      description:
        'For `webdav`: where the CPI puts images, a collection of cloudstack-stemcell-server or of ' +
        'another WebDAV server.',
      example: 'http://10.0.0.6:25778',
    }),
    username: optional(userName, {
      description: 'For `webdav`: user of that server.',
      example: 'stemcells',
    }),
    password: optional(token, {
      description: 'For `webdav`: password of that user.',
      example: 'your-password',
      secret: true,
    }),
    host: optional(text, {
      description:
        'For `create-env`: address of this machine to listen on, by which the secondary storage VM ' +
        'reaches it.',
      example: '10.0.0.6',
    }),
    port: withDefault(port, 25_778, {
      description: 'For `create-env`: port to listen on.',
      example: 25_778,
    }),
    public_url: optional(publicUrl, {
      description:
        'Where the secondary storage VM reaches the server, if neither at `url` or `host` and ' +
        '`port` nor where the server says itself.',
      example: 'http://203.0.113.6:25778',
    }),
  },
} as const;

export type SectionName = keyof typeof sections;

/** A valid configuration: what cpi.json and the context of the request say together. */
export type Configuration = { [Name in SectionName]: ValuesOf<(typeof sections)[Name]> };
