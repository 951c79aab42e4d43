// Properties of the CPI's job that are refused: what is wrong, where, and what the sentence is to say.
import { certificate } from '../support/property-sets.js';

type Fault = readonly [string, object, RegExp];

/** One thing wrong each: the property, its value, and what the sentence is to say. */
export const faults: readonly Fault[] = [
  ['no endpoint', { cloudstack: { endpoint: null } }, /cloudstack\.endpoint is missing/],
  ['an empty key', { cloudstack: { api_key: '' } }, /cloudstack\.api_key is missing/],
  [
    'no secret',
    { cloudstack: { secret_access_key: null } },
    /cloudstack\.secret_access_key is missing/,
  ],
  ['no zone', { cloudstack: { default_zone: null } }, /cloudstack\.default_zone is missing/],
  ['no message bus', { agent: null }, /agent\.mbus is missing/],
  [
    'an endpoint without scheme',
    { cloudstack: { endpoint: 'cloud.example.com' } },
    /cloudstack\.endpoint must be an http/,
  ],
  [
    'a flag in quotes',
    { cloudstack: { expunge_vm: 'true' } },
    /cloudstack\.expunge_vm must be true or false/,
  ],
  [
    'a time of no seconds',
    { cloudstack: { state_timeout: 0 } },
    /cloudstack\.state_timeout must be a whole number of seconds/,
  ],
  ['a text for a list', { agent: { ntp: 'pool.ntp.org' } }, /agent\.ntp must be a list of strings/],
  [
    'digits for a password',
    { registry: { host: 'h', username: 'r', password: 12345 } },
    /registry\.password must be a string/,
  ],
  [
    'an unknown word',
    { stemcell: { publish: 'ftp' } },
    /stemcell\.publish must be "upload" or "webdav" or "create-env"/,
  ],
  [
    'an account without domain',
    { cloudstack: { account: 'a' } },
    /cloudstack\.account and cloudstack\.domain_id go together/,
  ],
  [
    'account and project',
    { cloudstack: { account: 'a', domain_id: 'd', project_id: 'p' } },
    /cloudstack\.account and cloudstack\.project_id exclude each other/,
  ],
  [
    'a registry by host and endpoint',
    { registry: { host: 'h', endpoint: 'http://h:1', username: 'r', password: 'p' } },
    /registry\.host and registry\.endpoint exclude each other/,
  ],
  [
    'users of no registry',
    { registry: { username: 'r', password: 'p' } },
    /registry\.host is missing: set it to the host name or address of the registry/,
  ],
  [
    'a registry without user',
    { registry: { host: 'h', password: 'p' } },
    /registry\.username is missing/,
  ],
  [
    'a registry without password',
    { registry: { endpoint: 'http://h:1', username: 'r' } },
    /registry\.password is missing/,
  ],
  [
    'a stemcell server without user',
    {
      stemcell: { publish: 'webdav' },
      stemcell_server: { url: 'http://10.0.0.6:25778', password: 'p' },
    },
    /stemcell_server\.username is missing: stemcell\.publish webdav needs it/,
  ],
  [
    'a stemcell server without password',
    {
      stemcell: { publish: 'webdav' },
      stemcell_server: { url: 'http://10.0.0.6:25778', username: 's' },
    },
    /stemcell_server\.password is missing: stemcell\.publish webdav needs it/,
  ],
  [
    'a stemcell server without address',
    { stemcell: { publish: 'webdav' }, stemcell_server: { username: 's', password: 'p' } },
    /stemcell_server\.url is missing: stemcell\.publish webdav needs it/,
  ],
  [
    'nowhere to listen',
    { stemcell: { publish: 'create-env' } },
    /stemcell_server\.host is missing: stemcell\.publish create-env needs it/,
  ],
  [
    'everywhere to listen',
    { stemcell: { publish: 'create-env' }, stemcell_server: { host: '0.0.0.0' } },
    /stemcell_server\.public_url is missing/,
  ],
  [
    'a CA that is none',
    { cloudstack: { ca_cert: 'my CA' } },
    /cloudstack\.ca_cert must be one or more certificates in PEM form/,
  ],
  [
    'a proxy whose port is empty',
    { cloudstack: { proxy_host: 'proxy.example.com', proxy_port: '' } },
    /cloudstack\.proxy_port is missing/,
  ],
  [
    'a proxy with its port in its name',
    { cloudstack: { proxy_host: 'proxy.example.com:3128' } },
    /cloudstack\.proxy_host must be a host name or an address alone/,
  ],
  [
    'a URL for a proxy',
    { cloudstack: { proxy_host: 'http://proxy.example.com' } },
    /cloudstack\.proxy_host must be a host name or an address alone/,
  ],
  [
    'a user of no proxy',
    { cloudstack: { proxy_user: 'me' } },
    /cloudstack\.proxy_host is missing: cloudstack\.proxy_user is for a proxy/,
  ],
  [
    'a password of no proxy',
    { cloudstack: { proxy_host: '', proxy_password: 'p' } },
    /cloudstack\.proxy_host is missing: cloudstack\.proxy_password is for a proxy/,
  ],
];

/** What the CPI cannot know, or finds out late only. */
export const faultsOfDeployment: readonly Fault[] = [
  [
    'a CA that is cut off',
    { cloudstack: { ca_cert: certificate.replace(/\n[^\n]*\n---/, '\n---') } },
    /cloudstack\.ca_cert cannot be read/,
  ],
  [
    'a CA of which nearly nothing is left',
    { cloudstack: { ca_cert: certificate.replace(/\nMII[\s\S]*\n---/, '\nMIIA\n---') } },
    /cloudstack\.ca_cert cannot be read/,
  ],
  [
    'one CA of two that is damaged',
    { registry: { ca_cert: `${certificate}\n${certificate.replace('MII', 'AII')}` } },
    /registry\.ca_cert cannot be read/,
  ],
  [
    'a proxy of bosh-deployment without port',
    { env: { https_proxy: 'http://proxy.example.com' } },
    /env\.https_proxy must be like "http:\/\/proxy\.example\.com:3128"/,
  ],
];
