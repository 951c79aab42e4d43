import { diskControllers } from './disk-controllers.js';
import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { ownerOfNew, type OwnerArguments } from '../../declare/ownership.js';
import { CloudException, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type {
  AccountRow,
  AffinityGroupRow,
  DiskOfferingRow,
  HostRow,
  NetworkRow,
  ServiceOfferingRow,
  TemplateRow,
  ZoneRow,
} from '../../world/entities.js';
import { canBeScaled } from '../../world/dynamic-scaling.js';
import {
  assertMayDeployDiskOffering,
  assertMayUseServiceOffering,
} from '../../world/offering-access.js';
import { servicesOf } from '../../world/networks.js';
import { assertWithinLimits } from '../../world/resource-limits.js';
import type { ResourceAmounts } from '../../world/resource-types.js';
import { templateSizeBytes, templateZone } from '../../world/templates.js';
import type { VmPlan } from '../../world/vm-allocation.js';
import { assertHostName, assertNameFree } from '../../world/vm-names.js';
import { GIB_BYTES } from '../../world/volumes.js';
import type { World } from '../../world/world.js';
import {
  affinityGroupsAskedFor,
  assertOfSameOwner,
} from '../affinity-group/affinity-group-rules.js';
import { keyPairDetails, keyPairNames } from '../ssh-key-pair/ssh-key-pair-rules.js';
import { assertMayUseTemplate } from '../template/template-access.js';
import { volumeSizeGib } from '../volume/volume-rules.js';
import { assertNoComputeDetails, computeSize } from './compute-size.js';
import { chosenNetworks, namedNetworks, nicPlans, type NicArguments } from './nic-plans.js';
import { assertHoldsTemplate, rootDiskSizeGib } from './root-disk-size.js';
import { givenUserData } from './user-data.js';
import { assertNoExtraConfig } from './virtual-machine-details.js';
import { assertMayChooseHost } from './virtual-machine-rules.js';

type Details = Readonly<Record<string, string>>;

/** What deployVirtualMachine is asked for. */
export interface DeployArguments extends NicArguments, OwnerArguments {
  readonly zoneid: ZoneRow;
  readonly serviceofferingid: ServiceOfferingRow;
  readonly templateid: TemplateRow;
  readonly name?: string | undefined;
  readonly displayname?: string | undefined;
  readonly diskofferingid?: DiskOfferingRow | undefined;
  readonly size?: number | undefined;
  readonly rootdisksize?: number | undefined;
  readonly group?: string | undefined;
  readonly hypervisor?: string | undefined;
  readonly userdata?: string | undefined;
  readonly keypair?: string | undefined;
  readonly keypairs?: readonly string[] | undefined;
  readonly affinitygroupids?: readonly AffinityGroupRow[] | undefined;
  readonly affinitygroupnames?: readonly string[] | undefined;
  readonly hostid?: HostRow | undefined;
  readonly details?: Details | undefined;
  readonly dynamicscalingenabled?: boolean | undefined;
}

/**
 * Checks a deployment in CloudStack's order and says what it will allocate; a refusal leaves
 * nothing behind (UserVmManagerImpl.createVirtualMachine and what it calls).
 */
export function planDeployment(context: CommandContext, args: DeployArguments): VmPlan {
  const { world, caller } = context;
  const owner = ownerOfNew(context, args);
  const { zoneid: zone, templateid: template, serviceofferingid: serviceOffering } = args;
  const details = requestedDetails(args);
  assertNoExtraConfig(details);
  assertEntities(zone, serviceOffering, template, details);
  assertLocalStorage(zone, serviceOffering, args.diskofferingid);
  const named = namedNetworks(world, args);
  assertMayChooseHost(context, args.hostid);
  const affinityGroups = affinityGroupsAskedFor(world, owner, args, unknownGroupText) ?? [];
  assertMayUseServiceOffering(world, owner, serviceOffering, zone);
  if (args.diskofferingid !== undefined) {
    assertMayDeployDiskOffering(world, owner, args.diskofferingid, zone);
  }
  const networks = chosenNetworks(world, owner, zone, named);
  assertHypervisor(template, args.hypervisor);
  assertZoneEnabled(context, zone);
  const size = computeSize(world, serviceOffering, details);
  assertWithinLimits(world, owner, {
    user_vm: 1,
    cpu: size.cpuNumber,
    memory: size.memoryMib,
  });
  const rootGib = rootDiskSizeGib(world, serviceOffering, details['rootdisksize']);
  const dataDisk = plannedDataDisk(world, args);
  assertOfSameOwner(context, affinityGroups, owner);
  assertPoolsUp(world);
  assertWithinLimits(world, owner, plannedVolumes(world, args, rootGib, dataDisk));
  assertTemplateUsable(context, owner, zone, template);
  const userData = givenUserData(context, args.userdata) ?? null;
  const keys = keyPairDetails(world, owner.id, keyPairNames(args));
  const nics = nicPlans(world, zone, networks, args);
  assertUserDataReaches(world, networks[0], template, { userData, keys });
  const names = plannedNames(world, args, networks);
  if (rootGib !== undefined) assertHoldsTemplate(world, template, zone.id, rootGib);
  return {
    ...names,
    ...size,
    group: args.group ?? null,
    accountId: owner.id,
    userId: caller.user.id,
    zone,
    template,
    serviceOffering,
    isDynamicallyScalable:
      args.dynamicscalingenabled !== false && canBeScaled(world, serviceOffering, template),
    rootDiskSizeGib: rootGib,
    dataDisk,
    nics,
    affinityGroups,
    userData,
    details: {
      ...template.details,
      ...keptDetails(details, rootGib, templateSizeBytes(world, template.id, zone.id)),
      ...diskControllers(world, template.hypervisor, { ...template.details, ...details }),
      ...keys,
    },
  };
}

/** `rootdisksize` is a detail, too; the detail wins over the parameter (DeployVMCmd.getDetails). */
function requestedDetails({ rootdisksize, details }: DeployArguments): Details {
  return rootdisksize === undefined
    ? (details ?? {})
    : { rootdisksize: String(rootdisksize), ...details };
}

/** The root disk size is kept where it is not the template's own. */
function keptDetails(details: Details, rootGib: number | undefined, bytes: number): Details {
  if (rootGib === undefined) return details;
  if (rootGib * GIB_BYTES > bytes) return { ...details, rootdisksize: String(rootGib) };
  return Object.fromEntries(Object.entries(details).filter(([name]) => name !== 'rootdisksize'));
}

function unknownGroupText(name: string): string {
  return `Unable to find affinity group by name ${name}`;
}

/** Throws for ids of what is removed: they still pass as parameters. */
function assertEntities(
  zone: ZoneRow,
  offering: ServiceOfferingRow,
  template: TemplateRow,
  details: Details,
): void {
  if (zone.removedMs !== null) {
    throw invalidParameter(`Unable to find zone by id=${zone.internalId}`);
  }
  if (offering.removedMs !== null) {
    throw invalidParameter(`Unable to find service offering: ${offering.internalId}`);
  }
  if (!offering.active) throw invalidParameter(`Service offering is inactive: [${offering.id}].`);
  assertNoComputeDetails(offering, details);
  if (template.removedMs !== null) {
    throw invalidParameter(`Unable to use template ${template.internalId}`);
  }
}

function assertLocalStorage(
  zone: ZoneRow,
  serviceOffering: ServiceOfferingRow,
  diskOffering: DiskOfferingRow | undefined,
): void {
  if (diskOffering !== undefined && diskOffering.removedMs !== null) {
    throw invalidParameter(`Unable to find disk offering ${diskOffering.internalId}`);
  }
  if (zone.localStorageEnabled) return;
  const text = 'Zone is not configured to use local storage but disk offering';
  if (serviceOffering.storageType === 'local') {
    throw invalidParameter(`${text} ${serviceOffering.name} mapped in service offering uses it`);
  }
  if (diskOffering?.storageType === 'local') {
    throw invalidParameter(`${text} ${diskOffering.name} uses it`);
  }
}

function assertHypervisor(template: TemplateRow, hypervisor: string | undefined): void {
  if (hypervisor === undefined) return;
  if (hypervisor.toLowerCase() === template.hypervisor.toLowerCase()) return;
  throw invalidParameter(
    'Hypervisor passed to the deployVm call, is different from the hypervisor type of the template',
  );
}

function assertZoneEnabled({ caller }: CommandContext, zone: ZoneRow): void {
  if (zone.allocationState === 'Enabled' || isRootAdmin(caller)) return;
  throw permissionDenied(
    `Cannot perform this operation, Zone is currently disabled: ${zone.internalId}`,
  );
}

function plannedDataDisk(
  world: World,
  { diskofferingid: offering, size }: DeployArguments,
): VmPlan['dataDisk'] {
  if (offering === undefined) return undefined;
  // Unlike createVolume, a deployment may give a size that a fixed offering overrides.
  const asked = offering.sizeGib > 0 ? undefined : size;
  return { offering, sizeGib: volumeSizeGib(world, offering, asked) };
}

/** What the root volume and the data volume count for. */
function plannedVolumes(
  world: World,
  { templateid: template, zoneid: zone }: DeployArguments,
  rootGib: number | undefined,
  dataDisk: VmPlan['dataDisk'],
): ResourceAmounts {
  const rootBytes =
    rootGib === undefined ? templateSizeBytes(world, template.id, zone.id) : rootGib * GIB_BYTES;
  return {
    volume: dataDisk === undefined ? 1 : 2,
    primary_storage: rootBytes + (dataDisk?.sizeGib ?? 0) * GIB_BYTES,
  };
}

function assertPoolsUp(world: World): void {
  if (world.storagePools.all().some((pool) => pool.up)) return;
  throw new CloudException(
    'UncheckedException',
    'There are no available pools in the UP state for vm deployment',
  );
}

/** A template that is still on its way passes; its VM fails to start (UserVmManagerImpl). */
function assertTemplateUsable(
  context: CommandContext,
  owner: AccountRow,
  zone: ZoneRow,
  template: TemplateRow,
): void {
  if (templateZone(context.world, template.id, zone.id) === undefined) {
    throw invalidParameter(`The template ${template.internalId} is not available for use`);
  }
  assertMayUseTemplate(owner, template);
}

/** Throws if nobody in the default network would hand out the user data, the keys or the password. */
function assertUserDataReaches(
  world: World,
  network: NetworkRow | undefined,
  template: TemplateRow,
  { userData, keys }: { userData: string | null; keys: Details },
): void {
  if (network === undefined || servicesOf(world, network).includes('UserData')) return;
  const noSupport = `but there is no support for UserData service in the default network ${network.name}/${network.id}`;
  if (userData !== null) {
    throw invalidParameter(
      `Unable to deploy VM as UserData is provided while deploying the VM, ${noSupport}.`,
    );
  }
  if (Object.keys(keys).length > 0) {
    throw invalidParameter(
      `Unable to deploy VM as SSH keypair is provided while deploying the VM, ${noSupport}`,
    );
  }
  if (template.passwordEnabled) {
    throw invalidParameter(
      `Unable to deploy VM as template ${template.internalId} is password enabled, ${noSupport}`,
    );
  }
}

/** The VM's ids and names; a VM without a name is called after its uuid. */
function plannedNames(
  world: World,
  args: DeployArguments,
  networks: readonly NetworkRow[],
): Pick<VmPlan, 'id' | 'internalId' | 'name' | 'displayName'> {
  if (args.name !== undefined) assertHostName(args.name);
  if (args.name !== undefined) assertNameFree(world, args.name, networks);
  const { ids } = world.kernel;
  const id = ids.uuid();
  const name = args.name ?? `${world.settings.get('instance.name')}-${id}`;
  return {
    id,
    internalId: ids.next('virtualmachine'),
    name,
    displayName: args.displayname ?? name,
  };
}
