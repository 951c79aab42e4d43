// stemcell-server.json is checked as a whole; what is left out has its default.
import { expect, test } from '@playwright/test';
import { readStemcellServerConfiguration } from '../../../cpi/stemcell-server/stemcell-server-configuration.js';
import { stemcellServerProperties } from '../../../cpi/stemcell-server/stemcell-server-properties.js';

const smallest = { username: 'stemcells', password: 'a-password' };

function read(server: object): ReturnType<typeof readStemcellServerConfiguration> {
  return readStemcellServerConfiguration(JSON.stringify({ stemcell_server: server }));
}

test('the smallest configuration has defaults for the rest', () => {
  const { server, warnings, secrets } = read(smallest);
  expect(server).toMatchObject({
    ...smallest,
    host: '0.0.0.0',
    port: 25_778,
    directory: '/var/vcap/store/cloudstack_stemcell_server',
    downloads_max: 32,
    image_max_gib: 50,
    idle_timeout_seconds: 60,
    sweep_after_hours: 24,
    additional_users: [],
  });
  expect(warnings).toEqual([]);
  expect(secrets).toContain('a-password');
});

test('each example is a value', () => {
  const examples = Object.fromEntries(
    Object.entries(stemcellServerProperties).map(([name, { example }]) => [name, example]),
  );
  expect(read(examples).server).toEqual(examples);
});

test('what is unknown is told, with what may have been meant', () => {
  expect(read({ ...smallest, directroy: '/x' }).warnings).toEqual([
    'stemcell_server.directroy is unknown and was ignored (did you mean directory?)',
  ]);
});

for (const [what, server, message] of [
  ['nothing', {}, /\(1\) stemcell_server\.username is missing.*\(2\) stemcell_server\.password/],
  ['a wrong port', { ...smallest, port: 0 }, /stemcell_server\.port must be a port/],
  ['a wrong URL', { ...smallest, public_url: 'ftp://x' }, /stemcell_server\.public_url must be/],
  [
    'a certificate alone',
    { ...smallest, tls: { certificate: 'x' } },
    /stemcell_server\.tls must be/,
  ],
  [
    'a public URL at which nobody is',
    { ...smallest, public_url: 'http://0.0.0.0:25778' },
    /stemcell_server\.public_url must be .*not 0\.0\.0\.0/,
  ],
  ['such a one of IPv6', { ...smallest, public_url: 'http://[::]' }, /public_url must be/],
  ['a user with a colon', { ...smallest, username: 'a:b' }, /stemcell_server\.username must be/],
  [
    'a further user without a password',
    { ...smallest, additional_users: [{ username: 'old', password: '' }] },
    /stemcell_server\.additional_users must be/,
  ],
  [
    'a further user with a colon',
    { ...smallest, additional_users: [{ username: 'o:ld', password: 'x' }] },
    /stemcell_server\.additional_users must be .*colons/,
  ],
  ['no downloads', { ...smallest, downloads_max: 0 }, /stemcell_server\.downloads_max must be/],
] as const) {
  test(`with ${what} it is refused`, () => {
    expect(() => read(server)).toThrow(message);
  });
}

test('a file that is no JSON is refused', () => {
  expect(() => readStemcellServerConfiguration('{')).toThrow(/stemcell-server\.json.*valid JSON/);
});
