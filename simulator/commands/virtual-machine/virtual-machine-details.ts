import { isRootAdmin, type Caller } from '../../declare/caller.js';
import { invalidParameter } from '../../world/cloud-exception.js';

type Details = Readonly<Record<string, string>>;

/** Details that only root admins see and change (`user.vm.denied.details`). */
const DENIED_DETAILS: readonly string[] = [
  'rootdisksize',
  'cpuOvercommitRatio',
  'memoryOvercommitRatio',
  'Message.ReservedCapacityFreed.Flag',
];

/** Details that others see but cannot change (`user.vm.readonly.details`). */
export const READ_ONLY_DETAILS: readonly string[] = ['dataDiskController', 'rootDiskController'];

/** Throws for details that have a parameter of their own (UserVmManagerImpl.verifyDetails). */
export function assertNoExtraConfig(details: Details): void {
  if (!Object.keys(details).some((name) => name.startsWith('extraconfig'))) return;
  throw invalidParameter("'extraconfig' should not be included in details as key");
}

/** The details of a VM as a caller sees them. */
export function visibleDetails(details: Details, caller: Caller): Details {
  return isRootAdmin(caller) ? details : withoutNames(details, DENIED_DETAILS);
}

/**
 * The details of a VM after it got new ones, which replace the old; callers other than root admins
 * can neither set nor lose the protected ones (UserVmManagerImpl.updateVirtualMachine).
 */
export function replacedDetails(old: Details, given: Details, caller: Caller): Details {
  assertNoExtraConfig(given);
  if (isRootAdmin(caller)) return given;
  for (const name of Object.keys(given)) {
    const kind = DENIED_DETAILS.includes(name)
      ? 'restricted'
      : READ_ONLY_DETAILS.includes(name)
        ? 'read-only'
        : undefined;
    if (kind === undefined) continue;
    throw invalidParameter(`You're not allowed to add or edit the ${kind} setting: ${name}`);
  }
  return { ...given, ...protectedDetails(old) };
}

/** What `cleanupdetails` leaves of a VM's details. */
export function cleanedDetails(old: Details, caller: Caller): Details {
  return isRootAdmin(caller) ? {} : protectedDetails(old);
}

function protectedDetails(details: Details): Details {
  const names = [...DENIED_DETAILS, ...READ_ONLY_DETAILS];
  return Object.fromEntries(Object.entries(details).filter(([name]) => names.includes(name)));
}

function withoutNames(details: Details, names: readonly string[]): Details {
  return Object.fromEntries(Object.entries(details).filter(([name]) => !names.includes(name)));
}
