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
    of: /^volume .*(Uploaded|NotUploaded|UploadOp|UploadError|UploadAbandoned|UploadInProgress)/,
    why: 'volumes cannot be uploaded',
  },
  { of: /^volume Copying OperationSucceeded Ready$/, why: 'volumes cannot be uploaded' },
  {
    of: /^volume .* MigrationCopy/,
    why: 'the copy that a migration makes has no row of its own; the volume is Migrating meanwhile',
  },
  { of: /^volume .*Restor/, why: 'volumes are not restored from backups' },
  { of: /^volume .*RevertSnapshot/, why: 'revertSnapshot is not simulated' },
  { of: /^snapshot .*Copying/, why: 'copySnapshot is not simulated' },
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
export const unreached: readonly Exception[] = [];
