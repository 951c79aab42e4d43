import { assertOwner } from '../cloudstack/assert-owner.js';
import { isCloudStackError } from '../cloudstack/errors.js';
import type { Call } from '../methods/call/call.js';
import { failed, ok, type Finding } from './finding.js';

/**
 * Whether CloudStack lets the account work in the project, or for the other account, that the
 * configuration names: most lists and all creations are asked for with it.
 */
export async function checkOwner({ client, configuration }: Call): Promise<Finding[]> {
  const { project_id: project, account } = configuration.cloudstack;
  if (project === undefined && account === undefined) return [];
  const [about, property, named] =
    project === undefined
      ? ['account', 'cloudstack.account', account]
      : ['project', 'cloudstack.project_id', project];
  try {
    await assertOwner(client);
    return [ok(about, `CloudStack lets the account of the keys work for ${named}`)];
  } catch (failure) {
    if (!isCloudStackError(failure)) throw failure;
    const advice =
      project === undefined
        ? 'set cloudstack.account and cloudstack.domain_id to a name and the id of its domain'
        : 'set cloudstack.project_id to the id of a project that the account is a member of, not ' +
          'to its name';
    return [failed(about, `${property} ${String(named)} is of no use: ${failure.text}`, advice)];
  }
}
