// Bugs in the simulator: something happens that does not happen in CloudStack.
import type { Event } from '../../../simulator/kernel/event-log.js';
import type { CpiZone } from '../../support/cpi-zone.js';
import type { Plant } from './plant.js';

export const plantsInCloud: readonly Plant[] = [
  {
    about: 'a VM that stops loses its addresses too early',
    world: (zone: CpiZone): void => {
      onEvent(zone, 'virtualmachine', ({ to, id }) => {
        if (to !== 'Stopping') return;
        const { nics } = zone.simulator.world;
        for (const nic of nics.where('vmId', id)) nics.change(nic, { ipAddress: null });
      });
    },
  },
  {
    about: 'a disk loses its files when it is detached',
    world: (zone: CpiZone): void => {
      const { volumes } = zone.simulator.world;
      onEvent(zone, 'volume', ({ data, id }) => {
        if (data['vmId'] === null) volumes.change(volumes.require(id), { files: {} });
      });
    },
  },
  {
    about: 'a volume that was to grow has its old size',
    world: (zone: CpiZone): void => {
      const { volumes } = zone.simulator.world;
      const sizes = new Map<string, number>();
      onEvent(zone, 'volume', ({ id, to }) => {
        const volume = volumes.require(id);
        const known = sizes.get(id);
        if (known === undefined || to === 'removed') sizes.set(id, volume.sizeBytes);
        else if (known < volume.sizeBytes) volumes.change(volume, { sizeBytes: known });
      });
    },
  },
  {
    about: 'a VM loses its tags when it starts again',
    world: (zone: CpiZone): void => {
      const { tags } = zone.simulator.world;
      onEvent(zone, 'virtualmachine', ({ from, to, id }) => {
        if (from !== 'Stopping' || to !== 'Stopped') return;
        for (const tag of tags.where('resourceId', id)) tags.remove(tag);
      });
    },
  },
];

/** Calls back after each event of rows of a kind, but for those that the callback makes itself. */
function onEvent(
  { simulator: { kernel } }: CpiZone,
  entity: string,
  then: (event: Event) => void,
): void {
  kernel.log.subscribe((event) => {
    if (event.entity !== entity || event.cause === cause) return;
    kernel.because(cause, () => {
      then(event);
    });
  });
}

const cause = 'plant';
