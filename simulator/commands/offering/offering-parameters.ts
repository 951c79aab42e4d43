import { ownershipParameters, pagingParameters } from '../../declare/list-parameters.js';
import { entityList, flag, integer, long, text } from '../../declare/parameter.js';
import {
  booleanField,
  integerField,
  longField,
  stringField,
  type Field,
} from '../../declare/response.js';
import type { DiskQuality, OfferingScope } from '../../world/entities.js';

/** Rates by parameter, with the names under which responses show them. */
export const rateFields = {
  bytesreadrate: 'diskBytesReadRate',
  bytesreadratemax: 'diskBytesReadRateMax',
  bytesreadratemaxlength: 'diskBytesReadRateMaxLength',
  byteswriterate: 'diskBytesWriteRate',
  byteswriteratemax: 'diskBytesWriteRateMax',
  byteswriteratemaxlength: 'diskBytesWriteRateMaxLength',
  iopsreadrate: 'diskIopsReadRate',
  iopsreadratemax: 'diskIopsReadRateMax',
  iopsreadratemaxlength: 'diskIopsReadRateMaxLength',
  iopswriterate: 'diskIopsWriteRate',
  iopswriteratemax: 'diskIopsWriteRateMax',
  iopswriteratemaxlength: 'diskIopsWriteRateMaxLength',
} as const;

export type RateParameter = keyof typeof rateFields;

export const rateParameters = {
  bytesreadrate: long(),
  bytesreadratemax: long(),
  bytesreadratemaxlength: long(),
  byteswriterate: long(),
  byteswriteratemax: long(),
  byteswriteratemaxlength: long(),
  iopsreadrate: long(),
  iopsreadratemax: long(),
  iopsreadratemaxlength: long(),
  iopswriterate: long(),
  iopswriteratemax: long(),
  iopswriteratemaxlength: long(),
} as const;

/** How fast the disks of an offering are to be, and how they are kept. */
export const diskQualityParameters = {
  provisioningtype: text(),
  ...rateParameters,
  customizediops: flag(),
  miniops: long(),
  maxiops: long(),
  hypervisorsnapshotreserve: integer(),
  cachemode: text({ since: '4.14' }),
} as const;

/** Whose an offering is to be, and where. */
export const scopeParameters = {
  domainid: entityList('domain'),
  zoneid: entityList('zone', { since: '4.13' }),
} as const;

/** The same when it is changed: ids with commas between, `public`, or `all`. */
export const changedScopeParameters = {
  domainid: text({ maxLength: 4096 }),
  zoneid: text({ since: '4.13' }),
} as const;

/** What an offering shows of its disks. */
export function diskQualityFields<Row extends { readonly disk: DiskQuality }>(): Readonly<
  Record<string, Field<Row>>
> {
  return {
    provisioningtype: stringField(({ disk }) => disk.provisioningType),
    iscustomizediops: booleanField(({ disk }) => disk.customizedIops),
    miniops: longField(({ disk }) => disk.minIops),
    maxiops: longField(({ disk }) => disk.maxIops),
    hypervisorsnapshotreserve: integerField(({ disk }) => disk.hypervisorSnapshotReserve),
    ...Object.fromEntries(
      Object.values(rateFields).map((name) => [
        name,
        longField<Row>(({ disk }) => disk.rates[name]),
      ]),
    ),
    cacheMode: stringField(({ disk }) => disk.cacheMode),
  };
}

/** What an offering shows of who finds it, and where; several are joined by commas. */
export function scopeFields<Row extends Pick<OfferingScope, 'domainIds' | 'zoneIds'>>(
  domainText: (path: string, name: string) => string,
): Readonly<Record<'domainid' | 'domain' | 'zoneid' | 'zone', Field<Row>>> {
  const joined = (texts: readonly string[]): string | null =>
    texts.length === 0 ? null : texts.join(',');
  return {
    domainid: stringField(({ domainIds }) => joined(domainIds)),
    domain: stringField(({ domainIds }, { world }) =>
      joined(
        domainIds.map((id) => {
          const { path, name } = world.domains.require(id);
          return domainText(path, name);
        }),
      ),
    ),
    zoneid: stringField(({ zoneIds }) => joined(zoneIds)),
    zone: stringField(({ zoneIds }, { world }) =>
      joined(zoneIds.map((id) => world.zones.require(id).name)),
    ),
  };
}

/** What lists of offerings take; who may see an offering sees it without asking for all. */
export const offeringListParameters = {
  ...pagingParameters,
  isrecursive: ownershipParameters.isrecursive,
  account: ownershipParameters.account,
  domainid: ownershipParameters.domainid,
  projectid: ownershipParameters.projectid,
} as const;
