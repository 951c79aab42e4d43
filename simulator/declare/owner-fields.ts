import type { AccountRow, DomainRow } from '../world/entities.js';
import { projectOfAccount } from '../world/identity/projects.js';
import { stringField, type Field, type View } from './response.js';

/**
 * Whose a resource is, in a response (ApiResponseHelper.populateOwner): the account, or instead of
 * it the project; then the domain. A resource without an owner shows none of them.
 */
export function ownerFields<Row>(
  accountIdOf: (row: Row) => string | null,
): Readonly<
  Record<'account' | 'projectid' | 'project' | 'domainid' | 'domain' | 'domainpath', Field<Row>>
> {
  const owner = (row: Row, { world }: View): AccountRow | undefined => {
    const accountId = accountIdOf(row);
    return accountId === null ? undefined : world.accounts.require(accountId);
  };
  const project = (row: Row, view: View) => {
    const account = owner(row, view);
    return account === undefined ? undefined : projectOfAccount(view.world, account);
  };
  const domain = (row: Row, view: View): DomainRow | undefined => {
    const account = owner(row, view);
    return account === undefined ? undefined : view.world.domains.require(account.domainId);
  };
  return {
    account: stringField((row, view) => {
      const account = owner(row, view);
      return account?.type === 'Project' ? undefined : account?.name;
    }),
    projectid: stringField((row, view) => project(row, view)?.id),
    project: stringField((row, view) => project(row, view)?.name),
    domainid: stringField((row, view) => domain(row, view)?.id),
    domain: stringField((row, view) => domain(row, view)?.name),
    domainpath: stringField((row, view) => domain(row, view)?.path),
  };
}
