import type {
  AffinityGroup,
  Api,
  AsyncJob,
  Capabilities,
  ConfigurationSetting,
  DiskOffering,
  LoadBalancerRule,
  Network,
  NetworkAclList,
  NetworkOffering,
  Nic,
  OsType,
  PortForwardingRule,
  PublicIpAddress,
  ServiceOffering,
  Snapshot,
  SshKeyPair,
  Success,
  Tag,
  Template,
  UploadParams,
  VirtualMachine,
  Volume,
  Vpc,
  Zone,
} from './types.js';

/**
 * What a command does to the cloud, and so whether the same request may be sent again when nobody
 * knows what became of the first: `none` is a read; `repeatable` is a change that ends the same
 * when made twice; `once` must never be sent twice.
 */
export type Effect = 'none' | 'repeatable' | 'once';

/** A command that answers a list. Reads only. */
export interface ListCommandSpec<T> {
  readonly kind: 'list';
  readonly effect: 'none';
  readonly resultKey: string;
  readonly result?: T;
}

/** A command that answers at once. `resultKey` undefined: the answer's fields stand alone. */
export interface SyncCommandSpec<T> {
  readonly kind: 'sync';
  readonly effect: Effect;
  readonly resultKey: string | undefined;
  readonly result?: T;
}

/** A command that answers with a job (`async`), or with the new object's id and a job. */
export interface AsyncCommandSpec<T> {
  readonly kind: 'async' | 'async-create';
  readonly effect: Effect;
  readonly resultKey: string | undefined;
  /** Its job changes CloudStack's database and nothing else, which takes a moment. */
  readonly isMomentary?: true;
  readonly result?: T;
}

/**
 * Every CloudStack command that we use. `result` is never set; it carries the type of the result.
 *
 * Of the changes, these may be repeated: stopVirtualMachine (a stopped VM is a success),
 * rebootVirtualMachine (a second reboot ends as the first),
 * updateVirtualMachine (sets values), copyTemplate (copies nothing to where it is),
 * removeFromLoadBalancerRule (a VM that is no member is a success), deleteVolume, deleteSnapshot,
 * deleteTemplate, deleteAffinityGroup, deleteLoadBalancerRule, deletePortForwardingRule and
 * deleteSSHKeyPair (a second one finds nothing, which every caller that deletes takes for success).
 * resizeVolume and changeOfferingForVolume set values, too, but are refused while the first one
 * still runs.
 */
export const commands = {
  listZones: list<Zone>('zone'),
  listServiceOfferings: list<ServiceOffering>('serviceoffering'),
  listDiskOfferings: list<DiskOffering>('diskoffering'),
  listNetworks: list<Network>('network'),
  listNetworkOfferings: list<NetworkOffering>('networkoffering'),
  listOsTypes: list<OsType>('ostype'),
  listTemplates: list<Template>('template'),
  listVirtualMachines: list<VirtualMachine>('virtualmachine'),
  listNics: list<Nic>('nic'),
  listVolumes: list<Volume>('volume'),
  listSnapshots: list<Snapshot>('snapshot'),
  listTags: list<Tag>('tag'),
  listPublicIpAddresses: list<PublicIpAddress>('publicipaddress'),
  listAffinityGroups: list<AffinityGroup>('affinitygroup'),
  listLoadBalancerRules: list<LoadBalancerRule>('loadbalancerrule'),
  listLoadBalancerRuleInstances: list<VirtualMachine>('loadbalancerruleinstance'),
  listPortForwardingRules: list<PortForwardingRule>('portforwardingrule'),
  listSSHKeyPairs: list<SshKeyPair>('sshkeypair'),
  listVPCs: list<Vpc>('vpc'),
  listNetworkACLLists: list<NetworkAclList>('networkacllist'),
  listApis: list<Api>('api'),
  listAsyncJobs: list<AsyncJob>('asyncjobs'),
  listConfigurations: list<ConfigurationSetting>('configuration'),

  listCapabilities: sync<Capabilities>('capability', 'none'),
  queryAsyncJobResult: sync<AsyncJob>(undefined, 'none'),
  getUploadParamsForTemplate: sync<UploadParams>('getuploadparams', 'once'),
  registerTemplate: sync<Template>('template', 'once'),
  updateVirtualMachine: sync<VirtualMachine>('virtualmachine', 'repeatable'),
  deleteVolume: sync<Success>(undefined, 'repeatable'),
  enableStaticNat: sync<Success>(undefined, 'once'),
  createNetwork: sync<Network>('network', 'once'),
  registerSSHKeyPair: sync<SshKeyPair>('keypair', 'once'),
  deleteSSHKeyPair: sync<Success>(undefined, 'repeatable'),

  deployVirtualMachine: asyncCreate<VirtualMachine>('virtualmachine'),
  createVolume: momentary(asyncCreate<Volume>('volume')),
  createSnapshot: asyncCreate<Snapshot>('snapshot'),
  createTemplate: asyncCreate<Template>('template'),
  associateIpAddress: asyncCreate<PublicIpAddress>('ipaddress'),
  createAffinityGroup: momentary(asyncCreate<AffinityGroup>('affinitygroup')),
  createLoadBalancerRule: asyncCreate<LoadBalancerRule>('loadbalancer'),
  createPortForwardingRule: asyncCreate<PortForwardingRule>('portforwardingrule'),

  startVirtualMachine: async<VirtualMachine>('virtualmachine', 'once'),
  stopVirtualMachine: async<VirtualMachine>('virtualmachine', 'repeatable'),
  rebootVirtualMachine: async<VirtualMachine>('virtualmachine', 'repeatable'),
  destroyVirtualMachine: async<VirtualMachine>('virtualmachine', 'once'),
  updateVmNicIp: momentary(async<VirtualMachine>('virtualmachine', 'once')),
  attachVolume: async<Volume>('volume', 'once'),
  detachVolume: async<Volume>('volume', 'once'),
  copyTemplate: async<Template>('template', 'repeatable'),
  resizeVolume: async<Volume>('volume', 'once'),
  changeOfferingForVolume: async<Volume>('volume', 'once'),
  deleteSnapshot: async<Success>(undefined, 'repeatable'),
  deleteTemplate: async<Success>(undefined, 'repeatable'),
  createTags: momentary(async<Success>(undefined, 'once')),
  deleteTags: momentary(async<Success>(undefined, 'once')),
  disableStaticNat: async<Success>(undefined, 'once'),
  disassociateIpAddress: async<Success>(undefined, 'once'),
  deleteNetwork: async<Success>(undefined, 'once'),
  deleteAffinityGroup: momentary(async<Success>(undefined, 'repeatable')),
  assignToLoadBalancerRule: async<Success>(undefined, 'once'),
  removeFromLoadBalancerRule: async<Success>(undefined, 'repeatable'),
  deleteLoadBalancerRule: async<Success>(undefined, 'repeatable'),
  deletePortForwardingRule: async<Success>(undefined, 'repeatable'),
} as const;

export type CommandName = keyof typeof commands;

/**
 * The commands that can be told for whom they list or create something; others go by the owner of
 * what they are about. (Offerings go by domains, which projects share with their members.)
 */
export const commandsWithOwner: ReadonlySet<CommandName> = new Set([
  'listNetworks',
  'listTemplates',
  'listVirtualMachines',
  'listVolumes',
  'listSnapshots',
  'listTags',
  'listPublicIpAddresses',
  'listAffinityGroups',
  'listLoadBalancerRules',
  'listPortForwardingRules',
  'listSSHKeyPairs',
  'listVPCs',
  'listNetworkACLLists',
  'getUploadParamsForTemplate',
  'registerTemplate',
  'createTemplate',
  'createNetwork',
  'registerSSHKeyPair',
  'deleteSSHKeyPair',
  'deployVirtualMachine',
  'createVolume',
  'associateIpAddress',
  'createAffinityGroup',
]);

type NamesOf<Spec> = {
  [Name in CommandName]: (typeof commands)[Name] extends Spec ? Name : never;
}[CommandName];

export type ListCommand = NamesOf<{ readonly kind: 'list' }>;
export type SyncCommand = NamesOf<{ readonly kind: 'sync' }>;
export type AsyncCommand = NamesOf<{ readonly kind: 'async' | 'async-create' }>;

/** The type of a command's result; for lists, of one item. */
export type ResultOf<Name extends CommandName> = NonNullable<(typeof commands)[Name]['result']>;

/** What to send again, and how to read the answer. */
export function specOf(
  command: CommandName,
): ListCommandSpec<unknown> | SyncCommandSpec<unknown> | AsyncCommandSpec<unknown> {
  return commands[command];
}

/** Whether the jobs of a command are done in a moment. */
export function isMomentary(command: AsyncCommand): boolean {
  const spec: AsyncCommandSpec<unknown> = commands[command];
  return spec.isMomentary === true;
}

function list<T>(resultKey: string): ListCommandSpec<T> {
  return { kind: 'list', effect: 'none', resultKey };
}

function sync<T>(resultKey: string | undefined, effect: Effect): SyncCommandSpec<T> {
  return { kind: 'sync', effect, resultKey };
}

function async<T>(resultKey: string | undefined, effect: Effect): AsyncCommandSpec<T> {
  return { kind: 'async', effect, resultKey };
}

function asyncCreate<T>(resultKey: string): AsyncCommandSpec<T> {
  return { kind: 'async-create', effect: 'once', resultKey };
}

function momentary<T>(spec: AsyncCommandSpec<T>): AsyncCommandSpec<T> {
  return { ...spec, isMomentary: true };
}
