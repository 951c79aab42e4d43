import { vmArguments } from '../../methods/vm-requests.js';
import { at, type CallOptions, type CpiZone } from '../../../support/cpi-zone.js';

/** By property, with its section: a test that shows what a value of it changes. */
export type Effects = Readonly<Record<string, () => Promise<void> | void>>;

/** Creates a VM; answers its id. */
export async function vmWith(
  zone: CpiZone,
  variation: Parameters<typeof vmArguments>[0],
  properties: object,
): Promise<string> {
  return String(at(await zone.result('create_vm', vmArguments(variation), { properties }), 0));
}

/** Creates a disk; answers its row in the zone. */
export async function diskWith(
  zone: CpiZone,
  options: CallOptions,
  cloudProperties: object = { disk_offering: 'shared.custom' },
): Promise<unknown> {
  const id = await zone.result('create_disk', [1024, cloudProperties, null], options);
  return zone.simulator.world.volumes.require(String(id));
}
