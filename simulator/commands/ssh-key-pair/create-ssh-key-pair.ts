import { everyRole, objectOf, syncCommand } from '../../declare/command.js';
import { finalizeOwner, ownerParameters } from '../../declare/ownership.js';
import { text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import { fingerprintOf, generateKeyPair } from '../../world/identity/ssh-keys.js';
import { sshKeyPairNamed } from './ssh-key-pair-rules.js';
import { createdSshKeyPairResponse } from './ssh-key-pair-response.js';

/** ManagementServerImpl.createSSHKeyPair. */
export const createSshKeyPair = syncCommand({
  name: 'createSSHKeyPair',
  summary: 'Makes an SSH key pair; the private key is in the answer and nowhere else.',
  roles: everyRole,
  parameters: { name: text({ required: true }), ...ownerParameters },
  response: objectOf(createdSshKeyPairResponse),
  run: (context, args) => {
    const { world } = context;
    const { name } = args;
    if (name.trim() === '') {
      throw invalidParameter(
        "Please specify a valid name for the key pair. The key name can't be empty",
      );
    }
    const owner = finalizeOwner(context, args);
    if (sshKeyPairNamed(world, owner.id, name) !== undefined) {
      throw invalidParameter(`A key pair with name '${name}' already exists.`);
    }
    const bits = world.settings.get('ssh.key.length');
    const { publicKey, privateKey } = generateKeyPair(world.kernel.random, bits);
    const fingerprint = fingerprintOf(publicKey);
    const pair = world.sshKeyPairs.insert({ name, accountId: owner.id, fingerprint, publicKey });
    return { pair, privateKey };
  },
});
