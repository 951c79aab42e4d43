import { assertMayOperate } from '../../declare/access.js';
import { everyRole, listOf, syncCommand } from '../../declare/command.js';
import { displayParameters } from '../../declare/display.js';
import { contains, pagingParameters } from '../../declare/list-parameters.js';
import { entity } from '../../declare/parameter.js';
import { CloudException, serverApiError } from '../../world/cloud-exception.js';
import { nicsOf } from '../../world/network/nics.js';
import { listedNicResponse } from './nic-response.js';

/** The command catches every refusal and makes it a 530 of its own (ListNicsCmd.execute). */
export const listNics = syncCommand({
  name: 'listNics',
  summary: 'Lists the NICs of a virtual machine.',
  roles: everyRole,
  parameters: {
    nicid: entity('nic'),
    virtualmachineid: entity('virtualmachine', { required: true }),
    networkid: entity('network'),
    ...displayParameters,
    ...pagingParameters,
  },
  response: listOf(listedNicResponse),
  run: (context, { nicid, virtualmachineid: vm, networkid, keyword, fordisplay }) => {
    if (vm.removedMs !== null) throw serverApiError(530, 'Virtual machine id does not exist');
    try {
      assertMayOperate(context, 'virtualmachine', vm);
    } catch (error) {
      throw error instanceof CloudException ? serverApiError(530, error.message) : error;
    }
    // Nothing hides a NIC.
    return nicsOf(context.world, vm.id)
      .filter(() => fordisplay !== false)
      .filter((nic) => nicid === undefined || nic.id === nicid.id)
      .filter((nic) => networkid === undefined || nic.networkId === networkid.id)
      .filter((nic) => keyword === undefined || contains(nic.ipAddress ?? '', keyword));
  },
});
