import { invalidParameter } from '../../world/cloud-exception.js';

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Throws unless the names of a network's VMs can end in this domain (NetUtils.verifyDomainName). */
export function assertNetworkDomain(domain: string): void {
  const isDomain = domain.length <= 190 && domain.split('.').every((label) => LABEL.test(label));
  if (isDomain) return;
  throw invalidParameter(
    "Invalid network domain. Total length shouldn't exceed 190 chars. Each domain label must be " +
      "between 1 and 63 characters long, can contain ASCII letters 'a' through 'z', the digits " +
      "'0' through '9', and the hyphen ('-'); can't start or end with \"-\"",
  );
}
