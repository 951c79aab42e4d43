import type { RegistryFailure } from '../../agent/registry-error.js';
import type { CloudStackErrorKind } from '../../cloudstack/errors.js';
import type { BoshErrorType } from '../../protocol/bosh-error.js';

/** What a situation is for BOSH. */
export interface ErrorRow {
  /** The situation, as a clause. */
  readonly situation: string;
  readonly type: BoshErrorType;
  /**
   * Whether doing the same again, a moment later, may end better. create_vm then answers
   * VMCreationFailed with ok_to_retry true, once everything that is found of it is undone.
   */
  readonly mayPass: boolean;
  /** What the message says to do next, where the failure does not say it itself. */
  readonly advice?: string;
}

/** Failures that do not come from CloudStack, and that every method can meet. */
export type OwnFailure =
  | `registry-${RegistryFailure}`
  | 'interrupted'
  | 'wait-deadline'
  | 'wrong-state'
  | 'blind'
  | 'image'
  | 'stemcell-server'
  | 'fault';

/** The one place where failures become BOSH's: first CloudStack's kinds, then our own. */
export const errorTable: Readonly<Record<CloudStackErrorKind | OwnFailure, ErrorRow>> = {
  'not-found': {
    situation: 'CloudStack does not have what the request names (any more)',
    type: 'CloudError',
    mayPass: false,
  },
  auth: {
    situation: 'CloudStack does not take the keys, or the clocks are too far apart',
    type: 'CloudError',
    mayPass: false,
  },
  'forbidden-api': {
    situation: 'the role of the account does not allow the command',
    type: 'CloudError',
    mayPass: false,
  },
  permission: {
    situation: 'the role allows the command, but not on this thing or in this way',
    type: 'CloudError',
    mayPass: false,
  },
  invalid: {
    situation: 'a parameter, or the state of the thing, does not allow it',
    type: 'CloudError',
    mayPass: false,
  },
  'in-use': {
    situation: 'a protection, a user of the thing, or another operation on it is in the way',
    type: 'CloudError',
    mayPass: false,
  },
  conflict: {
    situation: 'something with this name, tag, port or address is there already',
    type: 'CloudError',
    mayPass: false,
  },
  capacity: {
    situation: 'no host, storage or address range has room',
    type: 'CloudError',
    mayPass: true,
  },
  limit: {
    situation: 'a resource limit of the account, its domain or project is reached',
    type: 'CloudError',
    mayPass: false,
  },
  internal: {
    situation: 'CloudStack failed, and its text is all there is to know',
    type: 'CloudError',
    mayPass: true,
  },
  'internal-masked': {
    situation: 'CloudStack failed, and hides the reason from ordinary users',
    type: 'CloudError',
    mayPass: true,
  },
  throttled: {
    situation: 'the account has sent too many requests, after several tries',
    type: 'CloudError',
    mayPass: true,
  },
  unavailable: {
    situation:
      'the management server, or the proxy before it, takes no requests, after several tries',
    type: 'CloudError',
    mayPass: true,
  },
  'not-cloudstack': {
    situation: 'what answers is no CloudStack API',
    type: 'CpiError',
    mayPass: false,
  },
  unreachable: {
    situation: 'there is no connection, after several tries; the request had no effect',
    type: 'CloudError',
    mayPass: true,
  },
  'outcome-unknown': {
    situation:
      'the answer to a change is lost; where all that it did is found and undone, the message says so ' +
      'instead, and that the call may be repeated',
    type: 'CloudError',
    mayPass: true,
  },
  'job-lost': {
    situation:
      'CloudStack forgot or cancelled a job, as when its management server restarts; where all that ' +
      'it did is undone, the message says so instead',
    type: 'CloudError',
    mayPass: true,
  },
  deadline: {
    situation: 'a job still runs after the time that it was given',
    type: 'CloudError',
    mayPass: true,
  },
  'registry-away': {
    situation: 'the registry cannot be reached, or cannot do it now, after several tries',
    type: 'CloudError',
    mayPass: true,
    advice:
      'see whether cloudstack-registry runs, and is where registry.host and registry.port say',
  },
  'registry-denied': {
    situation: 'the registry does not take the credentials',
    type: 'CloudError',
    mayPass: false,
    advice: 'set registry.username and registry.password to those of a user of registry.json',
  },
  'registry-wrong': {
    situation: 'what should be the registry does not take settings, or gives none',
    type: 'CloudError',
    mayPass: false,
    advice: 'see whether registry.host and registry.port lead to a registry, and what its log says',
  },
  interrupted: {
    situation:
      'the process was told to end (SIGTERM), also while it undid; what the call had begun is undone, ' +
      'as far as 18 s suffice: the message names the rest, which `cloudstack-cpi gc` finds',
    type: 'CloudError',
    mayPass: false,
  },
  'wait-deadline': {
    situation: 'a resource was still busy after the time that it was given',
    type: 'CloudError',
    mayPass: true,
    advice:
      'look at it in CloudStack; if it is only slow, raise cloudstack.state_timeout or cloudstack.state_timeout_volume',
  },
  'wrong-state': {
    situation: 'a resource that was waited for ended in a state that it cannot be used in',
    type: 'CloudError',
    mayPass: true,
    advice: 'look at it in CloudStack, and let `bosh cloud-check` repair the deployment',
  },
  blind: {
    situation: 'a resource that was waited for could not be looked at any more',
    type: 'CloudError',
    mayPass: true,
    advice: 'look at it in CloudStack before you repeat the call',
  },
  image: {
    situation: 'the image of a stemcell is not there, damaged or none',
    type: 'CpiError',
    mayPass: false,
    advice: 'upload the stemcell again, from an image that is whole',
  },
  'stemcell-server': {
    situation:
      'the server from which CloudStack is to download a stemcell cannot be reached or opened, or ' +
      'does not take the image',
    type: 'CloudError',
    mayPass: true,
  },
  fault: {
    situation: 'the CPI has a fault; its log has the place',
    type: 'CpiError',
    mayPass: false,
  },
};

/** An error that single methods answer with. */
export interface MethodError {
  /** The situation, as a clause. */
  readonly situation: string;
  readonly type: BoshErrorType;
  readonly okToRetry: boolean;
}

/** What methods tell apart by themselves; the place that throws it has the message. */
export const methodErrors = {
  'vm-missing': {
    situation:
      'the VM that a method is to work on does not exist (any more), or is being cleared away; for ' +
      'delete_vm that is a success, for has_vm an answer',
    type: 'VMNotFound',
    okToRetry: false,
  },
  'disk-missing': {
    situation:
      'the disk that a method is to work on does not exist (any more), is being deleted, or is the ' +
      'root disk of a VM; for delete_disk of one that is gone that is a success, for has_disk an answer',
    type: 'DiskNotFound',
    okToRetry: false,
  },
  'disk-in-use': {
    situation:
      'attach_disk of a disk that another VM has, or delete_disk of one that any VM has; the message ' +
      'names the VM',
    type: 'CloudError',
    okToRetry: false,
  },
  'disk-elsewhere': {
    situation: 'detach_disk of a disk that is attached to another VM',
    type: 'DiskNotAttached',
    okToRetry: false,
  },
  'disk-full': {
    situation: 'CloudStack has no storage for a volume that it is to place',
    type: 'NoDiskSpace',
    okToRetry: false,
  },
  'disk-of-another-host': {
    situation:
      "attach_disk of a disk on the local storage of another host than the VM's, from which CloudStack " +
      'moves no disk; the message says what helps',
    type: 'CloudError',
    okToRetry: false,
  },
  'host-of-disk': {
    situation:
      'create_vm with a disk on local storage whose host has no room, or is in a cluster at which ' +
      'CloudStack does not look; the message says what helps',
    type: 'VMCreationFailed',
    okToRetry: true,
  },
  'may-pass': {
    situation:
      'create_vm failed in a way that may pass, and everything that is found of it is undone; a VM ' +
      'that a request without an answer makes later has a name of its agent, by which the repeated ' +
      'call finds and removes it, as `gc` does',
    type: 'VMCreationFailed',
    okToRetry: true,
  },
  'address-taken': {
    situation:
      'create_vm got a static address that is taken; the message names the VM that holds it, also a ' +
      'destroyed one, as far as the account sees it',
    type: 'VMCreationFailed',
    okToRetry: false,
  },
  'address-perhaps-taken': {
    situation:
      'CloudStack refuses to deploy a VM with a static address and hides why, and nobody is seen ' +
      'to hold the address',
    type: 'VMCreationFailed',
    okToRetry: true,
  },
  'address-just-got': {
    situation:
      'another VM, or a request that was sent twice, got the public address of a VM while the VM was ' +
      'being made; everything else is undone',
    type: 'VMCreationFailed',
    okToRetry: true,
  },
  'not-in-place': {
    situation:
      'resize_disk or update_disk cannot change a disk in place: Directors copy it to a new one',
    type: 'NotSupported',
    okToRetry: false,
  },
  'never-done': {
    situation: 'what CloudStack, or this CPI, does not do, such as configure_networks',
    type: 'NotSupported',
    okToRetry: false,
  },
  'unknown-method': {
    situation: 'a method that this CPI does not know',
    type: 'NotImplemented',
    okToRetry: false,
  },
  'outside-of-the-cloud': {
    situation: 'current_vm_id of a CPI that runs in none of the VMs of its account',
    type: 'NotImplemented',
    okToRetry: false,
  },
  'bad-request': {
    situation: 'the request is no CPI request',
    type: 'CpiError',
    okToRetry: false,
  },
  'bad-argument': {
    situation: 'an argument is missing, surplus or of another kind',
    type: 'CpiError',
    okToRetry: false,
  },
  'bad-configuration': {
    situation: 'cpi.json or the properties of the context are wrong; all problems at once',
    type: 'CpiError',
    okToRetry: false,
  },
  'bad-cloud-properties': {
    situation:
      'cloud_properties are wrong; all problems at once, of a VM also those of its `lbs` and networks',
    type: 'CpiError',
    okToRetry: false,
  },
} as const satisfies Readonly<Record<string, MethodError>>;
