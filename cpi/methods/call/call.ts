import type { RegistryClient } from '../../agent/registry-client.js';
import type { CloudStackClient } from '../../cloudstack/client.js';
import type { Transport } from '../../cloudstack/transport.js';
import type { Configuration } from '../../config/properties.js';
import type { Clock } from '../../flow/clock.js';
import type { RequestContext } from '../../protocol/request.js';

/** Gives new unique ids: UUIDs, in lower case. */
export type NewId = () => string;

/** An IPv4 address of the machine that the CPI runs on, and the MAC address of its interface. */
export interface NetworkInterface {
  ip: string;
  /** In lower case. */
  mac: string;
}

/** Everything a method works with: who asks, how the cloud is reached, what is configured. */
export interface Call {
  apiVersion: number;
  context: RequestContext;
  configuration: Configuration;
  client: CloudStackClient;
  /** Where agents of stemcells below version 2 find their settings, if the CPI is told of it. */
  registry: RegistryClient | undefined;
  /** A way to the secondary storage VM, which has a certificate of its own; made on first use. */
  uploadTransport: () => Transport;
  clock: Clock;
  newId: NewId;
  networkInterfaces: () => readonly NetworkInterface[];
  /** One line about what was noticed, done or left alone; it reaches the operator's CPI log. */
  log: (line: string) => void;
  /** Aborted when the caller wants the call to end (SIGTERM). */
  signal: AbortSignal;
}

/** How long a job on a VM or template may take, in ms. */
export function vmDeadlineMs({ configuration }: Call): number {
  return configuration.cloudstack.state_timeout * 1000;
}

/**
 * Jobs on the VM that one create_vm may wait for, one after the other: deployment, tags of the VM
 * and of its disk, three starts, public address, static NAT, all load balancers together, undo.
 */
export const vmJobsOfCreateVm = 10;

/** The longest that a create_vm may be at work, in ms: those jobs, and an attachment. */
export function longestCreateVmMs(call: Call): number {
  return vmJobsOfCreateVm * vmDeadlineMs(call) + volumeDeadlineMs(call);
}

/** How long a job on a volume may take, in ms. */
export function volumeDeadlineMs({ configuration }: Call): number {
  return configuration.cloudstack.state_timeout_volume * 1000;
}

/** How long a snapshot may take, in ms. */
export function snapshotDeadlineMs({ configuration }: Call): number {
  return configuration.cloudstack.state_timeout_snapshot * 1000;
}
