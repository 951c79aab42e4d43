// A bug that is planted on purpose, to see that the cases find it: it stands between the callers, the CPI
// and the cloud, and changes what passes. No code of the CPI or the simulator knows of plants.
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import type { CpiZone } from '../../support/cpi-zone.js';

export interface Plant {
  /** What goes wrong, in words. */
  readonly about: string;
  /** In the CPI, as its callers see it. */
  readonly call?: (call: CpiZone['call'], zone: CpiZone) => CpiZone['call'];
  /** In the CPI, as the cloud sees it. */
  readonly through?: (transport: Transport, zone: CpiZone) => Transport;
  /** In `gc`, as the cloud sees it. */
  readonly gcThrough?: (transport: Transport, zone: CpiZone) => Transport;
  /** In the cloud. */
  readonly world?: (zone: CpiZone) => void;
}
