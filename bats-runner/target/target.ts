import type { CloudAccount } from '../cloud/client.js';
import type { JsonObject } from '../json.js';
import type { SimulatorControl } from './simulator-control.js';

/**
 * A cloud that the CPI is tried on: everything in which one target differs from another stands in
 * this value.
 */
export interface Target {
  readonly name: 'simulator' | 'cloud';
  /** The account that the CPI works with: an ordinary user's. */
  readonly account: CloudAccount;
  /** An account that may do everything; not every cloud lends one. */
  readonly operator: CloudAccount | undefined;
  readonly offers: CloudOffers;
  /** A command line for `sh` that runs the CPI; `{config}` becomes the path of its cpi.json. */
  readonly cpiCommand: string;
  /** Laid over the `cloudstack` section of cpi.json: how often to look, how long to wait. */
  readonly cpiSettings: JsonObject;
  /** The cpi.json of a CPI that has one of its own form, made for an account; ours without it. */
  readonly cpiConfiguration?: ((account: CloudAccount) => CpiSections) | undefined;
  /** What only a simulator can do; undefined for a real cloud. */
  readonly simulator: SimulatorControl | undefined;
}

/** The sections of cpi.json. */
export type CpiSections = Readonly<Record<string, JsonObject>>;

/** What a cloud has for the VMs and disks of the cases, by CloudStack's names. */
export interface CloudOffers {
  readonly zone: string;
  /** The name of a ready template that every account may use, for light stemcells. */
  readonly template: string;
  readonly computeOffering: string;
  /** One of another size. */
  readonly otherComputeOffering: string;
  /** One for which CPUs and memory are chosen. */
  readonly customComputeOffering?: string;
  /** Of disks of any size, on storage that all hosts reach. */
  readonly diskOffering: string;
  /** Another of the same kind. */
  readonly otherDiskOffering?: string;
  /** Of disks of one size. */
  readonly fixedDiskOffering?: { readonly name: string; readonly sizeMib: number };
  readonly localDiskOffering?: string;
  readonly network: GuestNetwork;
  readonly secondNetwork?: GuestNetwork;
  readonly sharedNetwork?: GuestNetwork;
  /** Of networks that an ordinary user may create. */
  readonly networkOffering?: string;
  /** Public addresses that nobody holds. */
  readonly vips?: readonly string[];
  /** Another zone, with a network in it. */
  readonly secondZone?: { readonly zone: string; readonly network: GuestNetwork };
  /** Whether volumes of running VMs can have snapshots. */
  readonly snapshots: boolean;
  /** Whether images can be uploaded to the secondary storage VM. */
  readonly uploads: boolean;
  /**
   * Where the cloud can download the disk of a stemcell; for a simulator the cases serve one
   * themselves.
   */
  readonly imageUrl?: string;
  readonly hypervisor: 'KVM' | 'XenServer' | 'VMware';
}

/** A guest network of the account, and addresses in it that nobody else takes. */
export interface GuestNetwork {
  readonly name: string;
  readonly range: string;
  readonly gateway: string;
  readonly netmask: string;
  readonly addresses: readonly string[];
}
