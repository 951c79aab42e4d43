// What tests of ISOs share: the bytes of one, its registration, and one that a world has already.
import { accountOf } from './identity-world.js';
import type { Reply, TestClient, TestWorld, Values } from './simulator-client.js';
import { idOf } from './simulator-vms.js';

/** The beginning of an ISO 9660 file system, as far as `file` looks. */
export function isoImage(label = 'installer'): Buffer {
  const image = Buffer.alloc(36 * 1_024);
  image.write('CD001', 0x8001, 'latin1');
  image.write(label.padEnd(32), 0x8028, 'latin1');
  return image;
}

export const URL_OF_ISO = 'http://images.example.org/installer.iso';

/** The parameters of an ISO that may be registered. */
export function isoValues({ simulator }: TestWorld, values: Values = {}): Values {
  const { zones, osTypes } = simulator.world;
  return {
    name: 'installer',
    url: URL_OF_ISO,
    zoneid: idOf(zones.all(), 'zone1'),
    ostypeid: osTypes.all()[0]!.id,
    ...values,
  };
}

/** Registers an ISO; answers it as the reply shows it. */
export function registeredIso(world: TestWorld, client: TestClient, values: Values = {}): Reply {
  return (client.call('registerIso', isoValues(world, values))['iso'] as Reply[])[0]!;
}

/** An ISO of an account that is ready, and its id. */
export function readyIso(world: TestWorld, client: TestClient, values: Values = {}): string {
  const id = registeredIso(world, client, values)['id'] as string;
  const { templateZones } = world.simulator.world;
  for (const inZone of templateZones.where('templateId', id)) {
    templateZones.move(inZone, 'OperationSuccessed', {
      downloadState: 'DOWNLOADED',
      percent: 100,
      sizeBytes: 36 * 1_024,
      physicalSizeBytes: 36 * 1_024,
      download: null,
    });
  }
  return id;
}

/** The ISOs of a list. */
export function listedIsos(client: TestClient, isofilter: string, values: Values = {}): Reply[] {
  const { iso = [] } = client.call('listIsos', { isofilter, ...values });
  return iso as Reply[];
}

/** How admins name the account of the ordinary user. */
export function ofBosh({ simulator }: TestWorld): Values {
  return { account: 'bosh', domainid: accountOf(simulator, 'bosh').domainId };
}
