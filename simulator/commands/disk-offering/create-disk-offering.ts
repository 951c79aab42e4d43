import { everyAdmin, objectOf, syncCommand } from '../../declare/command.js';
import { flag, freeForm, long, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { World } from '../../world/world.js';
import {
  assertRatesFit,
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
import { diskOfferingResponse } from './disk-offering-response.js';

/** ConfigurationManagerImpl.createDiskOffering. */
export const createDiskOffering = syncCommand({
  name: 'createDiskOffering',
  summary: 'Creates a disk offering.',
  roles: everyAdmin,
  parameters: {
    disksize: long(),
    displaytext: text({ maxLength: 4096 }),
    name: text({ required: true }),
    tags: text({ maxLength: 4096 }),
    customized: flag(),
    ...scopeParameters,
    storagetype: text(),
    displayoffering: flag(),
    ...diskQualityParameters,
    disksizestrictness: flag({ since: '4.17' }),
    details: freeForm({ since: '4.16' }),
    encrypt: flag({ since: '4.18' }),
  },
  response: objectOf(diskOfferingResponse),
  run: (context, args) => {
    const { world } = context;
    const { name, displaytext, domainid: domains, zoneid: zones, tags, disksize } = args;
    assertScopeExists(domains, zones);
    assertSizeFits(args.customized ?? false, disksize);
    const cacheMode = cacheModeNamed(args.cachemode);
    const storageType = storageTypeNamed(args.storagetype);
    assertRatesFit(args);
    assertSize(world, disksize);
    const provisioningType = provisioningTypeNamed(args.provisioningtype);
    const iops = iopsOf(args);
    const domainIds = withoutSubdomains(world, domains?.map(({ id }) => id) ?? []);
    assertMayMakeOffering(context, 'disk', { domainIds, tags: [tags] });
    return world.diskOfferings.insert({
      name,
      displayText: displaytext === undefined || displaytext === '' ? name : displaytext,
      sizeGib: disksize ?? 0,
      sizeStrictness: args.disksizestrictness ?? false,
      storageType,
      storageTags: tagsIn(tags),
      encrypts: args.encrypt ?? false,
      display: args.displayoffering ?? true,
      details: args.details ?? {},
      disk: {
        provisioningType,
        ...iops,
        rates: ratesOf(args),
        cacheMode,
        hypervisorSnapshotReserve: snapshotReserveOf(args),
      },
      domainIds,
      zoneIds: [...new Set(zones?.map(({ id }) => id))],
      sortKey: 0,
      active: true,
    });
  },
});

function assertSizeFits(isCustomized: boolean, sizeGib: number | undefined): void {
  if (!isCustomized && sizeGib === undefined) {
    throw invalidParameter('Disksize is required for a non-customized disk offering');
  }
  if (isCustomized && sizeGib !== undefined) {
    throw invalidParameter('Disksize is not allowed for a customized disk offering');
  }
}

function assertSize({ settings }: World, sizeGib: number | undefined): void {
  if (sizeGib === undefined) return;
  if (sizeGib <= 0) throw invalidParameter('Please specify a disk size of at least 1 GB.');
  const most = settings.get('storage.max.volume.size');
  if (sizeGib > most) throw invalidParameter(`The maximum size for a disk is ${most} GB.`);
}
