import { invalidParameter } from '../../world/cloud-exception.js';

/** One or two digits each, all divided by the same mark (NetUtils.isValidMac). */
const MAC_ADDRESS = /^[0-9a-f]{1,2}([-:.])(?:[0-9a-f]{1,2}\1){4}[0-9a-f]{1,2}$/i;

/**
 * A MAC address as CloudStack writes it: two small digits each, with colons between
 * (AddNicToVMCmd.getMacAddress). Throws for what is none, and for one of several machines.
 */
export function standardMacAddress(asked: string): string {
  if (!MAC_ADDRESS.test(asked)) throw invalidParameter(`Mac address is not valid: ${asked}`);
  const bytes = asked.toLowerCase().split(/[-:.]/);
  if (Number.parseInt(bytes[0] ?? '', 16) % 2 === 1) {
    throw invalidParameter(`Mac address is not unicast: ${asked}`);
  }
  return bytes.map((byte) => byte.padStart(2, '0')).join(':');
}
