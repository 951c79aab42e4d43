import { limitFields } from '../../declare/limit-fields.js';
import {
  dateField,
  integerField,
  listField,
  longField,
  responseObject,
  stringField,
  type Field,
  type View,
} from '../../declare/response.js';
import { usersOf } from '../../world/identity/accounts.js';
import type { AccountRow, ProjectMemberRow, ProjectRow, VmRow } from '../../world/entities.js';
import { countOfAccount } from '../../world/identity/resource-counts.js';
import { limitOfAccount } from '../../world/identity/resource-limits.js';
import { tagsOf } from '../../world/tags.js';
import type { World } from '../../world/world.js';
import { accountTypeNumbers } from '../account/account-type-numbers.js';
import { tagResponse } from '../tag/tag-response.js';
import { userResponse } from '../user/user-response.js';

/** Who administrates a project, by name. */
const ownerResponse = responseObject<AccountRow>('owner', {
  account: stringField((account) => account.name),
});

/** ProjectResponse (ProjectJoinDaoImpl.newProjectResponse): the limits are those of its account. */
export const projectResponse = responseObject<ProjectRow>('project', {
  id: stringField((project) => project.id),
  name: stringField((project) => project.name),
  displaytext: stringField((project) => project.displayText),
  domainid: stringField((project) => project.domainId),
  domain: stringField(({ domainId }, { world }) => world.domains.require(domainId).name),
  projectaccountname: stringField((project, view) => purseOf(project, view.world).name),
  owner: listField(ownerResponse, (project, { world }) => ownersOf(world, project)),
  state: stringField((project) => project.state),
  created: dateField((project) => project.createdMs),
  tags: listField(tagResponse, (project, { world }) => tagsOf(world, project.id)),
  ...limitFields<ProjectRow>(
    {
      limit: (world, project, type) => limitOfAccount(world, purseOf(project, world), type),
      count: (world, project, type) => countOfAccount(world, purseOf(project, world), type),
    },
    ['project'],
  ),
  vmstopped: vmCount((vm) => vm.state === 'Stopped'),
  vmrunning: vmCount((vm) => vm.state === 'Running'),
});

/** ProjectAccountResponse. */
export const projectAccountResponse = responseObject<ProjectMemberRow>('projectaccount', {
  projectid: stringField((member) => member.projectId),
  project: stringField(({ projectId }, { world }) => world.projects.require(projectId).name),
  accountid: stringField((member) => member.accountId),
  account: stringField((member, view) => accountOf(member, view).name),
  accounttype: integerField((member, view) => accountTypeNumbers[accountOf(member, view).type]),
  role: stringField((member) => member.role),
  domainid: stringField((member, view) => accountOf(member, view).domainId),
  domain: stringField(
    (member, view) => view.world.domains.require(accountOf(member, view).domainId).name,
  ),
  user: listField(userResponse, (member, { world }) => usersOf(world, member.accountId)),
});

/** The accounts that administrate a project. */
export function ownersOf(world: World, project: ProjectRow): AccountRow[] {
  return world.projectMembers
    .where('projectId', project.id)
    .filter((member) => member.role === 'Admin')
    .map((member) => world.accounts.require(member.accountId));
}

function purseOf(project: ProjectRow, world: World): AccountRow {
  return world.accounts.require(project.accountId);
}

function vmCount(isCounted: (vm: VmRow) => boolean): Field<ProjectRow> {
  return longField(
    (project, { world }) =>
      world.vms.where('accountId', project.accountId).filter(isCounted).length,
  );
}

function accountOf(member: ProjectMemberRow, { world }: View): AccountRow {
  return world.accounts.require(member.accountId);
}
