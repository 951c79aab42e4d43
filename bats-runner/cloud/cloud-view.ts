import { textOf, type JsonObject, type JsonValue } from '../json.js';
import type { CloudClient } from './client.js';

/** What an account has in its cloud, as far as a CPI makes it. */
export interface CloudView {
  readonly vms: readonly CloudVm[];
  readonly volumes: readonly CloudVolume[];
  readonly templates: readonly CloudTemplate[];
  readonly publicAddresses: readonly CloudPublicAddress[];
}

export interface CloudVm {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly addresses: readonly string[];
}

export interface CloudVolume {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly vmId: string | undefined;
  /** State of the VM that it is attached to. */
  readonly vmState: string | undefined;
}

export interface CloudTemplate {
  readonly id: string;
  readonly name: string;
  readonly isReady: boolean;
}

export interface CloudPublicAddress {
  readonly id: string;
  readonly address: string;
  /** The VM that static NAT leads to. */
  readonly vmId: string | undefined;
}

/**
 * Reads what the client's account has: VMs, volumes, templates of its own, and public addresses
 * other than the source NAT ones, which CloudStack takes by itself.
 */
export async function readCloud(client: CloudClient): Promise<CloudView> {
  const vms = await client.list('listVirtualMachines', 'virtualmachine');
  const volumes = await client.list('listVolumes', 'volume');
  const templates = await client.list('listTemplates', 'template', { templatefilter: 'self' });
  const addresses = await client.list('listPublicIpAddresses', 'publicipaddress');
  return {
    vms: vms.map((vm) => ({
      ...named(vm),
      state: textOf(vm['state']),
      addresses: rows(vm['nic']).map((nic) => textOf(nic['ipaddress'])),
    })),
    volumes: volumes.map((volume) => ({
      ...named(volume),
      type: textOf(volume['type']),
      state: textOf(volume['state']),
      vmId: optional(volume['virtualmachineid']),
      vmState: optional(volume['vmstate']),
    })),
    templates: templates.map((template) => ({
      ...named(template),
      isReady: template['isready'] === true,
    })),
    publicAddresses: addresses
      .filter((address) => address['issourcenat'] !== true)
      .map((address) => ({
        id: textOf(address['id']),
        address: textOf(address['ipaddress']),
        vmId: optional(address['virtualmachineid']),
      })),
  };
}

function named(row: JsonObject): { id: string; name: string } {
  return { id: textOf(row['id']), name: textOf(row['name']) };
}

function rows(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}

function optional(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
