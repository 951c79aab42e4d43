import { isRootAdmin } from '../../declare/caller.js';
import type { CommandContext } from '../../declare/context.js';
import { ownerOfNew } from '../../declare/ownership.js';
import { CloudException, invalidParameter, permissionDenied } from '../../world/cloud-exception.js';
import type {
  AccountRow,
  DiskOfferingRow,
  Hypervisor,
  NetworkRow,
  ServiceOfferingRow,
  TemplateRow,
  ZoneRow,
} from '../../world/entities.js';
import { simulatedHypervisor } from '../../world/compute/hypervisor-types.js';
import { canBeScaled } from '../../world/compute/dynamic-scaling.js';
import {
  assertMayDeployDiskOffering,
  assertMayUseServiceOffering,
  diskOfferingText,
} from '../../world/identity/offering-access.js';
import { servicesOf } from '../../world/network/networks.js';
import { assertWithinLimits } from '../../world/identity/resource-limits.js';
import type { ResourceAmounts } from '../../world/identity/resource-types.js';
import { templateSizeBytes, templateText, templateZone } from '../../world/storage/templates.js';
import type { VmPlan } from '../../world/compute/vm-allocation.js';
import { assertHostName, assertNameFree } from '../../world/compute/vm-names.js';
import { GIB_BYTES } from '../../world/storage/volumes.js';
import type { World } from '../../world/world.js';
import {
  affinityGroupsAskedFor,
  assertOfSameOwner,
} from '../affinity-group/affinity-group-rules.js';
import { standardMacAddress } from '../nic/mac-address-rules.js';
import { keyPairDetails, keyPairNames } from '../ssh-key-pair/ssh-key-pair-rules.js';
import { assertMayUseTemplate } from '../template/template-access.js';
import { assertBelowMaximum, volumeSizeGib } from '../volume/volume-rules.js';
import { assertNoComputeDetails, computeSize } from './compute-size.js';
import {
  keptDetails,
  requestedDetails,
  type DeployArguments,
  type Details,
} from './deployment-arguments.js';
import { chosenNetworks, namedNetworks, nicPlans } from './nic-plans.js';
import { assertHoldsTemplate, rootDiskSizeGib } from './root-disk-size.js';
import { userDataColumns } from './user-data.js';
import { assertNoExtraConfig } from './virtual-machine-details.js';
import { assertNoDataDiskTemplates } from './data-disk-templates.js';
import { diskControllers } from './disk-controllers.js';
import { assertMayBeId } from './custom-id.js';
import { assertMayChooseHost } from './virtual-machine-rules.js';

/**
 * Checks a deployment in CloudStack's order and says what it will allocate; a refusal leaves
 * nothing behind but the network that is made for an owner who has none
 * (UserVmManagerImpl.createVirtualMachine and what it calls).
 */
export function planDeployment(context: CommandContext, args: DeployArguments): VmPlan {
  const { world, caller } = context;
  const owner = ownerOfNew(context, args);
  const { zoneid: zone, templateid: template, serviceofferingid: serviceOffering } = args;
  const details = requestedDetails(args);
  assertNoExtraConfig(details);
  assertEntities(zone, serviceOffering, template, details);
  assertMayOverride(args);
  assertLocalStorage(zone, serviceOffering, args.diskofferingid);
  assertDiskOfferingThere(args.overridediskofferingid);
  assertNoDataDiskTemplates(world, args);
  const named = namedNetworks(world, args);
  const userData = userDataColumns(context, args);
  assertMayChooseHost(context, args.hostid);
  if (args.macaddress !== undefined) standardMacAddress(args.macaddress);
  assertNoSecurityGroups(args);
  const affinityGroups = affinityGroupsAskedFor(world, owner, args, unknownGroupText) ?? [];
  assertMayUseServiceOffering(world, owner, serviceOffering, zone);
  if (args.diskofferingid !== undefined) {
    assertMayDeployDiskOffering(world, owner, args.diskofferingid, zone);
  }
  const networks = chosenNetworks(world, owner, zone, named);
  const hypervisor = hypervisorFor(template, args.hypervisor);
  assertZoneEnabled(context, zone);
  const size = computeSize(world, serviceOffering, details);
  if (args.displayvm !== false) {
    const { cpuNumber: cpu, memoryMib: memory } = size;
    assertWithinLimits(world, owner, { user_vm: 1, cpu, memory });
  }
  const isIso = template.format === 'ISO';
  const { rootOffering, rootGib, dataDisk } = plannedDisks(world, args, details);
  assertMayEncrypt(rootOffering ?? serviceOffering, hypervisor);
  assertOfSameOwner(context, affinityGroups, owner);
  assertPoolsUp(world);
  assertForUsers(template);
  assertWithinLimits(world, owner, plannedVolumes(world, args, rootGib, dataDisk));
  assertTemplateUsable(context, owner, zone, template);
  if (isIso && rootGib === undefined) throw needsSize(rootOffering);
  const keys = keyPairDetails(world, owner.id, keyPairNames(args));
  const nics = nicPlans(world, zone, networks, args);
  assertUserDataReaches(world, networks[0], template, { ...userData, keys });
  const names = plannedNames(context, args, networks);
  if (rootGib !== undefined && !isIso) assertHoldsTemplate(world, template, zone.id, rootGib);
  return {
    ...names,
    ...size,
    group: args.group ?? null,
    accountId: owner.id,
    userId: caller.user.id,
    zone,
    template,
    hypervisor,
    serviceOffering,
    isDynamicallyScalable:
      args.dynamicscalingenabled !== false &&
      canBeScaled(world, { zoneId: zone.id }, serviceOffering, template),
    rootDiskSizeGib: rootGib,
    rootOffering,
    dataDisk,
    nics,
    affinityGroups,
    ...userData,
    isDisplayed: args.displayvm !== false,
    details: { ...plannedDetails(world, args, details, { hypervisor, rootGib }), ...keys },
  };
}

/** The details that a VM gets of its template and of what was asked for, but for its keys. */
function plannedDetails(
  world: World,
  { templateid: template, zoneid: zone, keyboard = '' }: DeployArguments,
  details: Details,
  { hypervisor, rootGib }: Pick<VmPlan, 'hypervisor'> & { readonly rootGib: number | undefined },
): Details {
  return {
    ...keptDetails(template, details, rootGib, templateSizeBytes(world, template.id, zone.id)),
    ...(keyboard === '' ? {} : { keyboard }),
    ...diskControllers(world, hypervisor, { ...template.details, ...details }),
  };
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

function assertDiskOfferingThere(offering: DiskOfferingRow | undefined): void {
  if (offering === undefined || offering.removedMs === null) return;
  throw invalidParameter(`Unable to find disk offering ${offering.internalId}`);
}

function assertLocalStorage(
  zone: ZoneRow,
  serviceOffering: ServiceOfferingRow,
  diskOffering: DiskOfferingRow | undefined,
): void {
  assertDiskOfferingThere(diskOffering);
  if (zone.localStorageEnabled) return;
  const text = 'Zone is not configured to use local storage but disk offering';
  if (serviceOffering.storageType === 'local') {
    throw invalidParameter(`${text} ${serviceOffering.name} mapped in service offering uses it`);
  }
  if (diskOffering?.storageType === 'local') {
    throw invalidParameter(`${text} ${diskOffering.name} uses it`);
  }
}

/** No zone of this world has security groups. */
function assertNoSecurityGroups({ securitygroupids, securitygroupnames }: DeployArguments): void {
  const groups = [...(securitygroupids ?? []), ...(securitygroupnames ?? [])];
  if (groups.length === 0) return;
  throw invalidParameter(
    "Can't create vm with security groups; security group feature is not enabled per zone",
  );
}

/** That of the template; of an ISO, that which is asked for. */
function hypervisorFor(template: TemplateRow, asked: string | undefined): Hypervisor {
  if (template.hypervisor === 'None') {
    const named = asked === undefined ? undefined : simulatedHypervisor(asked);
    if (named !== undefined) return named;
    throw invalidParameter(
      'hypervisor parameter is needed to deploy VM or the hypervisor parameter value passed is invalid',
    );
  }
  const isSame = asked === undefined || asked.toLowerCase() === template.hypervisor.toLowerCase();
  if (isSame) return template.hypervisor;
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

/** Of an ISO's VM, the disk offering and the size are those of the root disk. */
function plannedDisks(
  world: World,
  args: DeployArguments,
  details: Details,
): Pick<VmPlan, 'rootOffering' | 'dataDisk'> & { readonly rootGib: number | undefined } {
  const { diskofferingid, serviceofferingid, size } = args;
  const { overridediskofferingid: asked } = args;
  const linked = linkedOffering(world, serviceofferingid);
  const override = asked ?? linked;
  if (args.templateid.format !== 'ISO') {
    const rootGib = rootDiskSizeGib(world, override ?? serviceofferingid, details['rootdisksize']);
    return { rootOffering: override, rootGib, dataDisk: plannedDataDisk(world, args) };
  }
  if (linked === undefined) assertHasRootOffering(args);
  const rootOffering = asked ?? diskofferingid ?? linked;
  const wanted = details['rootdisksize'] ?? size?.toString();
  const rootGib = rootDiskSizeGib(world, rootOffering ?? serviceofferingid, wanted);
  return { rootOffering, rootGib, dataDisk: undefined };
}

/** The disk offering that root disks of a compute offering have, unless they have that alone. */
function linkedOffering(
  world: World,
  { diskOfferingId }: ServiceOfferingRow,
): DiskOfferingRow | undefined {
  return diskOfferingId === null ? undefined : world.diskOfferings.require(diskOfferingId);
}

function assertMayOverride({ serviceofferingid, overridediskofferingid }: DeployArguments): void {
  if (overridediskofferingid === undefined || !serviceofferingid.diskOfferingStrictness) return;
  throw invalidParameter(
    `Cannot override disk offering id ${overridediskofferingid.internalId} since provided service offering is strictly mapped to its disk offering`,
  );
}

/** Only KVM encrypts disks. */
function assertMayEncrypt(
  { encrypts }: Pick<DiskOfferingRow, 'encrypts'>,
  hypervisor: Hypervisor,
): void {
  if (!encrypts || hypervisor === 'KVM') return;
  throw invalidParameter(
    `Root volume encryption is not supported for hypervisor type ${hypervisor}`,
  );
}

/** What is installed from an ISO needs a disk, of which the ISO tells nothing. */
function assertHasRootOffering({ diskofferingid: offering }: DeployArguments): void {
  if (offering !== undefined) return;
  throw invalidParameter(
    'Installing from ISO requires a disk offering to be specified for the root disk.',
  );
}

function needsSize(offering: DiskOfferingRow | undefined): CloudException {
  const text = offering === undefined ? '' : diskOfferingText(offering);
  return invalidParameter(`Disk offering ${text} requires size parameter.`);
}

/** UserVmManagerImpl.verifyAndGetDiskSize. */
function plannedDataDisk(
  world: World,
  { diskofferingid: offering, size }: DeployArguments,
): VmPlan['dataDisk'] {
  if (offering === undefined) return undefined;
  // Unlike createVolume, a deployment may give a size that a fixed offering overrides.
  const asked = offering.sizeGib > 0 ? undefined : size;
  const sizeGib = volumeSizeGib(world, offering, asked);
  assertBelowMaximum(world, sizeGib);
  return { offering, sizeGib };
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
  if (world.storagePools.all().some((pool) => pool.state === 'Up')) return;
  throw new CloudException(
    'UncheckedException',
    'There are no available pools in the UP state for vm deployment',
  );
}

/** The cloud's own VMs have templates of their own. */
function assertForUsers(template: TemplateRow): void {
  if (template.type !== 'SYSTEM') return;
  throw invalidParameter(
    `Unable to use system template ${templateText(template)} to deploy a user vm`,
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
  if (template.format === 'ISO' && !template.isBootable) {
    throw invalidParameter(
      `Installing from ISO requires an ISO that is bootable: ${templateText(template)}`,
    );
  }
  assertMayUseTemplate(context.world, owner, template);
}

/** Throws if nobody in the default network would hand out the user data, the keys or the password. */
function assertUserDataReaches(
  world: World,
  network: NetworkRow | undefined,
  template: TemplateRow,
  { userData, keys }: { readonly userData: string | null; readonly keys: Details },
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
  context: CommandContext,
  args: DeployArguments,
  networks: readonly NetworkRow[],
): Pick<VmPlan, 'id' | 'internalId' | 'name' | 'displayName'> {
  const { world } = context;
  if (args.name !== undefined) assertHostName(args.name);
  if (args.name !== undefined) assertNameFree(world, args.name, networks);
  if (args.customid !== undefined) assertMayBeId(context, 'virtualmachine', args.customid);
  const { ids } = world.kernel;
  const id = args.customid?.toLowerCase() ?? ids.uuid();
  const name = args.name ?? `${world.settings.get('instance.name')}-${id}`;
  return {
    id,
    internalId: ids.next('virtualmachine'),
    name,
    displayName: args.displayname ?? name,
  };
}
