import { settingDeclarations, type SettingName } from './settings.js';

/** For what a setting can have a value of its own, beside that for everything (ConfigKey.Scope). */
export type ConfigurationScope = 'Account' | 'Zone' | 'Cluster' | 'Domain' | 'StoragePool';

/** What CloudStack knows of a setting, besides its name, default and description. */
export interface ConfigurationKey {
  readonly category: string;
  readonly component: string;
  readonly scopes: readonly ConfigurationScope[];
  /** A new value is in force at once; otherwise when the management server restarts. */
  readonly isDynamic: boolean;
  /** The Java class of a number; others follow from the default. */
  readonly numberClass: 'Integer' | 'Long' | 'Float' | 'Double';
  /** A share of a whole, from 0 to 1. */
  readonly isShare: boolean;
  /** The least value, where CloudStack asks for one; 1 in its words is "a positive value". */
  readonly isPositive: boolean;
  readonly most: number | null;
}

/** Settings with a value of their own for an account (ConfigKey.Scope.Account). */
export type AccountSettingName = Extract<SettingName, keyof typeof accountSettings>;

const accountSettings = {
  'allow.public.user.templates': 'TemplateManagerImpl',
  'allow.user.expunge.recover.vm': 'UserVmManagerImpl',
  'allow.user.expunge.recover.volume': 'VolumeApiServiceImpl',
  'allow.user.force.stop.vm': 'UserVmManager',
  'allow.user.view.destroyed.vm': 'QueryManagerImpl',
  'allow.domain.admins.to.create.tagged.offerings': 'ConfigurationManagerImpl',
  'allow.duplicate.networkname': 'NetworkServiceImpl',
} as const;

const usual: ConfigurationKey = {
  category: 'Advanced',
  component: 'management-server',
  scopes: [],
  isDynamic: true,
  numberClass: 'Integer',
  isPositive: false,
  isShare: false,
  most: null,
};

const atRestart = { isDynamic: false } as const;

const poolThreshold: Partial<ConfigurationKey> = {
  category: 'Alert',
  component: 'CapacityManagerImpl',
  numberClass: 'Double',
  isShare: true,
  scopes: ['Zone'],
};

const clusterFactor: Partial<ConfigurationKey> = {
  component: 'CapacityManagerImpl',
  numberClass: 'Float',
  scopes: ['Cluster'],
};

const clusterThreshold: Partial<ConfigurationKey> = {
  category: 'Alert',
  component: 'DeploymentClusterPlanner',
  numberClass: 'Float',
  isShare: true,
  scopes: ['Cluster'],
};

/** What differs from the usual (Config, ConfigKey, ConfigurationManagerImpl). */
const known: Readonly<Record<string, Partial<ConfigurationKey>>> = {
  ...Object.fromEntries(
    Object.entries(accountSettings).map(([name, component]) => [
      name,
      { component, scopes: ['Account'] as const },
    ]),
  ),
  'default.page.size': { ...atRestart, numberClass: 'Long' },
  'expunge.delay': { ...atRestart, component: 'UserVmManager' },
  'expunge.interval': { ...atRestart, component: 'UserVmManager', isPositive: true },
  'account.cleanup.interval': { ...atRestart, isPositive: true },
  'vpc.max.networks': atRestart,
  'vpc.cleanup.interval': atRestart,
  'allow.user.create.projects': { ...atRestart, category: 'Project Defaults' },
  'instance.name': { ...atRestart, component: 'AgentManager' },
  'network.guest.cidr.limit': {
    ...atRestart,
    category: 'Network',
    component: 'NetworkOrchestrationService',
  },
  'network.throttling.rate': { category: 'Network', component: 'NetworkOrchestrationService' },
  'allow.end.users.to.specify.vr.mtu': { component: 'NetworkService' },
  'vr.public.interface.max.mtu': { category: 'VirtualRouter', component: 'NetworkService' },
  'vr.private.interface.max.mtu': { category: 'VirtualRouter', component: 'NetworkService' },
  'max.template.iso.size': { ...atRestart, numberClass: 'Long' },
  'extract.url.expiration.interval': atRestart,
  'extract.url.cleanup.interval': atRestart,
  'storage.max.volume.upload.size': { ...atRestart, category: 'Storage' },
  'custom.diskoffering.size.min': { component: 'VolumeOrchestrator', numberClass: 'Long' },
  'custom.diskoffering.size.max': { component: 'VolumeOrchestrator', numberClass: 'Long' },
  'storage.max.volume.size': {
    category: 'Storage',
    component: 'VolumeOrchestrator',
    numberClass: 'Long',
  },
  'kvm.snapshot.enabled': { ...atRestart, category: 'Snapshots', component: 'SnapshotManager' },
  'snapshot.backup.to.secondary': {
    ...atRestart,
    category: 'Snapshots',
    component: 'SnapshotManager',
  },
  'storage.overprovisioning.factor': {
    category: 'Storage',
    component: 'CapacityManagerImpl',
    numberClass: 'Double',
    scopes: ['StoragePool'],
  },
  'pool.storage.allocated.capacity.disablethreshold': poolThreshold,
  'pool.storage.capacity.disablethreshold': poolThreshold,
  'pool.storage.allocated.resize.capacity.disablethreshold': poolThreshold,
  'cpu.overprovisioning.factor': clusterFactor,
  'mem.overprovisioning.factor': clusterFactor,
  'cluster.cpu.allocated.capacity.disablethreshold': clusterThreshold,
  'cluster.memory.allocated.capacity.disablethreshold': clusterThreshold,
  'cluster.threshold.enabled': { ...atRestart, component: 'DeploymentClusterPlanner' },
  'volume.resize.allowed.beyond.allocation': {
    component: 'StorageManager',
    scopes: ['StoragePool'],
  },
  'host.capacityType.to.order.clusters': atRestart,
  'volume.allocation.algorithm': { component: 'VolumeOrchestrator' },
  'enable.storage.migration': { category: 'Storage', component: 'VolumeOrchestrator' },
  'vm.userdata.max.length': {
    component: 'UserDataManagerImpl',
    isPositive: true,
    most: 1_048_576,
  },
  'vm.destroy.forcestop': { component: 'UserVmManager' },
  'vm.password.length': { ...atRestart, component: 'management-server' },
  'api.key.access': { category: 'System', component: 'AccountManagerImpl', scopes: ['Domain'] },
  'enable.dynamic.scale.vm': { component: 'UserVmManager', scopes: ['Zone'] },
  'destroy.root.volume.on.vm.destruction': { component: 'UserVmManager', scopes: ['Domain'] },
  'job.expire.minutes': { component: 'AsyncJobManager', numberClass: 'Long' },
  'job.cancel.threshold.minutes': { component: 'AsyncJobManager', numberClass: 'Long' },
};

/** The settings that are the simulator's own: CloudStack's commands know nothing of them. */
export function isConfiguration(name: string): name is SettingName {
  return (
    Object.hasOwn(settingDeclarations, name) &&
    !name.startsWith('duration.') &&
    !name.startsWith('ssvm.') &&
    name !== 'cloudstack.version'
  );
}

export function configurationKey(name: SettingName): ConfigurationKey {
  return { ...usual, ...limitKey(name), ...known[name] };
}

/** How much accounts, projects and domains may have is read when the server starts. */
function limitKey(name: SettingName): Partial<ConfigurationKey> {
  const owner = /^max\.(account|project|domain)\./.exec(name)?.[1];
  if (owner === undefined) return {};
  const category = `${owner.charAt(0).toUpperCase()}${owner.slice(1)} Defaults`;
  return { ...atRestart, category, numberClass: 'Long' };
}

/** The type as lists tell it (ConfigurationManagerImpl.parseConfigurationTypeIntoString). */
export function shownType(name: SettingName): ShownType {
  const { isShare, numberClass } = configurationKey(name);
  if (isShare) return 'Range';
  const kind = typeof settingDeclarations[name].default;
  if (kind === 'boolean') return 'Boolean';
  if (kind === 'string') return 'String';
  return numberClass === 'Float' || numberClass === 'Double' ? 'Decimal' : 'Number';
}

export type ShownType = 'Boolean' | 'Number' | 'Decimal' | 'Range' | 'String';

/** The Java class of the value, as error texts tell it. */
export function javaTypeOf(name: SettingName): string {
  const isNumber = typeof settingDeclarations[name].default === 'number';
  return `class java.lang.${isNumber ? configurationKey(name).numberClass : shownType(name)}`;
}
