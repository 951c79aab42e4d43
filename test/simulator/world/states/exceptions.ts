// Why a change of state that CloudStack's tables have is not in the simulator's, why one is there
// that CloudStack makes without its table, and why one is there that no request brings about. Each
// reason names the changes by a pattern over `entity from event to`.

export interface Exception {
  readonly of: RegExp;
  readonly why: string;
}

/** In CloudStack's tables, not in the simulator's. */
export const absent: readonly Exception[] = [
  {
    of: /^virtualmachine .* AgentReport/,
    why: 'hosts report what runs on them as power states; these events are from before',
  },
  {
    of: /^virtualmachine (Running FollowAgentPowerOnReport|Stopped FollowAgentPowerOffReport) /,
    why: 'a report that tells nothing new changes nothing',
  },
  {
    of: /^virtualmachine (Running OperationSucceeded|Stopped OperationFailed|Migrating MigrationRequested) /,
    why: 'the state stays as it is, and no simulated operation ends so',
  },
  {
    of: /^virtualmachine .*Restoring/,
    why: 'VMs are not restored from backups, and restoreVirtualMachine does without the state',
  },
  {
    of: /^router .*(AgentReport|FollowAgentPower)/,
    why: 'no simulated host starts or stops a router by itself',
  },
  {
    of: /^router (.*Restor|Migrating |.* Migrating$)/,
    why: 'routers stay where they are, and are not restored from backups',
  },
  {
    of: /^router (Destroyed|Error|Expunging|Stopped DestroyRequested|Stopped OperationFailedToError) ?/,
    why: 'routers are expunged at once, and removed in the same step',
  },
  {
    of: /^router (Running OperationSucceeded|Starting OperationRetry|Stopped OperationFailed|Stopped StopRequested) /,
    why: 'the state stays as it is, and no simulated operation ends so',
  },
  {
    of: /^volume .* MigrationCopy/,
    why: 'the copy that a migration makes has no row of its own; the volume is Migrating meanwhile',
  },
  {
    of: /^volume .*Restor/,
    why: 'only restoreBackup takes a volume there (BackupManagerImpl.tryRestoreVM), and there are no backups',
  },
  {
    of: /^snapshot .*Copying/,
    why: 'no operation of CloudStack takes a snapshot there; a copy between zones has a store of its own',
  },
  {
    of: /^snapshotstore .*(Copying|Migrating)/,
    why: 'for templates and volumes; snapshots are not moved between stores',
  },
  {
    of: /^snapshotstore (Allocated|Failed) (DestroyRequested|OperationFailed|OperationSuccessed) /,
    why: 'what is to come onto a store is Creating at once',
  },
  {
    of: /^templatezone .*(Copying|Migrating)/,
    why: 'copies between zones have a state of their own there; nothing is moved between stores',
  },
  {
    of: /^templatezone Ready OperationSuccessed /,
    why: 'the state stays as it is',
  },
  {
    of: /^snapshotstore (Ready OperationSuccessed|Destroying OperationFailed) /,
    why: 'the state stays as it is',
  },
  {
    of: /^storagepool Initialized /,
    why: 'pools come with the world, and their hosts with them',
  },
  {
    of: /^host (Creating|Degraded|Error) |^host \w+ (InternalCreated|DeleteHost|DeclareHostDegraded) /,
    why: 'hosts are there when a world begins; none is added, deleted or declared degraded',
  },
  {
    of: /^host (Enabled Enable|Disabled Disable|Enabled InternalEnterMaintenance) /,
    why: 'to ask for what is there already changes nothing, and no host is in maintenance at once',
  },
  {
    of: /^hoststatus /,
    why: 'a host is up or down as its world says; none connects, is lost or fails by itself',
  },
];

/** In the simulator's tables, not in CloudStack's. */
export const own: readonly Exception[] = [
  {
    of: /^snapshot CreatedOnPrimary DestroyRequested Destroyed$/,
    why: 'CloudStack writes the state without an event (DefaultSnapshotStrategy.deleteSnapshot)',
  },
  {
    of: /^template .* DestroyRequested Inactive$/,
    why: 'CloudStack writes the state without an event (HypervisorTemplateAdapter.delete)',
  },
];

/** In the simulator's tables, but brought about by no request. */
export const unreached: readonly Exception[] = [
  {
    of: /^virtualmachine \w+ FollowAgentPowerOnReport /,
    why: 'no simulated host starts a VM by itself',
  },
  {
    of: /^virtualmachine (Running|Migrating|Stopping) FollowAgentPowerOffReport /,
    why: 'no simulated VM that runs turns itself off',
  },
  {
    of: /^virtualmachine Starting OperationRetry /,
    why: 'a host that is chosen starts the VM or not',
  },
  {
    of: /^virtualmachine Stopped ExpungeOperation /,
    why: 'every way to expunge a VM destroys it first',
  },
  {
    of: /^virtualmachine Stopped StopRequested /,
    why: 'to stop a stopped VM succeeds before anything is asked of it',
  },
  {
    of: /^virtualmachine Expunging OperationFailed /,
    why: 'what expunging begins it ends in the same step',
  },
  {
    of: /^volume (Destroy|Expunged) Operation(Succeeded|Failed) /,
    why: 'the state stays as it is, and no simulated operation ends so',
  },
  {
    of: /^volume (Creating (CreateRequested|OperationRetry)|Ready CreateRequested) /,
    why: 'a volume is created once, where there is room for it',
  },
  {
    of: /^volume (Expunged ExpungingRequested|Expunging ExpungingRequested|Expunging OperationFailed) /,
    why: 'deleting a volume on its pool is one step, which does not fail',
  },
  {
    of: /^snapshot (BackedUp|BackingUp) BackupToSecondary /,
    why: 'a snapshot goes to secondary storage once',
  },
  {
    of: /^snapshot BackingUp OperationNotPerformed /,
    why: 'a backup that has begun ends, or fails',
  },
  {
    of: /^vmsnapshot Expunging OperationSucceeded Removed$/,
    why: 'CloudStack removes the row as it is',
  },
  {
    of: /^network Shutdown OperationFailed /,
    why: 'the virtual router of a network can always be taken down',
  },
  {
    of: /^domain Inactive DeletionBegins /,
    why: 'a domain that is being deleted is not found by a second request',
  },
  {
    of: /^project Disabled (DeletionBegins|Suspend) /,
    why: 'a project is Disabled only while the job works that creates or deletes it',
  },
  {
    of: /^project Active Activate /,
    why: 'to activate an active project succeeds before anything is asked of it',
  },
  {
    of: /^account disabled Disable /,
    why: 'a disabled account is left as it is; a disabled user has the same table, and is disabled again',
  },
  {
    of: /^loadbalancerrule Add LastMemberRemoved /,
    why: 'a rule without members has none that could go',
  },
  {
    of: /^snapshot Creating OperationNotPerformed /,
    why: 'a snapshot that is begun is taken, or fails',
  },
  {
    of: /^snapshot CreatedOnPrimary DestroyRequested /,
    why: 'a snapshot leaves the state in the moment in which it comes there',
  },
  {
    of: /^(template|volume) UploadInProgress OperationTimeout /,
    why: 'an upload that takes too long fails as every other',
  },
];
