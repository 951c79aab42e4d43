import { agentUserData } from '../agent/agent-user-data.js';
import { echoedNetworks, type PluggedNetwork } from '../agent/network-spec.js';
import { agentSettings } from '../agent/settings.js';
import { encodeUserData } from '../agent/user-data.js';
import { listVolumesOfVm } from '../cloudstack/find-resources.js';
import { marks, marksOf, parkingMark, tagNew, type Tags } from '../cloudstack/tags.js';
import type { VirtualMachine, Volume } from '../cloudstack/types.js';
import { tryAgain } from '../flow/again.js';
import { Aborted, DeadlineExceeded } from '../flow/errors.js';
import type { Saga } from '../flow/saga.js';
import { startTimeLimit } from '../flow/time-limit.js';
import { BoshError } from '../protocol/bosh-error.js';
import type { JsonObject } from '../protocol/json-value.js';
import { object, optional, text, textList } from './call/argument.js';
import { buildMs, volumeDeadlineMs, type Call } from './call/call.js';
import { defineMethod } from './call/method.js';
import { beforeAnyChange, undoOnFailure } from './call/undo.js';
import { assertInItsGroup, deployInItsGroup, GroupLost } from './vm/deploy-in-group.js';
import { environmentTags } from './vm/environment-tags.js';
import { removalRules } from './vm/forgotten-vm.js';
import { joinLoadBalancers } from './vm/join-load-balancers.js';
import { findLocalDisks, localDiskRules } from './vm/local-disks.js';
import { assertKeepsAddresses, plugNetworks, tellOfIpv6 } from './vm/planned-nic.js';
import { forwardPorts } from './vm/port-forwarding.js';
import { connectPublicAddress } from './vm/public-address.js';
import { assertRegistryThere, createEntry } from './vm/registry-entry.js';
import { settingsHome } from './vm/settings-home.js';
import { withGroupAdvice } from './vm/affinity-group.js';
import { startVm } from './vm/start-vm.js';
import { ephemeralDisks, findLostTwin, hintFor } from './vm/vm-disks.js';
import { planVm, type VmPlan } from './vm/vm-plan.js';

export const createVm = defineMethod({
  name: 'create_vm',
  summary:
    'Creates and starts a VM whose agent finds its settings in the user data, or with the registry.',
  arguments: [
    text('agent_id'),
    text('stemcell_cid'),
    object('cloud_properties'),
    object('networks'),
    optional(textList('disk_cids')),
    optional(object('env')),
  ],
  rules: [...localDiskRules, ...removalRules],
  run: async (call, [agentId, stemcellCid, cloudProperties, networks, diskCids = [], env = {}]) => {
    const request = { agentId, stemcellCid, cloudProperties, networks, diskCids, env };
    const home = settingsHome(call, stemcellCid);
    const plan = await beforeAnyChange('a VM', () => planVm(call, request, home));
    const { vm, plugged } = await tryAgain(
      buildsMax,
      () => undoOnFailure(call, 'a VM', (saga) => buildWithinTime(call, saga, plan)),
      (failure) => {
        if (!(failure instanceof GroupLost)) return false;
        call.log(`${failure.message}; making the VM anew`);
        return true;
      },
    );
    return call.apiVersion >= 2 ? [vm.id, echoedNetworks(plugged)] : vm.id;
  },
});

/**
 * Another call may remove an affinity group that it sees no VM in just when this VM gets into it:
 * then this one is made again, as of two calls at once for one agent the other has failed already.
 */
const buildsMax = 2;

/** A VM, and the networks that its agent is told of. */
interface BuiltVm {
  vm: VirtualMachine;
  plugged: PluggedNetwork[];
}

/**
 * Stops the work when so much time has passed that others may soon take the VM for forgotten.
 *
 * @throws DeadlineExceeded; what `build` throws.
 */
async function buildWithinTime(call: Call, saga: Saga, plan: VmPlan): Promise<BuiltVm> {
  const { stem } = plan;
  const afterMs = buildMs(call);
  const tooLate = new DeadlineExceeded({ what: 'creation of the VM', id: stem, afterMs }, 'begun');
  const limit = startTimeLimit(call.clock, afterMs, tooLate);
  const signal = AbortSignal.any([call.signal, limit.signal]);
  try {
    const client = call.client.withSignal(signal);
    const inTime = { ...call, signal, client, registry: call.registry?.withSignal(signal) };
    return await build(inTime, saga, plan);
  } catch (failure) {
    const isTooLate = failure instanceof Aborted && signal.reason === tooLate;
    throw isTooLate ? tooLate : failure;
  } finally {
    await limit.stop();
  }
}

/**
 * Deploys stopped, completes the VM, then starts it: a failed start leaves a VM that can be taken
 * away, a failed deployment job does not. MACs and disks are known only after the deployment, and
 * only then all local disks are free: a leftover may have carried them. Marks come before the
 * start: should this process be killed, they tell whose the VM is.
 */
async function build(call: Call, saga: Saga, plan: VmPlan): Promise<BuiltVm> {
  if (plan.home !== 'user data') await assertRegistryThere(call);
  const vm = await deployInItsGroup(call, saga, plan);
  tellOfIpv6(call, plan.nics, vm);
  const [ephemeral, localDisks] = await Promise.all([
    findEphemeralDisk(call, plan, vm),
    findLocalDisks(call, plan.diskCids),
    markVm(call, plan, vm),
  ]);
  for (const disk of localDisks) await attachBeforeStart(call, vm, disk);
  const plugged = plugNetworks(plan.specs, plan.nics, vm.nic ?? []);
  const settings = settingsOf(call, plan, vm, plugged, ephemeral);
  await call.client.call('updateVirtualMachine', {
    id: vm.id,
    userdata: userDataOf(call, plan, vm, plugged, settings),
  });
  if (plan.home !== 'user data') await createEntry(call, saga, vm, settings);
  const started = await startVm(call, vm, localDisks).catch((failure: unknown) => {
    throw withGroupAdvice(failure, plan.affinityGroup);
  });
  assertInItsGroup(plan, started);
  assertKeepsAddresses(vm, started);
  await connectVip(call, saga, plan, vm);
  await joinLoadBalancers(call, saga, plan, vm);
  return { vm, plugged };
}

/** Finds it by the VM, and marks it. */
async function findEphemeralDisk(
  { client, context: { directorUuid } }: Call,
  { agentId, deployment: { diskofferingid: offeringId } }: VmPlan,
  vm: VirtualMachine,
): Promise<Volume | undefined> {
  if (offeringId === undefined) return undefined;
  const { id: vmId } = vm;
  const volumes = await listVolumesOfVm(client, vmId);
  const [attached] = ephemeralDisks(volumes);
  const disk = attached ?? (await findLostTwin(client, vm, volumes, offeringId));
  if (disk !== undefined) {
    const marks = marksOf({ directorUuid, agentId, vmId, purpose: 'ephemeral-disk' });
    await tagNew(client, { type: 'Volume', id: disk.id }, marks);
  }
  if (attached !== undefined) return attached;
  throw new BoshError(
    'VMCreationFailed',
    `create_vm: the ephemeral disk of VM ${vmId} is not attached to it any more: somebody detached ` +
      'or deleted it before the VM had started',
    { okToRetry: true },
  );
}

async function attachBeforeStart(call: Call, vm: VirtualMachine, disk: Volume): Promise<void> {
  await call.client.run(
    'attachVolume',
    { id: disk.id, virtualmachineid: vm.id },
    {
      what: `attachment of local volume ${disk.id} to VM ${vm.id}`,
      deadlineMs: volumeDeadlineMs(call),
    },
  );
}

function settingsOf(
  { configuration }: Call,
  { agentId, env }: VmPlan,
  vm: VirtualMachine,
  networks: PluggedNetwork[],
  ephemeral: Volume | undefined,
): JsonObject {
  return agentSettings({
    agentId,
    vmName: vm.name,
    networks,
    ephemeralDisk: ephemeral && hintFor(vm, ephemeral),
    env,
    defaults: configuration.agent,
  });
}

function userDataOf(
  { configuration, registry }: Call,
  { home }: VmPlan,
  { id, name }: VirtualMachine,
  networks: PluggedNetwork[],
  settings: JsonObject,
): string {
  const userData = agentUserData({
    home,
    serverName: home === 'user data' ? name : id,
    registryEndpoint: registry?.access.agentEndpoint,
    settings,
    networks,
  });
  return encodeUserData(userData, configuration.cloudstack.user_data_max_length);
}

async function connectVip(
  call: Call,
  saga: Saga,
  { agentId, vip, zoneId }: VmPlan,
  vm: VirtualMachine,
): Promise<void> {
  if (vip === undefined) return;
  const { ip, networkId, heldId, forwardings } = vip;
  if (forwardings.length === 0 || heldId === undefined) {
    await connectPublicAddress(call, saga, vm, { ...vip, zoneId, agentId });
  } else {
    await forwardPorts(call, vm, { id: heldId, ip, networkId }, forwardings);
  }
}

async function markVm(
  { client, context: { directorUuid } }: Call,
  plan: VmPlan,
  { id }: VirtualMachine,
): Promise<void> {
  const { agentId, env, vip, loadBalancers } = plan;
  const address = vip?.isOurs === true ? vip.ip : undefined;
  const isBalanced = loadBalancers.length > 0;
  const marks = marksOf({ directorUuid, agentId, address, isBalanced, purpose: 'vm' });
  const tags = { ...environmentTags(env), ...marks, ...notesFor(plan) };
  await tagNew(client, { type: 'UserVm', id }, tags);
}

/** What calls that are told the VM alone have to know of its networks, and of its settings. */
function notesFor({ vip, nics, home }: VmPlan): Tags {
  const parking = nics.flatMap(({ network, parking: range }) =>
    range === undefined ? [] : [[parkingMark(network.id), range] as const],
  );
  const forwarded = vip !== undefined &&
    vip.forwardings.length > 0 && { [marks.forwarded]: vip.ip };
  const registered = home !== 'user data' && { [marks.registry]: home };
  return { ...forwarded, ...registered, ...Object.fromEntries(parking) };
}
