// Projects: how they come and go, who is a member, who may change them, and that members work with
// what belongs to a project as if it were their own.
import { expect, test } from '@playwright/test';
import { accountOf, domainOf, projectOf } from '../../../support/identity-world.js';
import {
  NOTHING,
  createOwnedWorld,
  ownedBy,
  takeThings,
  vmValues,
} from '../../../support/owned-things.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import { assertSound } from '../../../support/sound-world.js';

function names(client: TestClient, values: Values = {}): string {
  const rows = (client.call('listProjects', values)['project'] ?? []) as Reply[];
  return rows.map((project) => project['name'] as string).join(' ');
}

test.describe('createProject', () => {
  test('is there at once, Disabled, and Active after its job', () => {
    const world = createOwnedWorld();
    const bosh = world.clientOf('bosh');
    const { id, jobid } = bosh.call('createProject', { name: 'gamma', displaytext: 'Gamma' });
    expect(bosh.call('listProjects', { id })['project'][0].state).toBe('Disabled');
    world.simulator.kernel.advanceUntilIdle();
    expect(bosh.job(jobid as string).result['project']).toMatchObject({
      id,
      name: 'gamma',
      displaytext: 'Gamma',
      state: 'Active',
      domain: 'ROOT',
      owner: [{ account: 'bosh' }],
      projectaccountname: `PrjAcct-gamma-${domainOf(world, 'ROOT').internalId}`,
      vmlimit: '20',
      vmtotal: 0,
    });
    expect(bosh.call('listProjects', { id })['project'][0]).not.toHaveProperty('projectlimit');
  });

  test('admins create for others; the text is the name unless given', () => {
    const world = createOwnedWorld();
    const { project } = world.clientOf('chief').done('createProject', {
      name: 'delta',
      account: 'diver',
      domainid: domainOf(world, 'ROOT/sub/deep').id,
    });
    expect(project).toMatchObject({ displaytext: 'delta', owner: [{ account: 'diver' }] });
  });

  test('refuses', () => {
    const world = createOwnedWorld();
    const [admin, bosh] = [world.clientOf('admin'), world.clientOf('bosh')];
    const root = domainOf(world, 'ROOT');
    const before = world.simulator.kernel.log.lastSeq;
    expect(bosh.fails('createProject', { name: 'ALPHA' })).toMatchObject({
      httpStatus: 431,
      errortext: `Project with name ALPHA already exists in domain id=${root.internalId}`,
    });
    for (const values of [{ account: 'bosh' }, { domainid: root.id }]) {
      expect(admin.fails('createProject', { name: 'x', ...values }).errortext).toBe(
        'Account name and domain id must be specified together',
      );
    }
    expect(
      bosh.fails('createProject', { name: 'x', account: 'other', domainid: root.id }).httpStatus,
    ).toBe(531);
    world.world.settings.set('allow.user.create.projects', false);
    expect(bosh.fails('createProject', { name: 'x' })).toMatchObject({
      httpStatus: 531,
      errortext: 'Regular user is not permitted to create a project',
    });
    expect(world.simulator.kernel.log.lastSeq).toBe(before);
  });

  test('an account has only so many', () => {
    const world = createOwnedWorld();
    world.world.settings.set('max.account.projects', 1);
    expect(world.clientOf('bosh').fails('createProject', { name: 'x' })).toMatchObject({
      httpStatus: 535,
    });
    world.clientOf('other').done('createProject', { name: 'x' });
  });
});

test.describe('listProjects', () => {
  test('shows those of which the account is a member; admins a domain or all below theirs', () => {
    const world = createOwnedWorld();
    const sub = domainOf(world, 'ROOT/sub').id;
    const root = domainOf(world, 'ROOT').id;
    expect(names(world.clientOf('other'))).toBe('alpha');
    expect(names(world.clientOf('other'), { listall: true })).toBe('alpha');
    expect(names(world.clientOf('diver'))).toBe('');
    expect(names(world.clientOf('chief'))).toBe('');
    expect(names(world.clientOf('chief'), { listall: true })).toBe('beta');
    const admin = world.clientOf('admin');
    expect(names(admin)).toBe('');
    expect(names(admin, { listall: true })).toBe('beta alpha');
    expect(names(admin, { domainid: sub })).toBe('beta');
    expect(names(admin, { domainid: root })).toBe('alpha');
    expect(names(admin, { domainid: root, isrecursive: true })).toBe('beta alpha');
    expect(names(admin, { account: 'other', domainid: root })).toBe('alpha');
    expect(names(admin, { account: 'admin', domainid: root })).toBe('');
  });

  test('the filters select', () => {
    const world = createOwnedWorld();
    const admin = world.clientOf('admin');
    const found = (values: Values): string => names(admin, { listall: true, ...values });
    const { id } = projectOf(world, 'alpha');
    expect(found({ id })).toBe('alpha');
    expect(found({ name: 'BETA' })).toBe('beta');
    expect(found({ displaytext: 'alpha' })).toBe('alpha');
    expect(found({ keyword: 'ph' })).toBe('alpha');
    admin.done('createTags', {
      resourcetype: 'Project',
      resourceids: id,
      'tags[0].key': 'a',
      'tags[0].value': '1',
    });
    expect(found({ 'tags[0].key': 'a', 'tags[0].value': '1' })).toBe('alpha');
    expect(found({ 'tags[0].key': 'a', 'tags[0].value': '2' })).toBe('');
    admin.done('suspendProject', { id });
    expect(found({ state: 'suspended' })).toBe('alpha');
  });

  test('refuses', () => {
    const world = createOwnedWorld();
    const [admin, bosh] = [world.clientOf('admin'), world.clientOf('bosh')];
    const far = domainOf(world, 'ROOT/far');
    for (const [client, values, httpStatus, errortext] of [
      [bosh, { account: 'other' }, 531, "Can't list account other projects; unauthorized"],
      [
        bosh,
        { domainid: far.id },
        531,
        `Can't list domain id= ${far.internalId} projects; unauthorized`,
      ],
      [admin, { account: 'x' }, 431, 'could not find account x because domain id is not specified'],
      [
        admin,
        { account: 'x', domainid: far.id },
        431,
        `Unable to find account x in domain ${far.id}`,
      ],
    ] as const) {
      expect(client.fails('listProjects', values)).toMatchObject({ httpStatus, errortext });
    }
  });
});

test.describe('members', () => {
  test('come and go', () => {
    const world = createOwnedWorld();
    const bosh = world.clientOf('bosh');
    const projectid = projectOf(world, 'alpha').id;
    const members = (values: Values = {}): string =>
      (
        (bosh.call('listProjectAccounts', { projectid, ...values })['projectaccount'] ??
          []) as Reply[]
      )
        .map((row) => `${row['account'] as string}:${row['role'] as string}`)
        .join(' ');
    expect(members()).toBe('bosh:Admin other:Regular');
    expect(members({ role: 'admin' })).toBe('bosh:Admin');
    expect(members({ account: 'OTHER' })).toBe('other:Regular');
    expect(members({ keyword: 'oth' })).toBe('other:Regular');
    bosh.done('addAccountToProject', { projectid, account: 'admin', roletype: 'admin' });
    bosh.done('addAccountToProject', { projectid, account: 'other', roletype: 'Admin' });
    expect(members()).toBe('bosh:Admin other:Regular admin:Admin');
    bosh.done('deleteAccountFromProject', { projectid, account: 'other' });
    expect(members()).toBe('bosh:Admin admin:Admin');
    expect(names(world.clientOf('other'))).toBe('');
  });

  test('are refused', () => {
    const world = createOwnedWorld();
    const [bosh, other] = [world.clientOf('bosh'), world.clientOf('other')];
    const { id: projectid } = projectOf(world, 'alpha');
    const domain = domainOf(world, 'ROOT').internalId;
    for (const [client, command, values, errorcode, errortext] of [
      [bosh, 'addAccountToProject', {}, 431, 'Either accountName or email is required'],
      [
        bosh,
        'addAccountToProject',
        { account: 'worker' },
        431,
        'Unable to find account name=worker in specified domain id',
      ],
      [
        bosh,
        'addAccountToProject',
        { account: 'admin', roletype: 'Boss' },
        431,
        'Only Admin or Regular project role types are valid',
      ],
      [other, 'addAccountToProject', { account: 'admin' }, 530, 'does not have permission'],
      [
        bosh,
        'deleteAccountFromProject',
        { account: 'bosh' },
        431,
        'Unable to delete account bosh from the project with specified id as the account is the owner of the project',
      ],
      [
        bosh,
        'deleteAccountFromProject',
        { account: 'admin' },
        431,
        'Account admin is not assigned to the project with specified id',
      ],
      [
        bosh,
        'deleteAccountFromProject',
        { account: 'nobody' },
        431,
        `Unable to find account name=nobody in domain id=${domain}`,
      ],
    ] as const) {
      const { result } = client.run(command, { projectid, ...values });
      expect(result['errorcode'], errortext).toBe(errorcode);
      expect(result['errortext']).toContain(errortext);
    }
    expect(world.clientOf('worker').fails('listProjectAccounts', { projectid }).httpStatus).toBe(
      531,
    );
    bosh.done('suspendProject', { id: projectid });
    expect(
      bosh.run('addAccountToProject', { projectid, account: 'admin' }).result['errortext'],
    ).toBe(
      "Can't add account to the specified project id in state=Suspended as it's no longer active",
    );
  });
});

test.describe('updateProject', () => {
  test('renames, hands over, and changes roles', () => {
    const world = createOwnedWorld();
    const bosh = world.clientOf('bosh');
    const { id } = projectOf(world, 'alpha');
    const renamed = bosh.done('updateProject', { id, name: 'omega', displaytext: 'Omega' });
    expect(renamed['project']).toMatchObject({ name: 'omega', displaytext: 'Omega' });
    bosh.done('updateProject', { id, account: 'other', swapowner: false, roletype: 'Admin' });
    const owners = (): unknown => bosh.call('listProjects', { id })['project'][0].owner;
    expect(owners()).toEqual([{ account: 'bosh' }, { account: 'other' }]);
    bosh.done('updateProject', { id, account: 'other', swapowner: false, roletype: 'Regular' });
    const handed = bosh.done('updateProject', { id, account: 'other' });
    expect(handed['project']['owner']).toEqual([{ account: 'other' }]);
    world.clientOf('other').done('updateProject', { id, account: 'other' });
  });

  test('refuses', () => {
    const world = createOwnedWorld();
    const [bosh, other] = [world.clientOf('bosh'), world.clientOf('other')];
    const { id, internalId } = projectOf(world, 'alpha');
    for (const [client, values, errorcode, errortext] of [
      [bosh, { account: 'admin' }, 431, "Account admin doesn't belong to the project."],
      [
        bosh,
        { account: 'admin', swapowner: false },
        431,
        "Account admin doesn't belong to the project.",
      ],
      [bosh, { account: 'nobody' }, 431, 'Unable to find account name=nobody in domain id='],
      [
        bosh,
        { account: 'bosh', swapowner: false },
        431,
        'Cannot demote the only admin of the project',
      ],
      [other, { name: 'x' }, 530, 'does not have permission to operate with resource'],
    ] as const) {
      const { result } = client.run('updateProject', { id, ...values });
      expect(result['errorcode']).toBe(errorcode);
      expect(result['errortext']).toContain(errortext);
    }
    bosh.done('deleteProject', { id });
    expect(bosh.run('updateProject', { id, name: 'x' }).result['errortext']).toBe(
      `Unable to find the project id=${internalId}`,
    );
  });
});

test.describe('what belongs to a project', () => {
  test('members deploy, see and destroy it; others do not', () => {
    const world = createOwnedWorld();
    const [bosh, other, diver] = ['bosh', 'other', 'diver'].map(world.clientOf) as [
      TestClient,
      TestClient,
      TestClient,
    ];
    const projectid = projectOf(world, 'alpha').id;
    const id = takeThings(world, bosh, { projectid });
    const [vm] = other.call('listVirtualMachines', { projectid })['virtualmachine'] as Reply[];
    expect(vm).toMatchObject({ id, projectid, project: 'alpha', domain: 'ROOT' });
    expect(vm).not.toHaveProperty('account');
    expect(other.call('listVirtualMachines')).toEqual({});
    expect(bosh.call('listVolumes', { projectid: -1 })['count']).toBe(3);
    expect(diver.fails('listVirtualMachines', { projectid }).httpStatus).toBe(531);
    expect(diver.fails('stopVirtualMachine', { id }).httpStatus).toBe(531);
    expect(diver.fails('deployVirtualMachine', vmValues(world, { projectid })).httpStatus).toBe(
      531,
    );
    expect(other.done('stopVirtualMachine', { id })['virtualmachine']['state']).toBe('Stopped');
    other.done('destroyVirtualMachine', { id });
    other.done('createTags', {
      resourcetype: 'Volume',
      resourceids: other.call('listVolumes', { projectid, name: 'loose' })['volume'][0].id,
      'tags[0].key': 'a',
      'tags[0].value': '1',
    });
    expect(other.call('listTags', { projectid })['tag'][0]).toMatchObject({ project: 'alpha' });
    assertSound(world);
  });

  test('suspended, it stops and takes nothing new; activated, it takes more and stays stopped', () => {
    const world = createOwnedWorld();
    const bosh = world.clientOf('bosh');
    const { id } = projectOf(world, 'alpha');
    const vm = takeThings(world, bosh, { projectid: id });
    expect(bosh.done('suspendProject', { id })['project']).toMatchObject({
      state: 'Suspended',
      vmstopped: 1,
      vmrunning: 0,
    });
    expect(
      bosh.fails('deployVirtualMachine', vmValues(world, { projectid: id })).errortext,
    ).toContain('in state=Suspended as it');
    expect(bosh.call('activateProject', { id })).toHaveProperty('jobid');
    world.simulator.kernel.advanceUntilIdle();
    expect(world.world.vms.require(vm).state).toBe('Stopped');
    expect(projectOf(world, 'alpha').state).toBe('Active');
    expect(bosh.send('activateProject', { id }).body).toHaveProperty('activaterojectresponse');
    world.simulator.kernel.advanceUntilIdle();
    bosh.done('startVirtualMachine', { id: vm });
  });

  test('without cleanup it keeps its project from being deleted', () => {
    const world = createOwnedWorld();
    const bosh = world.clientOf('bosh');
    const { id, accountId } = projectOf(world, 'alpha');
    takeThings(world, bosh, { projectid: id });
    const told = (): string => bosh.run('deleteProject', { id }).result['errortext'] as string;
    expect(told()).toBe("Can't delete the project yet because it has 1 VirtualMachine to clean up");
    expect(bosh.done('deleteProject', { id, cleanup: true })).toEqual({ success: true });
    expect(ownedBy(world, accountId)).toEqual(NOTHING);
    expect(bosh.call('listProjects')).toEqual({});
    expect(world.world.projectMembers.where('projectId', id)).toEqual([]);
    const gone = projectOfInternalId(told());
    expect(gone).toBe(world.world.projects.require(id).internalId);
    assertSound(world);
  });

  test('only those who administrate a project suspend, activate or delete it', () => {
    const world = createOwnedWorld();
    const { id } = projectOf(world, 'alpha');
    for (const command of ['suspendProject', 'activateProject', 'deleteProject']) {
      for (const caller of ['other', 'worker']) {
        expect(world.clientOf(caller).run(command, { id }).result['errorcode']).toBe(530);
      }
    }
    world.clientOf('chief').done('suspendProject', { id: projectOf(world, 'beta').id });
    expect(accountOf(world, 'worker').state).toBe('enabled');
  });

  test('a project whose creation has not ended cannot be activated', () => {
    const world = createOwnedWorld();
    const bosh = world.clientOf('bosh');
    const { id } = bosh.call('createProject', { name: 'late' });
    world.simulator.kernel.advanceUntilIdle();
    world.world.projects.move(world.world.projects.require(id as string), 'DeletionBegins');
    expect(bosh.run('activateProject', { id }).result).toMatchObject({
      errorcode: 431,
      errortext: "Can't activate the project in Disabled state",
    });
  });
});

function projectOfInternalId(text: string): number {
  return Number(/Unable to find project by id (\d+)/.exec(text)?.[1]);
}
