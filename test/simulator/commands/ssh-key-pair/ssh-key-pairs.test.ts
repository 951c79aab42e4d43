// Proves the commands about SSH key pairs: the private key is in one answer and nowhere else, names
// and keys are unique in an account, VMs get the keys of the pairs that they name and keep them, and
// every refusal has its text and leaves no trace.
import { createPrivateKey } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { advancedKvm } from '../../../../simulator/world/presets/advanced-kvm.js';
import {
  testSimulator,
  type Reply,
  type TestClient,
  type TestWorld,
  type Values,
} from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';
import {
  deployed,
  deployment,
  listed,
  listedNames,
  networkId,
  refusedUnchanged,
} from '../../../support/simulator-vms.js';

const GONE = '00000000-0000-4000-8000-000000000000';
const KEYS = [
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA',
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB',
] as const;

/** The default world with keys that are made fast. */
function keyWorld(): TestWorld {
  return testSimulator({ world: { ...advancedKvm, settings: { 'ssh.key.length': 512 } } });
}

function register(client: TestClient, name: string, publickey: string = KEYS[0]): Reply {
  return client.call('registerSSHKeyPair', { name, publickey })['keypair'] as Reply;
}

function names(client: TestClient, values: Values = {}): string[] {
  const rows = client.call('listSSHKeyPairs', values)['sshkeypair'] as Reply[] | undefined;
  return (rows ?? []).map((row) => row['name'] as string);
}

test('a created pair: the private key is in the answer and nowhere else', () => {
  const { user, simulator } = keyWorld();
  const pair = user.call('createSSHKeyPair', { name: 'bosh' })['keypair'] as Reply;
  expect(Object.keys(pair)).toEqual([
    'id',
    'name',
    'account',
    'domainid',
    'domain',
    'fingerprint',
    'privatekey',
  ]);
  const privateKey = pair['privatekey'] as string;
  expect(createPrivateKey(privateKey).asymmetricKeyType).toBe('rsa');
  expect(pair['fingerprint']).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  const shown = Object.entries(pair).filter(([name]) => name !== 'privatekey');
  expect(user.call('listSSHKeyPairs')).toEqual({
    count: 1,
    sshkeypair: [Object.fromEntries(shown)],
  });
  const secret = privateKey.split('\n')[1]!;
  expect(JSON.stringify(simulator.kernel.log.after(0))).not.toContain(secret);
  expect(JSON.stringify(simulator.world.sshKeyPairs.all())).not.toContain(secret);
});

test('keys are of the length that the setting says', () => {
  const { user, simulator } = keyWorld();
  simulator.world.settings.set('ssh.key.length', 1_024);
  const { privatekey } = user.call('createSSHKeyPair', { name: 'bosh' })['keypair'] as Reply;
  const key = createPrivateKey(privatekey as string);
  expect(key.asymmetricKeyDetails?.modulusLength).toBe(1_024);
});

test('a registered pair loses the comment of its key, and has no private one', () => {
  const { user, simulator } = keyWorld();
  const pair = register(user, 'mine', `${KEYS[0]} me@example.com`);
  expect(pair).toMatchObject({ name: 'mine', account: 'bosh', domain: 'ROOT' });
  expect(pair).not.toHaveProperty('privatekey');
  expect(simulator.world.sshKeyPairs.all()[0]!.publicKey).toBe(KEYS[0]);
});

test('names and keys that the account has are refused; other accounts have their own', () => {
  const world = keyWorld();
  const { user, admin } = world;
  register(user, 'bosh');
  const refused = (command: string, values: Values) =>
    refusedUnchanged(world, user, command, values);
  expect(refused('createSSHKeyPair', { name: 'BOSH' })).toMatchObject({
    httpStatus: 431,
    cserrorcode: 4350,
    errortext: "A key pair with name 'BOSH' already exists.",
  });
  expect(refused('registerSSHKeyPair', { name: 'bosh', publickey: KEYS[1] }).errortext).toBe(
    "A key pair with name 'bosh' already exists for this account.",
  );
  const publickey = `${KEYS[0]} again`;
  expect(refused('registerSSHKeyPair', { name: 'other', publickey }).errortext).toBe(
    `A key pair with key '${publickey}' already exists for this account.`,
  );
  register(admin, 'bosh');
  assertSound(world.simulator);
});

test('what is no key, no name, or too long is refused', () => {
  const world = keyWorld();
  const text = (command: string, values: Values): string =>
    refusedUnchanged(world, world.user, command, values).errortext;
  expect(text('registerSSHKeyPair', { name: 'a', publickey: 'no key' })).toBe(
    'Public key is invalid',
  );
  expect(text('registerSSHKeyPair', { name: 'a' })).toBe(
    'Unable to execute API command registersshkeypair due to missing parameter publickey',
  );
  expect(text('registerSSHKeyPair', { publickey: KEYS[0] })).toContain('missing parameter name');
  const publickey = `ssh-rsa ${'A'.repeat(5_120)}`;
  expect(text('registerSSHKeyPair', { name: 'a', publickey })).toContain(
    'Value greater than max allowed length 5120',
  );
  expect(text('createSSHKeyPair', { name: ' ' })).toBe(
    "Please specify a valid name for the key pair. The key name can't be empty",
  );
  expect(text('createSSHKeyPair', { name: '' })).toBe('Invalid value provided for API arg: name');
  expect(text('createSSHKeyPair', {})).toContain('missing parameter name');
  expect(text('createSSHKeyPair', { name: 'a', publickey: KEYS[0] })).toContain('publickey');
});

test('a pair is deleted for good, and only by who has it', () => {
  const world = keyWorld();
  const { user, admin, simulator } = world;
  const { id } = register(user, 'bosh');
  const domainid = simulator.world.domains.all()[0]!.id;
  const refused = refusedUnchanged(world, admin, 'deleteSSHKeyPair', { name: 'bosh' });
  expect(refused.errortext).toBe(
    "A key pair with name 'bosh' does not exist for account admin in specified domain id",
  );
  const { body } = admin.send('deleteSSHKeyPair', { name: 'bosh' });
  expect(body['deletesshkeypairresponse'].uuidList).toEqual([
    { uuid: domainid, description: 'domainId' },
  ]);
  expect(user.call('deleteSSHKeyPair', { name: 'Bosh' })).toEqual({ success: true });
  expect(user.call('listSSHKeyPairs')).toEqual({});
  expect(user.fails('listSSHKeyPairs', { id: id as string }).errortext).toContain(
    'Invalid parameter id',
  );
  expect(user.fails('deleteSSHKeyPair', { name: 'bosh' }).httpStatus).toBe(431);
});

test('admins work on the pairs of others, users do not', () => {
  const world = keyWorld();
  const { user, admin, simulator } = world;
  const domainid = simulator.world.domains.all()[0]!.id;
  const theirs = { account: 'bosh', domainid };
  admin.call('createSSHKeyPair', { name: 'made', ...theirs });
  admin.call('registerSSHKeyPair', { name: 'registered', publickey: KEYS[0], ...theirs });
  expect(names(user)).toEqual(['registered', 'made']);
  admin.call('deleteSSHKeyPair', { name: 'made', ...theirs });
  expect(names(user)).toEqual(['registered']);
  const foreign = { name: 'x', account: 'admin', domainid };
  for (const [command, more] of [
    ['createSSHKeyPair', {}],
    ['registerSSHKeyPair', { publickey: KEYS[1] }],
    ['deleteSSHKeyPair', {}],
  ] as const) {
    expect(refusedUnchanged(world, user, command, { ...foreign, ...more }).httpStatus).toBe(531);
  }
});

test('the list: newest first, by id, name, fingerprint, keyword, and whose they are', () => {
  const { user, admin } = keyWorld();
  const { id, fingerprint } = register(user, 'first');
  register(user, 'second', KEYS[1]);
  register(admin, 'foreign');
  expect(names(user)).toEqual(['second', 'first']);
  expect(names(user, { id })).toEqual(['first']);
  expect(names(user, { name: 'FIRST' })).toEqual(['first']);
  expect(names(user, { fingerprint })).toEqual(['first']);
  expect(names(user, { keyword: 'cond' })).toEqual(['second']);
  expect(names(user, { keyword: (fingerprint as string).slice(0, 8) })).toEqual(['first']);
  expect(names(admin)).toEqual(['foreign']);
  expect(names(admin, { id })).toEqual([]);
  expect(names(admin, { id, listall: true })).toEqual(['first']);
  expect(names(admin, { listall: true })).toEqual(['foreign', 'second', 'first']);
});

test('a VM has the keys of the pairs that it names, and keeps them when those go', () => {
  const world = keyWorld();
  const { user } = world;
  register(user, 'first');
  register(user, 'second', KEYS[1]);
  const vm = deployed(world, user, { keypair: 'FIRST', keypairs: 'second' });
  expect(vm['keypairs']).toBe('second,FIRST');
  expect(vm['details']).toMatchObject({
    'SSH.PublicKey': KEYS.join('\n'),
    'SSH.KeyPairNames': 'second,FIRST',
  });
  deployed(world, user, { keypair: '' });
  expect(listedNames(user, { keypair: 'first' })).toEqual([vm['name']]);
  expect(listedNames(user, { keypair: 'irs' })).toEqual([]);
  user.call('deleteSSHKeyPair', { name: 'first' });
  expect(listed(user, { id: vm['id'] as string })).toMatchObject({ keypairs: 'second,FIRST' });
});

test('the guest finds its keys, one a line, at its metadata service', () => {
  const world = keyWorld();
  const { user, simulator } = world;
  register(user, 'first');
  register(user, 'second', KEYS[1]);
  const { id } = deployed(world, user, { keypairs: 'first,second' });
  const answer = simulator
    .guest(id as string)
    .get('http://data-server/latest/meta-data/public-keys');
  expect(Buffer.from(answer!.body).toString()).toBe(KEYS.join('\n'));
});

for (const [what, values] of [
  ['unknown', { keypair: 'nobody' }],
  ['partly unknown', { keypairs: 'bosh,nobody' }],
  ['foreign', { keypair: 'foreign' }],
  ['given twice', { keypair: 'bosh', keypairs: 'bosh' }],
] as const) {
  test(`a deployment with a key pair that is ${what} is refused`, () => {
    const world = keyWorld();
    register(world.user, 'bosh');
    register(world.admin, 'foreign');
    const refused = refusedUnchanged(
      world,
      world.user,
      'deployVirtualMachine',
      deployment(world, values),
    );
    expect(refused).toMatchObject({
      httpStatus: 431,
      errortext: 'Not all specified keypairs exist',
    });
  });
}

test('keys need a network that hands them out', () => {
  const l2 = { name: 'NET_L2', type: 'L2', account: 'bosh' } as const;
  const [zone] = advancedKvm.zones;
  const zones = [{ ...zone!, networks: [...(zone!.networks ?? []), l2] }];
  const world = testSimulator({ world: { ...advancedKvm, zones } });
  register(world.user, 'bosh');
  const networkids = networkId(world, 'NET_L2');
  const refused = refusedUnchanged(
    world,
    world.user,
    'deployVirtualMachine',
    deployment(world, { keypair: 'bosh', networkids }),
  );
  expect(refused.errortext).toBe(
    'Unable to deploy VM as SSH keypair is provided while deploying the VM, but there is no ' +
      `support for UserData service in the default network NET_L2/${networkids}`,
  );
  const { id } = deployed(world, world.user, { networkids, startvm: false });
  expect(world.user.run('resetSSHKeyForVirtualMachine', { id, keypair: 'bosh' })).toMatchObject({
    resultcode: 530,
    result: {
      errortext: "Can't find network element for UserData provider needed for SSH Key reset",
    },
  });
});

test('an id that never was is an error, one of another kind as well', () => {
  const world = keyWorld();
  for (const id of [GONE, networkId(world, 'NET_CS')]) {
    expect(world.user.fails('listSSHKeyPairs', { id }).errortext).toContain(
      `Invalid parameter id value=${id}`,
    );
  }
});
