import {
  responseObject,
  stringField,
  type Field,
  type ResponseObject,
} from '../../declare/response.js';
import type { VmRow } from '../../world/entities.js';
import {
  diskOffering,
  group,
  iso,
  rootVolume,
  serviceOffering,
  size,
  template,
  virtualMachineResponse,
  type Fields,
} from './virtual-machine-response.js';

/** What the parameter `details` of listVirtualMachines can ask for (ApiConstants.VMDetails). */
export const detailLevels = [
  'all',
  'group',
  'nics',
  'stats',
  'secgrp',
  'tmpl',
  'servoff',
  'diskoff',
  'backoff',
  'iso',
  'volume',
  'min',
  'affgrp',
] as const;

export type DetailLevel = (typeof detailLevels)[number];

/** A VM as a list shows it: with the groups of fields that were asked for. */
export interface ListedVm {
  readonly vm: VmRow;
  readonly details: ReadonlySet<DetailLevel>;
  readonly withUserData: boolean;
}

/** With which of the levels a field comes; those that are not named here always do. */
const levelsOfField: Readonly<Record<string, readonly DetailLevel[]>> = {
  ...eachWith(['group'], group),
  nic: ['nics'],
  affinitygroup: ['affgrp'],
  ipaddress: ['nics'],
  ...eachWith(['tmpl'], template),
  ...eachWith(['iso'], iso),
  ...eachWith(['servoff'], serviceOffering),
  ...eachWith(['diskoff'], diskOffering),
  ...eachWith(['servoff', 'stats'], size),
  ...eachWith(['volume'], rootVolume),
};

/** UserVmResponse in a list; lists without their group of fields are empty rather than absent. */
export const listedVmResponse: ResponseObject<ListedVm> = responseObject<ListedVm>(
  virtualMachineResponse.name,
  {
    ...Object.fromEntries(
      Object.entries(virtualMachineResponse.fields).map(([name, field]) => [
        name,
        listedField(field, levelsOfField[name]),
      ]),
    ),
    userdata: stringField(({ vm, withUserData }) => (withUserData ? vm.userData : null)),
  },
);

function eachWith(
  levels: readonly DetailLevel[],
  fields: Fields,
): Record<string, readonly DetailLevel[]> {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, levels]));
}

function listedField(
  field: Field<VmRow>,
  levels: readonly DetailLevel[] | undefined,
): Field<ListedVm> {
  return {
    ...field,
    value: ({ vm, details }, view) => {
      if (
        levels === undefined ||
        details.has('all') ||
        levels.some((level) => details.has(level))
      ) {
        return field.value(vm, view);
      }
      return field.type === 'list' ? [] : undefined;
    },
  };
}
