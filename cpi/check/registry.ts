import { nobodysEntry } from '../agent/registry-answer.js';
import { RegistryError } from '../agent/registry-error.js';
import { toBoshError } from '../methods/call/bosh-errors.js';
import type { Call } from '../methods/call/call.js';
import { failed, ok, type Finding } from './finding.js';

const about = 'registry';

/**
 * Whether the registry can be reached and takes the credentials, if the CPI is told of one: to
 * remove needs them, while to read may be allowed by the address.
 */
export async function checkRegistry({ registry }: Call): Promise<Finding[]> {
  if (registry === undefined) return [];
  const { url, username } = registry.access;
  try {
    await registry.remove(nobodysEntry);
    return [ok(about, `${url} takes the user ${username}`)];
  } catch (failure) {
    if (!(failure instanceof RegistryError)) throw failure;
    const advice =
      'VMs of stemcells with an api_version below 2 cannot be created until then; without such ' +
      'stemcells, leave the section registry out';
    return [failed(about, toBoshError(failure).message, advice)];
  }
}
