import { findVm } from '../cloudstack/find-resources.js';
import { marks, tagsByKey } from '../cloudstack/tags.js';
import { timeMs } from '../cloudstack/time.js';
import { isLiveVm } from '../methods/shared/live-resources.js';
import { giveBackAddress } from '../methods/vm/release-public-address.js';
import { directorOf, type Finder, type Forgotten } from './forgotten.js';
import { lateAddresses } from './late-addresses.js';
import { assertAddressUnchanged } from './unchanged.js';

/** Public addresses that were allocated for VMs that are gone, or that failed before. */
export const forgottenAddresses: Finder = async (call) => [
  ...(await addressesOfGoneVms(call)),
  ...(await lateAddresses(call)),
];

const addressesOfGoneVms: Finder = async ({ client }) => {
  const ours = await client.list('listPublicIpAddresses', {
    tags: [{ key: marks.purpose, value: 'public-address' }],
  });
  const forgotten: Forgotten[] = [];
  for (const address of ours) {
    const { [marks.vm]: vmId, [marks.purpose]: purpose } = tagsByKey(address.tags);
    if (purpose !== 'public-address' || vmId === undefined) continue;
    const users = [vmId, address.virtualmachineid].filter((id) => id !== undefined);
    const found = await Promise.all(users.map((id) => findVm(client, id)));
    if (found.some(isLiveVm)) continue;
    forgotten.push({
      kind: 'public address',
      id: address.id,
      name: address.ipaddress,
      directorUuid: directorOf(address.tags),
      createdMs: timeMs(address.allocated),
      why: `it was allocated for VM ${vmId}, which is gone`,
      remove: async () => {
        await assertAddressUnchanged(client, address);
        await giveBackAddress(client, address);
      },
    });
  }
  return forgotten;
};
