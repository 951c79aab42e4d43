import type { OwnerArguments } from '../../declare/ownership.js';
import { cloudRuntime, invalidParameter } from '../../world/cloud-exception.js';
import type {
  AffinityGroupRow,
  DiskOfferingRow,
  HostRow,
  ServiceOfferingRow,
  TemplateRow,
  ZoneRow,
} from '../../world/entities.js';
import { GIB_BYTES } from '../../world/storage/volumes.js';
import type { NicArguments } from './nic-plans.js';
import type { UserDataArguments } from './user-data.js';

export type Details = Readonly<Record<string, string>>;

/** What deployVirtualMachine is asked for. */
export interface DeployArguments extends NicArguments, OwnerArguments, UserDataArguments {
  readonly zoneid: ZoneRow;
  readonly serviceofferingid: ServiceOfferingRow;
  readonly templateid: TemplateRow;
  readonly name?: string | undefined;
  readonly displayname?: string | undefined;
  readonly diskofferingid?: DiskOfferingRow | undefined;
  readonly datadiskofferinglist?: readonly Readonly<Record<string, string>>[] | undefined;
  readonly size?: number | undefined;
  readonly rootdisksize?: number | undefined;
  readonly group?: string | undefined;
  readonly hypervisor?: string | undefined;
  readonly keypair?: string | undefined;
  readonly keypairs?: readonly string[] | undefined;
  readonly affinitygroupids?: readonly AffinityGroupRow[] | undefined;
  readonly affinitygroupnames?: readonly string[] | undefined;
  readonly hostid?: HostRow | undefined;
  readonly details?: Details | undefined;
  readonly dynamicscalingenabled?: boolean | undefined;
  readonly customid?: string | undefined;
  readonly displayvm?: boolean | undefined;
  readonly keyboard?: string | undefined;
  readonly overridediskofferingid?: DiskOfferingRow | undefined;
  readonly boottype?: string | undefined;
  readonly bootmode?: string | undefined;
  readonly iothreadsenabled?: boolean | undefined;
  readonly iodriverpolicy?: string | undefined;
  readonly nicmultiqueuenumber?: number | undefined;
  readonly nicpackedvirtqueuesenabled?: boolean | undefined;
  readonly securitygroupids?: readonly string[] | undefined;
  readonly securitygroupnames?: readonly string[] | undefined;
}

/**
 * The details of a deployment, those among them that have a parameter of their own; a detail wins
 * over the size of the root disk, and loses to all others (BaseDeployVMCmd.getDetails).
 */
export function requestedDetails(args: DeployArguments): Details {
  const { rootdisksize, details = {}, nicmultiqueuenumber: queues } = args;
  return {
    ...(rootdisksize === undefined ? {} : { rootdisksize: String(rootdisksize) }),
    ...details,
    ...bootDetail(args),
    ...ioPolicyDetail(args),
    ...(args.iothreadsenabled === true ? { iothreads: 'true' } : {}),
    ...(queues === undefined ? {} : { 'nic.multiqueue.number': String(queues) }),
    ...(args.nicpackedvirtqueuesenabled === true
      ? { 'nic.packed.virtqueues.enabled': 'true' }
      : {}),
  };
}

/**
 * The details that a VM gets of its template and of those that were asked for. BIOS is what a VM boots
 * with unless a detail says otherwise; the root disk size is kept where it is not the template's own
 * (UserVmManagerImpl.commitUserVm).
 */
export function keptDetails(
  template: TemplateRow,
  details: Details,
  rootGib: number | undefined,
  templateBytes: number,
): Details {
  const asked = Object.entries(details).filter(([name]) => !isDropped(template, name));
  const wantsBios = Object.keys(details).some((name) => name.toUpperCase() === 'BIOS');
  const kept = Object.entries({ ...template.details, ...Object.fromEntries(asked) }).filter(
    ([name]) =>
      !(wantsBios && name === UEFI_DETAIL) && !(rootGib !== undefined && name === 'rootdisksize'),
  );
  const isLarger = rootGib !== undefined && rootGib * GIB_BYTES > templateBytes;
  return {
    ...Object.fromEntries(kept),
    ...(isLarger ? { rootdisksize: String(rootGib) } : {}),
  };
}

/** The detail of a VM that boots by UEFI; its value is the mode. */
const UEFI_DETAIL = 'UEFI';
const KVM_DETAILS: readonly string[] = ['iothreads', 'io.policy'];

function isDropped({ hypervisor }: TemplateRow, name: string): boolean {
  if (name.toUpperCase() === 'BIOS') return true;
  return hypervisor !== 'KVM' && KVM_DETAILS.includes(name.toLowerCase());
}

const BOOT_TYPES: readonly string[] = ['UEFI', 'BIOS'];
const BOOT_MODES: readonly string[] = ['LEGACY', 'SECURE'];

function bootDetail({ boottype, bootmode, name = 'null' }: DeployArguments): Details {
  const type = boottype?.trim().toUpperCase() ?? '';
  if (type === '') return {};
  if (!BOOT_TYPES.includes(type)) {
    throw invalidParameter(
      `Invalid bootType ${boottype ?? ''}Specified for vm ${name} Valid values are: [${BOOT_TYPES.join(', ')}]`,
    );
  }
  const mode = bootmode?.trim().toUpperCase() ?? '';
  const modes = `Valid values are: [${BOOT_MODES.join(', ')}]`;
  if (mode === '' && type === UEFI_DETAIL) {
    throw invalidParameter(
      `bootmode must be specified for the VM with boot type: ${type}. ${modes}`,
    );
  }
  // CloudStack trips over the mode that is missing.
  if (mode === '') throw cloudRuntime('null');
  if (BOOT_MODES.includes(mode)) return { [type]: mode };
  throw invalidParameter(`Invalid bootmode: ${bootmode ?? ''} specified for VM: ${name}. ${modes}`);
}

const IO_POLICIES: readonly string[] = ['native', 'threads', 'io_uring', 'storage_specific'];

function ioPolicyDetail({ iodriverpolicy = '', name = 'null' }: DeployArguments): Details {
  const policy = iodriverpolicy.trim().toLowerCase();
  if (policy === '') return {};
  if (IO_POLICIES.includes(policy)) return { 'io.policy': policy };
  throw invalidParameter(
    `Invalid io policy ${iodriverpolicy} specified for vm ${name}. Valid values are: [${IO_POLICIES.join(', ')}]`,
  );
}
