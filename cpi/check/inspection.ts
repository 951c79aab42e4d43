import type { Capabilities, Zone } from '../cloudstack/types.js';
import type { Call } from '../methods/call/call.js';

/** What the checks know of the cloud so far. */
export interface Inspection {
  readonly call: Call;
  readonly capabilities: Capabilities;
  /** The commands that the account may call; undefined if that cannot be told. */
  readonly allowed: ReadonlySet<string> | undefined;
}

/** An inspection that has found the zone. */
export interface ZoneInspection extends Inspection {
  readonly zone: Zone;
}
