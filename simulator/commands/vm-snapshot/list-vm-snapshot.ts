import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import {
  contains,
  hasAnyTag,
  ownershipParameters,
  sameName,
  tagFilterParameters,
} from '../../declare/list-parameters.js';
import { entity, entityList, text } from '../../declare/parameter.js';
import { ownerFilter } from '../../declare/visibility.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { VmSnapshotRow } from '../../world/entities.js';
import { pollJobsAbout } from '../../world/jobs.js';
import { rowsAskedFor } from '../../world/rows-asked-for.js';
import { listedVmSnapshotResponse } from './vm-snapshot-response.js';

/** Lists snapshots of VMs, the newest first (VMSnapshotManagerImpl.listVMSnapshots). */
export const listVmSnapshot = syncCommand({
  name: 'listVMSnapshot',
  summary: 'Lists snapshots of VMs.',
  since: '4.2.0',
  roles: everyRole,
  parameters: {
    vmsnapshotid: entity('vmsnapshot'),
    vmsnapshotids: entityList('vmsnapshot', { since: '4.9' }),
    virtualmachineid: entity('virtualmachine'),
    name: text(),
    state: text(),
    ...ownershipParameters,
    ...tagFilterParameters,
  },
  response: listOf(listedVmSnapshotResponse),
  run: (context, args) => {
    const { world } = context;
    const { vmsnapshotid: id, vmsnapshotids: ids = [], virtualmachineid: vm } = args;
    const { name, state, keyword, tags } = args;
    if (id !== undefined && ids.length > 0) {
      throw invalidParameter('Specify either id or ids but not both parameters');
    }
    if (id !== undefined) pollJobsAbout(world, [id.id]);
    const isOwned = ownerFilter(context, args, id !== undefined);
    return rowsAskedFor(world.vmSnapshots, { id, ids }, { having: { vmId: vm?.id }, isOwned })
      .filter((row) => isOwned(row.accountId))
      .filter((row) => vm === undefined || row.vmId === vm.id)
      .filter((row) => state === undefined || sameName(row.state, state))
      .filter((row) => name === undefined || sameName(row.displayName, name))
      .filter((row) => keyword === undefined || mentions(row, keyword))
      .filter((row) => hasAnyTag(world, row.id, tags))
      .sort((a, b) => b.createdMs - a.createdMs);
  },
});

function mentions({ name, displayName, description }: VmSnapshotRow, keyword: string): boolean {
  return [name, displayName, description ?? ''].some((text) => contains(text, keyword));
}
