import { listVolumesOfVm } from '../../cloudstack/find-resources.js';
import { isMark, marks } from '../../cloudstack/tags.js';
import { timeMs } from '../../cloudstack/time.js';
import type { VirtualMachine, Volume } from '../../cloudstack/types.js';
import { longestCreateVmMs, vmJobsOfCreateVm, type Call } from '../call/call.js';
import { isLiveVm } from '../shared/live-resources.js';
import { keysOfEnvironment } from './environment-tags.js';
import { foreignDisks } from './vm-disks.js';

/** What a VM in the way of a new one is; only a forgotten one may be removed. */
export type Standing =
  | { is: 'forgotten' }
  | { is: 'in use' }
  | { is: 'in use'; disk: Volume }
  /** When it counts as forgotten, in ms of the cloud's clock; unknown without a creation time. */
  | { is: 'perhaps under way'; forgottenAtMs: number | undefined };

/** The rule by which create_vm removes VMs, for the documentation. */
export const removalRules: readonly string[] = [
  'A VM of the name `vm-<agent_id>` whose user data have this agent id was left by an earlier, ' +
    'interrupted attempt for the same agent, and is removed first. It is left alone, and the call ' +
    'fails, if it has metadata or carries a data disk that did not come with it.',
  'A VM that holds one of the static addresses is removed only if it was forgotten: it has the ' +
    'mark of this Director, never got metadata, carries no data disk but its own ephemeral one, ' +
    'and is older than the longest that a create_vm may take ' +
    `(${vmJobsOfCreateVm} times \`state_timeout\` plus \`state_timeout_volume\`). Otherwise the call fails, ` +
    '`ok_to_retry` is false, and the message names the VM, why it stays and when it counts as ' +
    'forgotten. One that is destroyed keeps its address until CloudStack expunges it: an account that ' +
    'sees it, and may, has it expunged; one that sees it and may not has it named; one that does not ' +
    'see it can only suppose it, with `ok_to_retry` true. Its name it keeps as well: the new VM is then ' +
    'called `vm-<agent_id>-2`.',
  "Age is told by the cloud's own clock: the Date header of its answers or, as CloudStack itself " +
    'sends none, the newest creation that they tell of. Until one of them says that the ' +
    'time has passed, the VM counts as young.',
];

/** Judges a VM by its tags, its disks and its age at `cloudMs`, the time of the cloud's clock. */
export async function standingOf(
  call: Call,
  vm: VirtualMachine,
  cloudMs: number | undefined,
): Promise<Standing> {
  if (!isMarkedBy(vm, call.context.directorUuid) || hasMetadata(vm)) return { is: 'in use' };
  const [disk] = foreignDisks(await listVolumesOfVm(call.client, vm.id));
  if (disk !== undefined) return { is: 'in use', disk };
  // Nobody works on one that is being cleared away.
  if (!isLiveVm(vm)) return { is: 'forgotten' };
  const createdMs = timeMs(vm.created);
  const forgottenAtMs = createdMs && createdMs + longestCreateVmMs(call);
  const isOld = forgottenAtMs !== undefined && cloudMs !== undefined && cloudMs >= forgottenAtMs;
  return isOld ? { is: 'forgotten' } : { is: 'perhaps under way', forgottenAtMs };
}

/**
 * Every VM that create_vm handed out gets metadata at once; marks of our own are none, nor is what
 * create_vm itself took from the environment.
 */
export function hasMetadata(vm: VirtualMachine): boolean {
  const own = keysOfEnvironment(vm);
  return (vm.tags ?? []).some(({ key }) => !isMark(key) && !own.has(key.toLowerCase()));
}

function isMarkedBy({ tags = [] }: VirtualMachine, directorUuid: string): boolean {
  return tags.some(({ key, value }) => key === marks.director && value === directorUuid);
}
