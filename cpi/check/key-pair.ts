import { publicHalfOf } from '../agent/public-key.js';
import { ok, failed, type Finding } from './finding.js';
import type { Inspection } from './inspection.js';

const about = 'key pair';

/** Whether the account has the SSH key pair that VMs get. */
export async function checkKeyPair({ call }: Inspection): Promise<Finding[]> {
  const { default_key_name: name, private_key: privateKey } = call.configuration.cloudstack;
  if (name === undefined) return [ok(about, 'none is configured (cloudstack.default_key_name)')];
  const found = await call.client.list('listSSHKeyPairs', { name });
  if (found.some((pair) => pair.name === name)) {
    return [ok(about, `VMs get ${name} unless their cloud_properties say otherwise`)];
  }
  if (privateKey !== undefined) return [madeOf(privateKey, name)];
  const advice =
    'register it in CloudStack, give cloudstack.private_key, or correct cloudstack.default_key_name';
  return [failed(about, `the account has no SSH key pair ${name}: create_vm fails`, advice)];
}

function madeOf(privateKey: string, name: string): Finding {
  try {
    publicHalfOf(privateKey);
    return ok(about, `the first VM makes ${name} of cloudstack.private_key`);
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    return failed(
      about,
      `the account has no SSH key pair ${name}, and none can be made of cloudstack.private_key: ${why}`,
      'register it in CloudStack, or correct that key',
    );
  }
}
