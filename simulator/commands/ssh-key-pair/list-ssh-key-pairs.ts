import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { contains, ownershipParameters, sameName } from '../../declare/list-parameters.js';
import { entity, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';
import { listedSshKeyPairResponse } from './ssh-key-pair-response.js';

/** Newest first; an id alone shows admins no foreign ones (ManagementServerImpl.listSSHKeyPairs). */
export const listSshKeyPairs = syncCommand({
  name: 'listSSHKeyPairs',
  summary: 'Lists SSH key pairs.',
  roles: everyRole,
  parameters: {
    id: entity('sshkeypair'),
    name: text(),
    fingerprint: text(),
    ...ownershipParameters,
  },
  response: listOf(listedSshKeyPairResponse),
  run: (context, args) => {
    const { id, name, fingerprint, keyword } = args;
    const isOwned = ownerFilter(context, args, false);
    return rowsAskedFor(context.world.sshKeyPairs, { id })
      .filter((pair) => isOwned(pair.accountId))
      .filter((pair) => name === undefined || sameName(pair.name, name))
      .filter((pair) => fingerprint === undefined || sameName(pair.fingerprint, fingerprint))
      .filter(
        (pair) =>
          keyword === undefined ||
          contains(pair.name, keyword) ||
          contains(pair.fingerprint, keyword),
      )
      .reverse();
  },
});
