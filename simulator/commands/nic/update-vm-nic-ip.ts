import { assertMayOperate } from '../../declare/access.js';
import { asyncCommand, done, everyRole, objectOf } from '../../declare/command.js';
import { entity, text } from '../../declare/parameter.js';
import { invalidParameter, serverApiError } from '../../world/cloud-exception.js';
import type { NetworkRow, NicRow, VmRow } from '../../world/entities.js';
import { parseIpv4 } from '../../world/network/ipv4.js';
import { servicesOf } from '../../world/network/networks.js';
import { changeNicAddress } from '../../world/network/nics.js';
import type { World } from '../../world/world.js';
import { listedVmResponse } from '../virtual-machine/listed-vm-response.js';

/** Everything is checked in the job, even whose NIC it is (UpdateVmNicIpCmd.execute). */
export const updateVmNicIp = asyncCommand({
  name: 'updateVmNicIp',
  summary: 'Gives a NIC of a stopped virtual machine another address.',
  roles: everyRole,
  javaClass: { user: 'user.vm.UpdateVmNicIpCmd' },
  parameters: {
    nicid: entity('nic', { required: true }),
    ipaddress: text(),
  },
  // Of the VM's groups of fields the answer has that of the NICs only.
  response: objectOf(listedVmResponse),
  steps: [
    (context, { nicid: nic, ipaddress }) => {
      if (ipaddress !== undefined && parseIpv4(ipaddress) === undefined) {
        throw serverApiError(530, `Invalid ip address ${ipaddress}`);
      }
      const { world } = context;
      const vm = vmOf(world, nic);
      assertChangeable(world, world.networks.require(nic.networkId), vm);
      assertMayOperate(context, 'virtualmachine', vm);
      changeNicAddress(world, nic, ipaddress);
      return done({ vm, details: new Set(['nics'] as const), withUserData: false });
    },
  ],
});

function vmOf(world: World, nic: NicRow): VmRow {
  if (nic.removedMs !== null) throw invalidParameter(`There is no nic for the ${nic.internalId}`);
  return world.vms.require(nic.vmId);
}

function assertChangeable(world: World, network: NetworkRow, vm: VmRow): void {
  if (!['Allocated', 'Implemented', 'Setup'].includes(network.state)) {
    throw invalidParameter(
      'Network is not in the right state to update vm nic ip. Correct states are: ' +
        'Allocated, Implemented, Setup',
    );
  }
  if (servicesOf(world, network).length > 0 && vm.state !== 'Stopped') {
    throw invalidParameter(
      'VM is not Stopped, unable to update the vm nic having the specified id',
      [{ uuid: vm.id, description: 'vmId' }],
    );
  }
}
