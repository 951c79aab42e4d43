// Proves that the templates of the registry's and the stemcell server's job, rendered by Ruby, are
// what the programs take and what bpm, monit and the agent need; and that what the programs would
// refuse fails when it is rendered, with a sentence that names the property.
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { stopWithinMs } from '../../../cpi/bin/server-program.js';
import { readRegistryConfiguration } from '../../../cpi/registry/registry-configuration.js';
import { readStemcellServerConfiguration } from '../../../cpi/stemcell-server/stemcell-server-configuration.js';
import { certificate, privateKey, withProperties } from '../support/property-sets.js';
import { render, renderers } from '../support/rendering.js';

// Ruby starts once.
test.describe.configure({ mode: 'default' });

const tls = { certificate, private_key: privateKey };

const registry = {
  job: 'cloudstack_registry',
  file: 'registry.json.erb',
  minimal: { registry: { username: 'registry', password: 'a-password' } },
  read: (text: string): unknown => readRegistryConfiguration(text),
};

const stemcellServer = {
  job: 'cloudstack_stemcell_server',
  file: 'stemcell-server.json.erb',
  minimal: { stemcell_server: { username: 'stemcells', password: 'a-password' } },
  read: (text: string): unknown => readStemcellServerConfiguration(text),
};

type Server = typeof registry | typeof stemcellServer;

const rendered = (server: Server, over: object, template: string = server.file): Promise<string> =>
  render({
    job: server.job,
    template,
    properties: withProperties(server.minimal, over),
    renderer: 'director',
  });

const postgres = {
  type: 'postgres',
  url: 'postgres://postgres:p@127.0.0.1:5432/cloudstack_registry',
};
const cloudstack = {
  endpoint: 'https://cloud.example.com/client/api',
  api_key: 'k',
  secret_access_key: 's',
};

const taken: readonly (readonly [string, Server, object, object])[] = [
  ['the least', registry, {}, { registry: { port: 25_777, store: { type: 'file' } } }],
  ['HTTPS', registry, { registry: { tls } }, { registry: { tls } }],
  ['PostgreSQL', registry, { registry: { store: postgres } }, { registry: { store: postgres } }],
  [
    'PostgreSQL with a CA',
    registry,
    { registry: { store: { ...postgres, tls: { ca: certificate } } } },
    { registry: { store: { tls: { ca: certificate } } } },
  ],
  [
    'readers by their address',
    registry,
    { registry: { check_source_address: true }, cloudstack },
    { registry: { check_source_address: true }, cloudStack: { apiKey: 'k' } },
  ],
  ['the least', stemcellServer, {}, { server: { port: 25_778, sweep_after_hours: 24 } }],
  [
    'another folder',
    stemcellServer,
    { stemcell_server: { directory: '/var/vcap/store/images', tls } },
    { server: { directory: '/var/vcap/store/images', tls } },
  ],
];

for (const [name, server, over, read] of taken) {
  test(`${server.job} takes ${name}`, async () => {
    expect(server.read(await rendered(server, over))).toMatchObject({ ...read, warnings: [] });
  });
}

const refused: readonly (readonly [Server, object, string])[] = [
  [registry, { registry: { username: '' } }, 'registry.username is missing'],
  [registry, { registry: { password: null } }, 'registry.password is missing'],
  [registry, { registry: { port: 0 } }, 'registry.port must be a port'],
  [registry, { registry: { store: 'file' } }, 'registry.store must be'],
  [
    registry,
    { registry: { store: { type: 'disk' } } },
    'registry.store.type must be "file", "postgres" or "memory"',
  ],
  [
    registry,
    { registry: { store: { type: 'file' } } },
    'registry.store.path must be a file in a folder of its own below /var/vcap/store',
  ],
  [
    registry,
    { registry: { store: { type: 'postgres', url: 'mysql://h/d' } } },
    'registry.store.url must be a postgres:// URL',
  ],
  [
    registry,
    { registry: { store: { ...postgres, url: `${postgres.url}?sslmode=require` } } },
    'registry.store.url must say nothing of TLS: registry.store.tls does',
  ],
  [
    registry,
    { registry: { store: { ...postgres, tls: 'yes' } } },
    'registry.store.tls must be true, false or an object of ca',
  ],
  [
    registry,
    { registry: { tls: { certificate } } },
    'registry.tls.private_key must be a private key',
  ],
  [registry, { registry: { host: 127 } }, 'registry.host must be a string'],
  [
    registry,
    { registry: { additional_users: [{ username: 'old', password: 12345 }] } },
    'registry.additional_users: number 1 must have a password, a string without white space',
  ],
  [
    registry,
    { registry: { additional_users: [{ username: 'o', password: 'p' }, { password: 'p' }] } },
    'registry.additional_users: number 2 must have a username',
  ],
  [
    stemcellServer,
    { stemcell_server: { additional_users: [{ username: 'o:d', password: 'p' }] } },
    'stemcell_server.additional_users: number 1 must have a username',
  ],
  [stemcellServer, { stemcell_server: { directory: 7 } }, 'stemcell_server.directory must be'],
  [
    registry,
    { registry: { check_source_address: true } },
    'cloudstack.secret_access_key is missing: registry.check_source_address needs it',
  ],
  [stemcellServer, { stemcell_server: { password: '' } }, 'stemcell_server.password is missing'],
  [
    stemcellServer,
    { stemcell_server: { public_url: '10.0.0.6' } },
    'stemcell_server.public_url must be an http:// or https:// URL',
  ],
  [
    stemcellServer,
    { stemcell_server: { downloads_max: 0 } },
    'stemcell_server.downloads_max must be a whole number',
  ],
];

for (const [server, over, sentence] of refused) {
  test(`${server.job} refuses: ${sentence}`, async () => {
    await expect(rendered(server, over)).rejects.toThrow(sentence);
    const properties = withProperties(server.minimal, over);
    expect(() => server.read(JSON.stringify(properties))).toThrow('Invalid configuration');
  });
}

const refusedBefore: typeof refused = [
  [
    registry,
    { registry: { store: { ...postgres, tls: { ca: 'my CA' } } } },
    'registry.store.tls.ca must be certificates',
  ],
  [
    registry,
    { registry: { tls: { certificate: certificate.slice(0, -99), private_key: privateKey } } },
    'registry.tls.certificate must be a certificate in PEM form that is whole',
  ],
  [
    registry,
    { registry: { tls: { certificate, private_key: 'key' } } },
    'registry.tls.private_key must be',
  ],
  [
    stemcellServer,
    { stemcell_server: { tls: { certificate: 'none', private_key: privateKey } } },
    'stemcell_server.tls.certificate must be',
  ],
  ...['host', 'port', 'tls', 'store'].map(
    (key) => [registry, { registry: { [key]: '' } }, `registry.${key} is empty`] as const,
  ),
  ...['host', 'port', 'tls', 'directory'].map(
    (key) =>
      [
        stemcellServer,
        { stemcell_server: { [key]: '' } },
        `stemcell_server.${key} is empty`,
      ] as const,
  ),
];

for (const [server, over, sentence] of refusedBefore) {
  test(`${server.job} refuses before it is deployed: ${sentence}`, () =>
    expect(rendered(server, over)).rejects.toThrow(sentence));
}

/** Folders that pre-start would take from other jobs, or that bpm does not mount. */
const foreignFolders = [
  ...[
    '/var/vcap/store',
    '/var/vcap/data',
    '/var/vcap/store/',
    '/',
    '/srv/x',
    'x',
    '/var/vcap/jobs/x',
  ],
  ...['/var/vcap/store/x/', '/var/vcap/store//x', '/var/vcap/store/./x', '/var/vcap/store/x/..'],
  ...['/var/vcap/store/../../etc', '/var/vcap/store/x\n/etc', '/var/vcap/storex/y'],
];

for (const folder of foreignFolders) {
  test(`no server is given the folder ${JSON.stringify(folder)}`, async () => {
    await expect(
      rendered(stemcellServer, { stemcell_server: { directory: folder } }),
    ).rejects.toThrow(
      'stemcell_server.directory must be a folder of its own below /var/vcap/store or /var/vcap/data',
    );
    const store = { type: 'file', path: `${folder}/registry.sqlite` };
    await expect(rendered(registry, { registry: { store } })).rejects.toThrow(
      'registry.store.path must be a file in a folder of its own below /var/vcap/store',
    );
  });
}

test('whatever is refused, the other templates say nothing less clear before', async () => {
  for (const [server, over] of [...refused, ...refusedBefore]) {
    for (const template of ['bpm.yml.erb', 'pre-start.erb', 'post-start.erb', 'monit']) {
      await expect(rendered(server, over, template), JSON.stringify(over)).resolves.toBeDefined();
    }
  }
});

test('bpm starts the programs of the packages, with their folders alone', async () => {
  const processOf = async (server: Server, over: object): Promise<Record<string, unknown>> =>
    parse(await rendered(server, over, 'bpm.yml.erb')).processes[0];
  expect(await processOf(registry, {})).toEqual({
    name: 'cloudstack_registry',
    executable: '/var/vcap/packages/cloudstack_node/bin/node',
    args: [
      '/var/vcap/packages/cloudstack_registry/cloudstack-registry.js',
      '--config',
      '/var/vcap/jobs/cloudstack_registry/config/registry.json',
    ],
    persistent_disk: true,
    ephemeral_disk: true,
    limits: { open_files: 8192 },
  });
  expect(await processOf(registry, { registry: { store: postgres } })).not.toHaveProperty(
    'additional_volumes',
  );
  const elsewhere = { registry: { store: { type: 'file', path: '/var/vcap/store/a b/r.sqlite' } } };
  expect(await processOf(registry, elsewhere)).toMatchObject({
    additional_volumes: [{ path: '/var/vcap/store/a b', writable: true }],
  });
  // bpm refuses what it mounts anyway.
  for (const folder of [
    'store/cloudstack_registry',
    'store/cloudstack_registry/x',
    'data/cloudstack_registry',
  ]) {
    const mounted = { registry: { store: { type: 'file', path: `/var/vcap/${folder}/r.sqlite` } } };
    expect(await processOf(registry, mounted), folder).not.toHaveProperty('additional_volumes');
  }
  expect(await processOf(stemcellServer, {})).not.toHaveProperty('additional_volumes');
  expect(
    await processOf(stemcellServer, { stemcell_server: { directory: '/var/vcap/store/images' } }),
  ).toMatchObject({
    additional_volumes: [{ path: '/var/vcap/store/images', writable: true }],
  });
});

test('a server that is told to stop has ended before bpm kills it', () => {
  // Of 15 seconds, some are for closing files.
  expect(stopWithinMs).toBeLessThanOrEqual(10_000);
});

for (const [server, section, port] of [
  [registry, 'registry', 25_777],
  [stemcellServer, 'stemcell_server', 25_778],
] as const) {
  test(`${server.job}: monit and the deployment ask for its health where it listens`, async () => {
    const monit = await rendered(server, {}, 'monit');
    expect(monit).toContain(`check process ${server.job}\n`);
    expect(monit).toContain(`with pidfile /var/vcap/sys/run/bpm/${server.job}/${server.job}.pid`);
    expect(monit).toContain(`if failed host 127.0.0.1 port ${port} type TCP protocol http`);
    const over = { [section]: { host: '10.0.0.6', port: 443, tls } };
    expect(await rendered(server, over, 'monit')).toContain(
      'if failed host 10.0.0.6 port 443 type TCPSSL',
    );
    expect(await rendered(server, {}, 'post-start.erb')).toContain(
      `url='http://127.0.0.1:${port}/health'`,
    );
    expect(await rendered(server, over, 'post-start.erb')).toContain(
      "url='https://10.0.0.6:443/health'",
    );
  });
}

test('the scripts of all jobs are ones that a shell reads, whatever the values', async () => {
  const strange = {
    registry: { store: { type: 'file', path: "/var/vcap/store/it's $HOME/r.sqlite" } },
  };
  for (const [server, over] of [
    [registry, strange],
    [registry, { registry: { store: postgres } }],
    [stemcellServer, { stemcell_server: { directory: "/var/vcap/data/it's here" } }],
  ] as const) {
    for (const template of ['pre-start.erb', 'post-start.erb']) {
      execFileSync('sh', ['-n'], { input: await rendered(server, over, template) });
    }
  }
  expect(await rendered(registry, strange, 'pre-start.erb')).toContain(
    String.raw`folder=/var/vcap/store/it\'s\ \$HOME`,
  );
  expect(
    await rendered(registry, { registry: { store: postgres } }, 'pre-start.erb'),
  ).not.toContain('mkdir');
});

test('the CPI is started from where packages and jobs are, and has an empty monit file', async () => {
  for (const renderer of renderers) {
    const at = (template: string): Promise<string> =>
      render({ job: 'cloudstack_cpi', template, properties: {}, renderer });
    const script = await at('cpi.erb');
    execFileSync('sh', ['-n'], { input: script });
    expect(script).toContain('${BOSH_PACKAGES_DIR:-/var/vcap/packages}');
    expect(await at('monit')).toBe('');
    expect(await at('cacert.pem.erb')).toBe('\n');
  }
});
