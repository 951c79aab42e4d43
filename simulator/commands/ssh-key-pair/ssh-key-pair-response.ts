import { ownerFields } from '../../declare/owner-fields.js';
import { responseObject, stringField, type Field } from '../../declare/response.js';
import type { SshKeyPairRow } from '../../world/entities.js';

type Fields = Readonly<Record<string, Field<SshKeyPairRow>>>;

const owner = ownerFields<SshKeyPairRow>((pair) => pair.accountId);

/** SSHKeyPairResponse. */
const fields: Fields = {
  id: stringField((pair) => pair.id),
  name: stringField((pair) => pair.name),
  account: owner.account,
  domainid: owner.domainid,
  domain: owner.domain,
  projectid: owner.projectid,
  project: owner.project,
  fingerprint: stringField((pair) => pair.fingerprint),
};

/** A key pair in listSSHKeyPairs. */
export const listedSshKeyPairResponse = responseObject<SshKeyPairRow>('sshkeypair', fields);

/** A key pair that was registered. */
export const sshKeyPairResponse = responseObject<SshKeyPairRow>('keypair', fields);

/** A new pair, and its private key, which nobody keeps. */
export interface CreatedKeyPair {
  readonly pair: SshKeyPairRow;
  readonly privateKey: string;
}

/** CreateSSHKeyPairResponse: the only time that anybody sees the private key. */
export const createdSshKeyPairResponse = responseObject<CreatedKeyPair>('keypair', {
  ...Object.fromEntries(
    Object.entries(fields).map(([name, field]): [string, Field<CreatedKeyPair>] => [
      name,
      { ...field, value: ({ pair }, view) => field.value(pair, view) },
    ]),
  ),
  privatekey: stringField(({ privateKey }) => privateKey),
});
