import type { Difference } from '../kernel/difference.js';

/** How VMs are otherwise from within. */
export const guestDifferences: readonly Difference[] = [
  {
    about: 'Guests',
    cloudStack: 'Runs operating systems.',
    here:
      'Runs none. What one would see (disks, metadata service, config drive) can be read through ' +
      '`/_sim/guest` and `simulator.guest(id)`.',
  },
];
