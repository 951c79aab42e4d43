import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { detailPairs, entity, flag, integer, long, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { DiskOfferingRow, ServiceOfferingRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import {
  cacheModeNamed,
  iopsOf,
  provisioningTypeNamed,
  ratesOf,
  snapshotReserveOf,
  storageTypeNamed,
} from '../offering/disk-quality.js';
import { diskQualityParameters, scopeParameters } from '../offering/offering-parameters.js';
import {
  assertMayMakeOffering,
  assertScopeExists,
  tagsIn,
  withoutSubdomains,
} from '../offering/offering-scope.js';
import { serviceOfferingResponse } from './service-offering-response.js';
import { offeringSize } from './service-offering-size.js';

/** ConfigurationManagerImpl.createServiceOffering. */
export const createServiceOffering = syncCommand({
  name: 'createServiceOffering',
  summary: 'Creates a compute offering.',
  roles: everyAdmin,
  parameters: {
    cpunumber: integer(),
    cpuspeed: integer(),
    displaytext: text(),
    memory: integer(),
    name: text({ required: true }),
    limitcpuuse: flag(),
    storagetype: text(),
    tags: text(),
    ...scopeParameters,
    hosttags: text(),
    networkrate: integer(),
    serviceofferingdetails: detailPairs(),
    rootdisksize: long({ since: '4.15' }),
    ...diskQualityParameters,
    customizediops: flag({ since: '4.4' }),
    miniops: long({ since: '4.4' }),
    maxiops: long({ since: '4.4' }),
    hypervisorsnapshotreserve: integer({ since: '4.4' }),
    customized: flag({ since: '4.13' }),
    maxcpunumber: integer({ since: '4.13' }),
    mincpunumber: integer({ since: '4.13' }),
    maxmemory: integer({ since: '4.13' }),
    minmemory: integer({ since: '4.13' }),
    dynamicscalingenabled: flag({ since: '4.16' }),
    diskofferingid: entity('diskoffering', { since: '4.17' }),
    diskofferingstrictness: flag({ since: '4.17' }),
    encryptroot: flag({ since: '4.18' }),
  },
  response: objectOf(serviceOfferingResponse),
  run: (context, args) => {
    const { world } = context;
    const { name, displaytext, domainid: domains, zoneid: zones, tags, hosttags } = args;
    const size = offeringSize(world, args);
    assertScopeExists(domains, zones);
    const cacheMode = cacheModeNamed(args.cachemode);
    const storageType = storageTypeNamed(args.storagetype);
    if (args.networkrate !== undefined && args.networkrate < 0) {
      throw invalidParameter(
        `Failed to create service offering ${name}: specify the network rate value more than 0`,
      );
    }
    const { diskofferingid: linked } = args;
    const domainIds = withoutSubdomains(world, domains?.map(({ id }) => id) ?? []);
    assertMayMakeOffering(context, 'service', { domainIds, tags: [tags, hosttags] });
    const provisioningType = provisioningTypeNamed(args.provisioningtype);
    const details = args.serviceofferingdetails ?? {};
    assertGraphicsCard(details);
    const iops = iopsOf(args);
    assertRootDiskSize(world, args.rootdisksize);
    return world.serviceOfferings.insert({
      name,
      displayText: displaytext === undefined || displaytext === '' ? name : displaytext,
      ...size,
      hostTags: tagsIn(hosttags),
      diskOfferingId: linked?.id ?? null,
      diskOfferingStrictness: args.diskofferingstrictness ?? false,
      networkRate: args.networkrate ?? null,
      limitsCpuUse: args.limitcpuuse ?? false,
      dynamicScaling: args.dynamicscalingenabled ?? true,
      details,
      ...(linked === undefined
        ? {
            storageType,
            rootDiskSizeGib: args.rootdisksize ?? null,
            storageTags: tagsIn(tags),
            encrypts: args.encryptroot ?? false,
            disk: {
              provisioningType,
              ...iops,
              rates: ratesOf(args),
              cacheMode,
              hypervisorSnapshotReserve: snapshotReserveOf(args),
            },
          }
        : rootDisksOf(linked)),
      domainIds,
      zoneIds: [...new Set(zones?.map(({ id }) => id))],
      sortKey: 0,
      active: true,
    });
  },
});

/** A disk offering says all of the root disks of the offerings that have it. */
function rootDisksOf({
  storageType,
  sizeGib,
  storageTags,
  encrypts,
  disk,
}: DiskOfferingRow): Pick<
  ServiceOfferingRow,
  'storageType' | 'rootDiskSizeGib' | 'storageTags' | 'encrypts' | 'disk'
> {
  const rootDiskSizeGib = sizeGib > 0 ? sizeGib : null;
  return { storageType, rootDiskSizeGib, storageTags, encrypts, disk };
}

/** Only both together say which card a VM gets. */
function assertGraphicsCard(details: Readonly<Record<string, string>>): void {
  if (Object.hasOwn(details, 'pciDevice') === Object.hasOwn(details, 'vgpuType')) return;
  throw invalidParameter('Please specify the pciDevice and vgpuType correctly.');
}

function assertRootDiskSize(world: World, sizeGib: number | undefined): void {
  if (sizeGib === undefined) return;
  if (sizeGib <= 0) {
    throw invalidParameter(`The Root disk size is of ${sizeGib} GB but it must be greater than 0.`);
  }
  const most = world.settings.get('storage.max.volume.size');
  if (sizeGib > most) throw invalidParameter(`The maximum size for a disk is ${most} GB.`);
}
