import type { RegistryClient } from '../../agent/registry-client.js';
import type { CloudStackClient } from '../../cloudstack/client.js';
import type { Transport } from '../../cloudstack/transport.js';
import type { Configuration } from '../../config/properties.js';
import type { Clock } from '../../flow/clock.js';
import type { RequestContext } from '../../protocol/request.js';
import type { OpenImageServer } from '../../stemcells/publish-from-here.js';

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
  /** A way to the stemcell server, which is near: past the proxy. Made on first use. */
  stemcellServerTransport: () => Transport;
  openImageServer: OpenImageServer;
  clock: Clock;
  newId: NewId;
  networkInterfaces: () => readonly NetworkInterface[];
  /** One line about what was noticed, done or left alone; it reaches the operator's CPI log. */
  log: (line: string) => void;
  /** Aborted when the caller wants the call to end (SIGTERM). */
  signal: AbortSignal;
}

type Configured = Pick<Call, 'configuration'>;

/** How long a job on a VM or template may take, in ms. */
export function vmDeadlineMs({ configuration }: Configured): number {
  return configuration.cloudstack.state_timeout * 1000;
}

/**
 * Jobs on the VM for which a create_vm has time, one after the other: deployment, tags of the VM
 * and of its disk, three starts, public address, static NAT, all load balancers together, undo.
 */
export const vmJobsOfCreateVm = 10;

/**
 * The longest that a create_vm is at work on a VM, in ms: those jobs, and an attachment. One that
 * has more to do, such as many disks and ports, mostly does it in that time, too; if not, it gives
 * up soon enough to undo everything by then (`buildMs`): what is older, nobody is at work on.
 */
export function longestCreateVmMs(call: Configured): number {
  const { attach_volume: attachment = 0 } = call.configuration.cloudstack.timeout;
  const attachMs = Math.max(volumeDeadlineMs(call), 1000 * attachment);
  return vmJobsOfCreateVm * longestVmJobMs(call) + attachMs;
}

/** Tags and the choice of a template, or tags of a snapshot, and undo; what a work VM needs. */
const jobsBesideTheLongest = 5;

/**
 * The longest that any call is at work on what it has made, in ms: a create_vm, or one that waits
 * for a snapshot or a template, for which there are limits of their own.
 */
export function longestCallMs(call: Configured): number {
  const { snapshot_volume: snapshot = 0 } = call.configuration.cloudstack.timeout;
  const snapshotMs = Math.max(snapshotDeadlineMs(call), 1000 * snapshot);
  const longestMs = Math.max(snapshotMs, templateDeadlineMs(call));
  return Math.max(longestCreateVmMs(call), longestMs + jobsBesideTheLongest * longestVmJobMs(call));
}

function longestVmJobMs(call: Configured): number {
  const {
    create_vm: creation = 0,
    delete_vm: deletion = 0,
    stop_vm: stop = 0,
  } = call.configuration.cloudstack.timeout;
  return Math.max(vmDeadlineMs(call), 1000 * Math.max(creation, deletion, stop));
}

/** How long a create_vm may work on a VM before it gives up, in ms: what is left is for undoing. */
export function buildMs(call: Call): number {
  return longestCreateVmMs(call) - vmDeadlineMs(call);
}

/** How long the template of a stemcell may take to become ready, in ms. */
export function templateDeadlineMs(call: Configured): number {
  const { poll_template: limit } = call.configuration.cloudstack.timeout;
  return limit === undefined ? vmDeadlineMs(call) : limit * 1000;
}

/** How long a job on a volume may take, in ms. */
export function volumeDeadlineMs({ configuration }: Configured): number {
  return configuration.cloudstack.state_timeout_volume * 1000;
}

/** How long a snapshot may take, in ms. */
export function snapshotDeadlineMs({ configuration }: Configured): number {
  return configuration.cloudstack.state_timeout_snapshot * 1000;
}
