// Properties of the CPI's job as operators have them, and what the CPI makes of them.
import {
  certificate,
  minimal,
  shortCertificate,
  withProperties,
  withProperty,
} from '../support/property-sets.js';

const javaRelease = {
  cloudstack: {
    ...minimal.cloudstack,
    default_key_name: 'bosh',
    private_key: '',
    state_timeout: 600,
    stemcell_publish_timeout: 10,
    proxy_host: '',
    proxy_user: '',
    proxy_password: '',
  },
  cpi: {
    host: '127.0.0.1',
    default_disk_offering: 'shared.custom',
    force_expunge: true,
    registry: {
      endpoint: 'http://admin:a-password@10.0.0.6:8080',
      user: 'admin',
      password: 'a-password',
    },
    blobstore: { provider: 'local', path: '/var/vcap/micro_bosh/data/cache' },
    ntp: ['0.pool.ntp.org'],
    agent: { mbus: 'https://mbus:a-password@0.0.0.0:6868' },
  },
};

const goRelease = withProperties(minimal, {
  cloudstack: {
    expunge_vm: false,
    timeout: { global: 1800, attach_volume: 36_000 },
    clean_disk: true,
    default_offer: { disk: 'shared.custom', ephemeral_disk: 'ephemeral' },
    stemcell: { requires_hvm: false, os_type: 'Ubuntu 20.04 LTS' },
  },
  director: { name: 'my-director' },
  ntp: ['0.pool.ntp.org'],
  env: { https_proxy: 'http://me:a-password@proxy.example.com:3128', no_proxy: '10.0.0.6' },
  registry: { host: '', username: '', password: '' },
});

/** Sets of properties with what the CPI makes of them, and how many properties it tells about. */
export const takenProperties: Readonly<
  Record<string, { properties: object; loaded: Record<string, unknown>; warnings?: number }>
> = {
  minimal: { properties: minimal, loaded: minimal },
  proxy: {
    properties: withProperty(minimal, 'cloudstack', {
      proxy_host: 'proxy.example.com',
      proxy_port: 3128,
    }),
    loaded: { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: 3128 } },
  },
  'proxy of bosh-deployment': {
    properties: withProperty(minimal, 'env', {
      http_proxy: 'http://other.example.com:8080',
      https_proxy: 'http://proxy.example.com:3128',
      no_proxy: '10.0.0.6',
    }),
    loaded: { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: 3128 } },
  },
  'custom CA': {
    properties: withProperty(minimal, 'cloudstack.ca_cert', `${certificate}\n${certificate}\n`),
    loaded: { cloudstack: { ca_cert: `${certificate}\n${certificate}\n` } },
  },
  'a CA with a short key': {
    properties: withProperty(minimal, 'cloudstack.ca_cert', shortCertificate),
    loaded: { cloudstack: { ca_cert: shortCertificate } },
  },
  registry: {
    properties: withProperty(minimal, 'registry', {
      host: '10.0.0.6',
      username: 'r',
      password: 'p',
    }),
    loaded: { registry: { host: '10.0.0.6', port: 25_777, username: 'r', password: 'p' } },
  },
  'a stemcell server': {
    properties: withProperties(minimal, {
      stemcell: { publish: 'webdav' },
      stemcell_server: { url: 'http://10.0.0.6:25778', username: 's', password: 'p' },
    }),
    loaded: { stemcell: { publish: 'webdav' }, stemcell_server: { url: 'http://10.0.0.6:25778' } },
  },
  'placeholders, where cpi-configs have the values': {
    properties: withProperty(minimal, 'cloudstack', {
      endpoint: 'https://set-by.cpi-config.invalid/client/api',
      api_key: 'unused',
      secret_access_key: 'unused',
      default_zone: 'unused',
    }),
    loaded: { cloudstack: { default_zone: 'unused' } },
  },
  'no registry, with the rest of it filled in': {
    properties: withProperty(minimal, 'registry', {
      host: '',
      port: 6901,
      username: 'r',
      password: 'p',
    }),
    loaded: { registry: { host: undefined, endpoint: undefined } },
  },
  'the Java release': {
    properties: javaRelease,
    loaded: {
      cloudstack: {
        default_key_name: 'bosh',
        state_timeout: 600,
        timeout: { poll_template: 600 },
        default_disk_offering: 'shared.custom',
        expunge_vm: true,
        proxy_host: undefined,
      },
      registry: { endpoint: 'http://admin:a-password@10.0.0.6:8080', username: 'admin' },
      agent: {
        mbus: 'https://mbus:a-password@0.0.0.0:6868',
        ntp: ['0.pool.ntp.org'],
        blobstore: {
          provider: 'local',
          options: { blobstore_path: '/var/vcap/micro_bosh/data/cache' },
        },
      },
    },
    warnings: 1,
  },
  'the Go release': {
    properties: goRelease,
    loaded: {
      cloudstack: {
        expunge_vm: false,
        state_timeout: 1800,
        timeout: { attach_volume: 36_000 },
        default_disk_offering: 'shared.custom',
        default_ephemeral_disk_offering: 'ephemeral',
        proxy_host: 'proxy.example.com',
        proxy_user: 'me',
        proxy_password: 'a-password',
      },
      stemcell: { requires_hvm: false, os_type: 'Ubuntu 20.04 LTS' },
      agent: { ntp: ['0.pool.ntp.org'] },
    },
    warnings: 1,
  },
};
