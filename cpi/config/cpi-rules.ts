import { exclusive, needs, together, type Rule } from './rule.js';

/** A user, with or without a password, before the host of a URL. */
const userInUrl = '^[a-zA-Z]+://[^\\s/@:]+(:[^\\s/@]*)?@';
const passwordInUrl = '^[a-zA-Z]+://[^\\s/@:]*:[^\\s/@]+@';

/** What is to be right of several properties of cpi.json at once. */
export const cpiRules: readonly Rule[] = [
  // An account is told by its name and its domain, a project by its id alone.
  ...together('cloudstack.account', 'cloudstack.domain_id'),
  exclusive('cloudstack.account', 'cloudstack.project_id'),
  {
    where: { 'cloudstack.proxy_host': 'set', 'cloudstack.proxy_port': 'left empty' },
    problem: 'cloudstack.proxy_port is missing: set it to the port of cloudstack.proxy_host',
  },
  ...['cloudstack.proxy_user', 'cloudstack.proxy_password'].map((name): Rule => ({
    where: { 'cloudstack.proxy_host': 'unset', [name]: 'set' },
    problem: `cloudstack.proxy_host is missing: ${name} is for a proxy`,
  })),
  exclusive('registry.host', 'registry.endpoint'),
  ...registryUser('username', userInUrl),
  ...registryUser('password', passwordInUrl),
  {
    // Where a template has left the host empty there is no registry, whatever else it fills in.
    where: {
      'registry.host': 'absent',
      'registry.endpoint': 'absent',
      'registry.username': 'set',
      'registry.password': 'set',
    },
    problem:
      'registry.host is missing: set it to the host name or address of the registry, or leave the ' +
      'section out',
  },
  ...needs(
    'stemcell.publish',
    'webdav',
    ['url', 'username', 'password'].map((key) => `stemcell_server.${key}`),
  ),
  ...needs('stemcell.publish', 'create-env', ['stemcell_server.host']),
  {
    where: {
      'stemcell.publish': { is: ['create-env'] },
      'stemcell_server.host': { is: ['0.0.0.0', '::'] },
      'stemcell_server.public_url': 'unset',
    },
    problem:
      'stemcell_server.public_url is missing: CloudStack reaches nobody at stemcell_server.host',
  },
];

/** The endpoint may hold user and password. */
function registryUser(part: string, inUrl: string): Rule[] {
  const name = `registry.${part}`;
  const problem = `${name} is missing: set it to that of a user of the registry`;
  return [
    {
      where: { 'registry.host': 'set', 'registry.endpoint': 'unset', [name]: 'unset' },
      problem,
    },
    {
      where: { 'registry.host': 'unset', 'registry.endpoint': { unlike: inUrl }, [name]: 'unset' },
      problem,
    },
  ];
}
