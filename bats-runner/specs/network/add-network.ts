import type { Cloud } from '../../cloud/cloud.js';
import { offered } from '../../contract/case-tools.js';
import { textOf } from '../../json.js';
import type { CloudOffers } from '../../target/target.js';
import { objectOf } from '../vm/agent-settings.js';

/** Makes an isolated network, past the CPI; answers its id. */
export async function addNetwork(cloud: Cloud, offers: CloudOffers, name: string): Promise<string> {
  const [zone] = await cloud.list('listZones', 'zone', { name: offers.zone });
  const offerings = await cloud.list('listNetworkOfferings', 'networkoffering');
  const offering = offerings.find((row) => row['name'] === offered(offers.networkOffering));
  const made = await cloud.call('createNetwork', {
    name,
    displaytext: name,
    zoneid: textOf(zone?.['id']),
    networkofferingid: textOf(offering?.['id']),
  });
  return textOf(objectOf(made['network'])['id']);
}

/** Deletes networks, past the CPI, with whatever VMs of a case that failed are still in them. */
export async function removeNetworks(operator: Cloud, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const filter = { networkid: id, listall: true };
    for (const vm of await operator.list('listVirtualMachines', 'virtualmachine', filter)) {
      const command =
        vm['state'] === 'Destroyed' ? 'expungeVirtualMachine' : 'destroyVirtualMachine';
      const expunge = command === 'destroyVirtualMachine' ? { expunge: true } : {};
      await operator.run(command, { id: textOf(vm['id']), ...expunge });
    }
    await operator.run('deleteNetwork', { id });
  }
}
