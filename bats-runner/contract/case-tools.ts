import type { Cloud } from '../cloud/cloud.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { SimulatorControl } from '../target/simulator-control.js';
import type { CloudOffers, GuestNetwork } from '../target/target.js';
import type { ApiDoor, ApiDoorOptions } from './api-door.js';
import type { ApiVersion } from './api-version.js';
import type { CpiUnderTest } from './cpi-under-test.js';
import type { OpenRegistry } from './open-registry.js';
import type { Ownership } from './ownership.js';

/** What a case works with. */
export interface CaseTools {
  /** The version that its calls are in unless they say otherwise. */
  readonly apiVersion: ApiVersion;
  readonly cpi: CpiUnderTest;
  /** The cloud as the account of the CPI sees it. */
  readonly cloud: Cloud;
  /** The cloud as its operator sees it; only for cases that need one. */
  readonly operator: Cloud;
  /** Only for cases that need one. */
  readonly simulator: SimulatorControl;
  /** Who can look into VMs; undefined where nobody can. */
  readonly inside: SimulatorControl | undefined;
  /** What the cloud has for VMs and disks. */
  readonly offers: CloudOffers;
  /** Between the CPI and the cloud: what was asked, and how it can be answered otherwise. */
  readonly door: ApiDoor;
  /** Opens another door to the same cloud, closed after the case. */
  readonly openDoor: (options: Omit<ApiDoorOptions, 'endpoint'>) => Promise<ApiDoor>;
  /** Opens a registry of agents' settings, closed after the case. */
  readonly openRegistry: () => Promise<OpenRegistry>;
  /** Where the cloud can download the disk of a stemcell; only for cases that need one. */
  readonly imageUrl: () => Promise<string>;
  readonly ownership: Pick<Ownership, 'changes'>;
  /** An existing empty folder of the case's own. */
  readonly folder: string;
  /** A new UUID. */
  readonly newId: () => string;
  /** The CID of a light stemcell of the template that the target has. */
  readonly stemcell: () => Promise<string>;
  /** An address that no other VM of this run has had. */
  readonly address: (network: GuestNetwork) => string;
  /** The arguments of create_vm, in their order. */
  readonly vmArguments: (wishes?: VmWishes) => Promise<JsonValue[]>;
  /** Creates a VM; answers its CID. */
  readonly createVm: (wishes?: VmWishes) => Promise<string>;
  /** Creates a disk of so many MiB, for a VM; answers its CID. */
  readonly createDisk: (
    sizeMib: number,
    vmCid?: string,
    properties?: JsonObject,
  ) => Promise<string>;
}

/** What is to be special about a VM; all else is as usual: small, one NIC, no ephemeral disk. */
export interface VmWishes {
  readonly agentId?: string;
  readonly stemcell?: string;
  /** Laid over cloud_properties with the usual offering. */
  readonly properties?: JsonObject;
  /** Instead of the one manual network. */
  readonly networks?: JsonObject;
  readonly disks?: readonly string[];
  readonly env?: JsonObject;
}

/** A manual network as the Director sends it. */
export function manualNetwork(
  network: GuestNetwork,
  ip: string,
  more: JsonObject = {},
): JsonObject {
  const { name, gateway, netmask } = network;
  return {
    type: 'manual',
    ip,
    prefix: '32',
    netmask,
    gateway,
    dns: ['8.8.8.8'],
    default: ['dns', 'gateway'],
    cloud_properties: { name },
    ...more,
  };
}

/** A part of the target's offers that the case has said to need. */
export function offered<T>(offer: T | undefined): T {
  if (offer !== undefined) return offer;
  throw new Error('the case uses what it has not said to need');
}
