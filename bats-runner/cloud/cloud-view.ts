import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { CloudClient } from './client.js';

/** What an account has in its cloud, as far as a CPI makes it. */
export interface CloudView {
  readonly vms: readonly CloudVm[];
  readonly volumes: readonly CloudVolume[];
  readonly templates: readonly CloudTemplate[];
  readonly snapshots: readonly CloudSnapshot[];
  readonly networks: readonly CloudNetwork[];
  readonly publicAddresses: readonly CloudPublicAddress[];
  readonly affinityGroups: readonly CloudAffinityGroup[];
  readonly loadBalancers: readonly CloudLoadBalancer[];
}

export interface CloudVm {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly zone: string;
  readonly nics: readonly CloudNic[];
  readonly affinityGroups: readonly string[];
  readonly tags: Tags;
}

export interface CloudNic {
  readonly networkId: string;
  readonly networkName: string;
  readonly address: string;
}

export interface CloudVolume {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly sizeMib: number;
  readonly diskOffering: string | undefined;
  readonly vmId: string | undefined;
  /** State of the VM that it is attached to. */
  readonly vmState: string | undefined;
  readonly tags: Tags;
}

/** A template in one of its zones. */
export interface CloudTemplate {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly isReady: boolean;
}

export interface CloudSnapshot {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly volumeId: string | undefined;
  readonly tags: Tags;
}

export interface CloudNetwork {
  readonly id: string;
  readonly name: string;
}

export interface CloudPublicAddress {
  readonly id: string;
  readonly address: string;
  /** The VM that static NAT leads to. */
  readonly vmId: string | undefined;
}

export interface CloudAffinityGroup {
  readonly id: string;
  readonly name: string;
}

/** A rule that shares the connections to a port among VMs. */
export interface CloudLoadBalancer {
  readonly id: string;
  readonly name: string;
  readonly vmIds: readonly string[];
}

/** Values by key. */
export type Tags = ReadonlyMap<string, string>;

const bytesInMib = 1024 * 1024;

/**
 * Reads what the client's account has: VMs, volumes, templates of its own, snapshots, networks,
 * affinity groups, load balancer rules with their members, and public addresses other than the
 * source NAT ones, which CloudStack takes by itself.
 */
export async function readCloud(client: CloudClient): Promise<CloudView> {
  const vms = await client.list('listVirtualMachines', 'virtualmachine');
  const volumes = await client.list('listVolumes', 'volume');
  const templates = await client.list('listTemplates', 'template', { templatefilter: 'self' });
  const snapshots = await client.list('listSnapshots', 'snapshot');
  const networks = await client.list('listNetworks', 'network');
  const addresses = await client.list('listPublicIpAddresses', 'publicipaddress');
  const affinityGroups = await client.list('listAffinityGroups', 'affinitygroup');
  return {
    vms: vms.map(vmOf),
    volumes: volumes.map(volumeOf),
    templates: templates.map((row) => ({
      ...named(row),
      zone: textOf(row['zonename']),
      isReady: row['isready'] === true,
    })),
    snapshots: snapshots.map((row) => ({
      ...named(row),
      state: textOf(row['state']),
      volumeId: optional(row['volumeid']),
      tags: tagsOf(row),
    })),
    networks: networks.map(named),
    publicAddresses: addresses
      .filter((address) => address['issourcenat'] !== true)
      .map((address) => ({
        id: textOf(address['id']),
        address: textOf(address['ipaddress']),
        vmId: optional(address['virtualmachineid']),
      })),
    affinityGroups: affinityGroups.map(named),
    loadBalancers: await readLoadBalancers(client),
  };
}

async function readLoadBalancers(client: CloudClient): Promise<CloudLoadBalancer[]> {
  const rules = await client.list('listLoadBalancerRules', 'loadbalancerrule');
  return Promise.all(
    rules.map(async (rule) => {
      const filter = { id: textOf(rule['id']) };
      const members = await client.list(
        'listLoadBalancerRuleInstances',
        'loadbalancerruleinstance',
        filter,
      );
      return { ...named(rule), vmIds: members.map(({ id }) => textOf(id)) };
    }),
  );
}

function vmOf(row: JsonObject): CloudVm {
  return {
    ...named(row),
    state: textOf(row['state']),
    zone: textOf(row['zonename']),
    nics: rows(row['nic']).map((nic) => ({
      networkId: textOf(nic['networkid']),
      networkName: textOf(nic['networkname']),
      address: textOf(nic['ipaddress']),
    })),
    affinityGroups: rows(row['affinitygroup']).map(({ name }) => textOf(name)),
    tags: tagsOf(row),
  };
}

function volumeOf(row: JsonObject): CloudVolume {
  return {
    ...named(row),
    type: textOf(row['type']),
    state: textOf(row['state']),
    sizeMib: Number(row['size']) / bytesInMib,
    diskOffering: optional(row['diskofferingname']),
    vmId: optional(row['virtualmachineid']),
    vmState: optional(row['vmstate']),
    tags: tagsOf(row),
  };
}

function tagsOf(row: JsonObject): Tags {
  return new Map(rows(row['tags']).map(({ key, value }) => [textOf(key), textOf(value)]));
}

function named(row: JsonObject): { id: string; name: string } {
  return { id: textOf(row['id']), name: textOf(row['name']) };
}

function rows(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function optional(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
