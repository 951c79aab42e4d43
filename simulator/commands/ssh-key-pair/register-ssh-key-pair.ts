import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { fingerprintOf, publicKeyIn } from '../../world/identity/ssh-keys.js';
import { sshKeyPairNamed } from './ssh-key-pair-rules.js';
import { sshKeyPairResponse } from './ssh-key-pair-response.js';

/** ManagementServerImpl.registerSSHKeyPair. */
export const registerSshKeyPair = syncCommand({
  name: 'registerSSHKeyPair',
  summary: 'Enters the public key of an SSH key pair.',
  roles: everyRole,
  parameters: {
    name: text({ required: true }),
    publickey: text({ required: true, maxLength: 5_120 }),
    ...ownerParameters,
  },
  response: objectOf(sshKeyPairResponse),
  run: (context, args) => {
    const { world } = context;
    const { name, publickey } = args;
    const owner = finalizeOwner(context, args);
    if (sshKeyPairNamed(world, owner.id, name) !== undefined) {
      throw invalidParameter(`A key pair with name '${name}' already exists for this account.`);
    }
    const publicKey = publicKeyIn(publickey);
    if (publicKey === undefined) throw invalidParameter('Public key is invalid');
    const known = world.sshKeyPairs.where('accountId', owner.id);
    if (known.some((pair) => pair.publicKey === publicKey)) {
      throw invalidParameter(`A key pair with key '${publickey}' already exists for this account.`);
    }
    const fingerprint = fingerprintOf(publicKey);
    return world.sshKeyPairs.insert({ name, accountId: owner.id, fingerprint, publicKey });
  },
});
