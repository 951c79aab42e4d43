// Whose resources a list shows to whom: every caller against every way to ask, in a world with
// domains and projects, through a small list of volumes of which each account and project has one.
import { expect, test } from '@playwright/test';
import { everyRole, listOf, syncCommand } from '../../../simulator/declare/command.js';
import { ownershipParameters } from '../../../simulator/declare/list-parameters.js';
import { entity } from '../../../simulator/declare/parameter.js';
import { responseObject, stringField } from '../../../simulator/declare/response.js';
import { ownerFilter } from '../../../simulator/declare/visibility.js';
import type { AccountRow, VolumeRow } from '../../../simulator/world/entities.js';
import { PLAIN_VOLUME } from '../../../simulator/world/storage/volume-allocation.js';
import type { World } from '../../../simulator/world/world.js';
import { accountOf, domainOf, identityApi, projectOf } from '../../support/identity-world.js';
import type { SmallApi } from '../../support/small-api.js';
import type { Values } from '../../support/simulator-client.js';

const listDisks = syncCommand({
  name: 'listDisks',
  summary: 'Lists volumes by the common rules.',
  roles: everyRole,
  parameters: { id: entity('volume'), ...ownershipParameters },
  response: listOf(
    responseObject<VolumeRow>('disk', { name: stringField((volume) => volume.name) }),
  ),
  run: (context, args) => {
    const isShown = ownerFilter(context, args, args.id !== undefined);
    return context.world.volumes
      .all()
      .filter((row) => args.id === undefined || args.id.id === row.id)
      .filter((row) => isShown(row.accountId));
  },
});

/** Each account and each project has a volume of its name. */
function situation(): SmallApi {
  const api = identityApi([listDisks]);
  for (const account of api.world.accounts.all()) addVolume(api.world, account);
  return api;
}

function addVolume(world: World, owner: AccountRow): void {
  const [project] = world.projects.where('accountId', owner.id);
  world.volumes.insert({
    name: project?.name ?? owner.name,
    type: 'DATADISK',
    state: 'Allocated',
    accountId: owner.id,
    zoneId: world.zones.all()[0]!.id,
    sizeBytes: 1,
    diskOfferingId: world.diskOfferings.all()[0]!.id,
    serviceOfferingId: null,
    templateId: null,
    snapshotId: null,
    vmId: null,
    deviceId: null,
    attachedMs: null,
    poolId: null,
    ...PLAIN_VOLUME,
    origin: null,
    files: {},
  });
}

/** The names that a caller sees, or the HTTP status of its refusal. */
function seen(api: SmallApi, caller: string, values: Values): string {
  const { status, body } = api.clientOf(caller).send('listDisks', values);
  if (status !== 200) return String(status);
  const { disk = [] } = body['listdisksresponse'] as { disk?: { name: string }[] };
  return disk.map(({ name }) => name).join(' ');
}

const callers = [
  'admin',
  'bosh',
  'other',
  'chief',
  'keeper',
  'worker',
  'diver',
  'stranger',
] as const;

type Seen = Readonly<Record<(typeof callers)[number], string>>;

const ACCOUNTS = 'admin bosh other chief keeper worker diver stranger';
const SUBTREE = 'chief keeper worker diver';
const OWN: Seen = {
  admin: 'admin',
  bosh: 'bosh',
  other: 'other',
  chief: 'chief',
  keeper: 'keeper',
  worker: 'worker',
  diver: 'diver',
  stranger: 'stranger',
};

/** In a domain that is neither theirs nor below it, nobody but a root admin may look around. */
const REFUSED: Seen = {
  admin: '531',
  bosh: '531',
  other: '531',
  chief: '531',
  keeper: '531',
  worker: '531',
  diver: '531',
  stranger: '531',
};

const sub = (api: SmallApi): string => domainOf(api, 'ROOT/sub').id;
const root = (api: SmallApi): string => domainOf(api, 'ROOT').id;

const questions: readonly (readonly [string, (api: SmallApi) => Values, Seen])[] = [
  ['nothing', () => ({}), OWN],
  ['isrecursive alone', () => ({ isrecursive: true }), OWN],
  [
    'listall',
    () => ({ listall: true }),
    // CloudStack narrows the lists of domain admins here, and forgets those of resource admins.
    { ...OWN, admin: ACCOUNTS, chief: SUBTREE, keeper: ACCOUNTS },
  ],
  [
    'a domain',
    (api) => ({ domainid: sub(api) }),
    {
      ...REFUSED,
      admin: 'chief keeper worker',
      chief: 'chief keeper worker',
      keeper: 'chief keeper worker',
      worker: 'worker',
    },
  ],
  [
    'a domain and those below',
    (api) => ({ domainid: sub(api), isrecursive: true }),
    { ...REFUSED, admin: SUBTREE, chief: SUBTREE, keeper: SUBTREE, worker: 'worker' },
  ],
  [
    'a domain below the own one',
    (api) => ({ domainid: domainOf(api, 'ROOT/sub/deep').id }),
    { ...REFUSED, admin: 'diver', chief: 'diver', keeper: 'diver', diver: 'diver' },
  ],
  [
    'ROOT',
    (api) => ({ domainid: root(api) }),
    { ...REFUSED, admin: 'admin bosh other', bosh: 'bosh', other: 'other' },
  ],
  [
    'ROOT and all below',
    (api) => ({ domainid: root(api), isrecursive: true, listall: true }),
    { ...REFUSED, admin: ACCOUNTS, bosh: 'bosh', other: 'other' },
  ],
  [
    'an account of a domain',
    (api) => ({ account: 'worker', domainid: sub(api) }),
    { ...REFUSED, admin: 'worker', chief: 'worker', keeper: 'worker', worker: 'worker' },
  ],
  [
    'an account without its domain',
    () => ({ account: 'worker' }),
    {
      admin: '431',
      bosh: '431',
      other: '431',
      chief: 'worker',
      keeper: 'worker',
      worker: 'worker',
      diver: '431',
      stranger: '431',
    },
  ],
  [
    'another account of the own domain',
    (api) => ({ account: 'bosh', domainid: root(api) }),
    { ...REFUSED, admin: 'bosh', bosh: 'bosh' },
  ],
  [
    'a project',
    (api) => ({ projectid: projectOf(api, 'alpha').id }),
    { ...REFUSED, admin: 'alpha', bosh: 'alpha', other: 'alpha' },
  ],
  [
    'a project in a domain below',
    (api) => ({ projectid: projectOf(api, 'beta').id, listall: true }),
    { ...REFUSED, admin: 'beta', chief: 'beta', keeper: 'beta', worker: 'beta' },
  ],
  [
    'every project',
    () => ({ projectid: -1 }),
    {
      admin: 'alpha beta',
      bosh: 'alpha',
      other: 'alpha',
      // Domain admins count here as what they are members of.
      chief: '',
      keeper: '',
      worker: 'beta',
      diver: '',
      stranger: '',
    },
  ],
  [
    'every project and the rest',
    () => ({ projectid: -1, listall: true }),
    {
      ...OWN,
      admin: `${ACCOUNTS} alpha beta`,
      bosh: 'bosh alpha',
      other: 'other alpha',
      worker: 'worker beta',
    },
  ],
  [
    'every project of a domain',
    (api) => ({ projectid: -1, domainid: sub(api) }),
    { ...REFUSED, admin: 'beta', chief: '', keeper: '', worker: 'beta' },
  ],
  [
    'an account and a project at once',
    (api) => ({ account: 'admin', projectid: projectOf(api, 'alpha').id }),
    {
      admin: '431',
      bosh: '431',
      other: '431',
      chief: '431',
      keeper: '431',
      worker: '431',
      diver: '431',
      stranger: '431',
    },
  ],
];

for (const [what, valuesOf, expected] of questions) {
  test(`asked for ${what}`, () => {
    const api = situation();
    for (const caller of callers) {
      expect(seen(api, caller, valuesOf(api)), caller).toBe(expected[caller]);
    }
  });
}

/** Whose volume each caller gets by its id; a foreign id is no error. */
const byId: Seen = {
  admin: `${ACCOUNTS} alpha beta`,
  bosh: 'bosh',
  other: 'other',
  chief: `${SUBTREE} beta`,
  keeper: `${SUBTREE} beta`,
  worker: 'worker',
  diver: 'diver',
  stranger: 'stranger',
};

test('asked for one by its id, with listall or without', () => {
  const api = situation();
  for (const caller of callers) {
    const found = api.world.volumes.all().map(({ id }) => seen(api, caller, { id }));
    expect(found.filter((name) => name !== '').join(' '), caller).toBe(byId[caller]);
  }
  const { id } = api.world.volumes.all().find(({ name }) => name === 'stranger')!;
  expect(seen(api, 'chief', { id, listall: true })).toBe('');
  expect(seen(api, 'admin', { id, listall: true })).toBe('stranger');
});

test('a member sees what the project owns by its id only together with the project', () => {
  const api = situation();
  const { id } = api.world.volumes.all().find(({ name }) => name === 'alpha')!;
  expect(seen(api, 'other', { id })).toBe('');
  expect(seen(api, 'other', { id, projectid: projectOf(api, 'alpha').id })).toBe('alpha');
  expect(seen(api, 'other', { id, projectid: -1 })).toBe('alpha');
});

test('what is refused is told in these words', () => {
  const api = situation();
  const refusal = (caller: string, values: Values): string =>
    api.clientOf(caller).fails('listDisks', values).errortext;
  expect(refusal('admin', { account: 'worker' })).toBe(
    `could not find account worker in domain Domain {"id":1,"name":"ROOT","path":"/","uuid":"${root(api)}"}`,
  );
  expect(refusal('chief', { domainid: root(api) })).toBe(
    `Account chief does not have permission to operate within domain id=${root(api)}`,
  );
  const other = accountOf(api, 'other');
  expect(refusal('bosh', { account: 'other' })).toContain(
    `does not have permission to operate with resource Account [{"accountName":"other","id":${other.internalId},"uuid":"${other.id}"}]`,
  );
  const { id, internalId } = projectOf(api, 'alpha');
  const worker = accountOf(api, 'worker');
  expect(refusal('worker', { projectid: id })).toBe(
    `Account Account [{"accountName":"worker","id":${worker.internalId},"uuid":"${worker.id}"}] ` +
      `can't access project id=${internalId}`,
  );
  expect(refusal('admin', { account: 'bosh', projectid: -1 })).toBe(
    "Account and projectId can't be specified together",
  );
});

test('domains and projects that are gone are refused by their internal ids', () => {
  const api = situation();
  const { world } = api;
  const far = domainOf(api, 'ROOT/far');
  const alpha = projectOf(api, 'alpha');
  world.domains.remove(far);
  world.projects.remove(alpha);
  expect(api.clientOf('admin').fails('listDisks', { domainid: far.id }).errortext).toBe(
    `Unable to find domain by id ${far.internalId}`,
  );
  expect(api.clientOf('bosh').fails('listDisks', { projectid: alpha.id }).errortext).toBe(
    `Unable to find project by id ${alpha.internalId}`,
  );
});

test('a project id that nothing has is no project', () => {
  const api = situation();
  const told = (projectid: string): string =>
    api.clientOf('bosh').fails('listDisks', { projectid }).errortext;
  const unused = '00000000-0000-4000-8000-000000000000';
  expect(told(unused)).toContain(`Invalid parameter projectid value=${unused} due to`);
  expect(told('-2')).toContain('Invalid value provided for API arg: projectid');
});
