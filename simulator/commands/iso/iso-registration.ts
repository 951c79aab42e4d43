import type { CommandContext } from '../../declare/context.js';
import { ownerParameters } from '../../declare/ownership.js';
import { entity, flag, text } from '../../declare/parameter.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { AccountRow, OsTypeRow, ZoneRow } from '../../world/entities.js';
import {
  prepareRegistration,
  type RegisteredColumns,
  type Registration,
} from '../template/template-registration.js';

// What ISOs have in common that are registered by a URL or uploaded (TemplateAdapterBase.prepare).

/** The parameters of both. */
export const isoParameters = {
  name: text({ required: true }),
  displaytext: text({ maxLength: 4_096 }),
  bootable: flag(),
  ostypeid: entity('ostype'),
  ispublic: flag(),
  isfeatured: flag(),
  isextractable: flag(),
  ...ownerParameters,
} as const;

/**
 * The columns of an ISO that is to be. One that VMs boot from needs an operating system, any other
 * has none.
 *
 * @throws 431, 531 or 535 as for a template
 */
export function prepareIso(
  context: CommandContext,
  asked: Omit<Registration, 'format'>,
  frame: {
    readonly owner: AccountRow;
    readonly zones: readonly ZoneRow[] | 'every';
    readonly osType: OsTypeRow | undefined;
    readonly isBootable: boolean;
  },
): RegisteredColumns {
  const { owner, zones, osType, isBootable } = frame;
  const none = noOsType(context);
  if (isBootable && (osType === undefined || osType.id === none.id)) {
    throw invalidParameter('Please pass a valid GuestOS Id');
  }
  return prepareRegistration(
    context,
    { ...asked, format: 'ISO' },
    {
      owner,
      zones,
      hypervisor: 'None',
      osTypeId: (isBootable ? osType : none)?.id ?? none.id,
      type: 'USER',
      isBootable,
    },
  );
}

/** What CloudStack says of the system on an ISO that is not to be booted from. */
function noOsType({ world }: CommandContext): OsTypeRow {
  const none = world.osTypes.all().find(({ description }) => description === 'None');
  if (none === undefined) throw new Error('the world has no OS type None');
  return none;
}
