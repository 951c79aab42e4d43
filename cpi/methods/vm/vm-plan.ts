import { agentUserData, type SettingsHome } from '../../agent/agent-user-data.js';
import { diskHint } from '../../agent/disk-hint.js';
import { parseNetworks, type NetworkSpec, type PluggedNetwork } from '../../agent/network-spec.js';
import { agentSettings } from '../../agent/settings.js';
import { encodeUserData } from '../../agent/user-data.js';
import type { Parameters } from '../../cloudstack/parameters.js';
import { objectList } from '../../config/property.js';
import type { JsonObject } from '../../protocol/json-value.js';
import { parseStemcellCid } from '../../stemcells/cid.js';
import { bringToZone, findForZone } from '../../stemcells/template-in-zone.js';
import { vmDeadlineMs, type Call } from '../call/call.js';
import { assertAllRight, type OwnedProperties } from '../shared/check-cloud-properties.js';
import {
  loadBalancerProperties,
  networkProperties,
  readCloudProperties,
  vipProperties,
  vmProperties,
} from '../shared/cloud-properties.js';
import { planAffinityGroup, type PlannedGroup } from './affinity-group.js';
import { wantedComputeOffering } from './compute-offering.js';
import { computeParameters, rootDiskSizeGib } from './compute-parameters.js';
import { ephemeralParameters } from './ephemeral-parameters.js';
import { securityGroupParameters } from './security-groups.js';
import { ownerOfRule, planLoadBalancers, type WantedRule } from './load-balancer.js';
import { withRoutes } from './network-routes.js';
import { ipToNetworkList, planNics, plugNetworks, type PlannedNics } from './planned-nic.js';
import { planVip, type PlannedVip } from './planned-vip.js';

/** The arguments of create_vm. */
export interface VmRequest {
  agentId: string;
  stemcellCid: string;
  cloudProperties: JsonObject;
  networks: JsonObject;
  diskCids: string[];
  env: JsonObject;
}

/** A VM that can be created as far as one can tell without creating anything. */
export interface VmPlan {
  agentId: string;
  /** Its name, unless CloudStack still keeps that for a VM that is being cleared away. */
  stem: string;
  zoneId: string;
  specs: NetworkSpec[];
  nics: PlannedNics;
  vip: PlannedVip | undefined;
  /** The disks that it is to get. */
  diskCids: readonly string[];
  env: JsonObject;
  /** Where its agent finds its settings. */
  home: SettingsHome;
  /** The name of its SSH key pair. */
  keyPair: string | undefined;
  affinityGroup: PlannedGroup | undefined;
  loadBalancers: WantedRule[];
  /** Parameters of deployVirtualMachine but the name. */
  deployment: Parameters;
}

/**
 * Resolves everything that the VM refers to and checks all that can be checked. Last of all, a
 * stemcell that is in another zone is copied to the VM's.
 *
 * @throws BoshError or CloudStackError that says what is wrong; nothing else has been created.
 */
export async function planVm(call: Call, request: VmRequest, home: SettingsHome): Promise<VmPlan> {
  const { client, configuration } = call;
  const { agentId, diskCids, env } = request;
  const networks = parseNetworks(request.networks);
  assertAllRight(call, [...ofVm(request), ...networks.map(ofNetwork)]);
  const properties = readCloudProperties(call, vmProperties, request.cloudProperties, 'the VM');
  const specs = withRoutes(networks, properties.routes);
  const zoneName =
    properties.zone ?? properties.availability_zone ?? configuration.cloudstack.default_zone;
  const nics = await planNics(call, specs, zoneName);
  const zoneId = nics[0].network.zoneid;
  const stem = `vm-${agentId}`;
  const [compute, ephemeral, vip, affinityGroup] = await Promise.all([
    wantedComputeOffering(call, properties, zoneId, Object.keys(request.cloudProperties)),
    ephemeralParameters(call, properties, zoneId),
    planVip(call, { specs, nics, zoneId, stem }),
    planAffinityGroup(call, properties, env),
  ]);
  const loadBalancers = await planLoadBalancers(call, properties.lbs, { nics, vip, zoneId });
  const { templateId } = parseStemcellCid(request.stemcellCid);
  const found = await findForZone(client, templateId, zoneId);
  const { template } = found;
  const securityGroups = nics.flatMap((nic) => nic.securityGroups);
  const keyPair = properties.key_name ?? configuration.cloudstack.default_key_name;
  const expected = expectedUserData(call, {
    request,
    home,
    stem,
    specs,
    nics,
    ephemeral,
    hypervisor: template.hypervisor,
  });
  const plan: VmPlan = {
    agentId,
    stem,
    zoneId,
    specs,
    nics,
    vip,
    diskCids,
    env,
    home,
    keyPair,
    affinityGroup,
    loadBalancers,
    deployment: {
      serviceofferingid: compute.offering.id,
      templateid: template.id,
      zoneid: zoneId,
      startvm: false,
      iptonetworklist: ipToNetworkList(nics),
      keypair: keyPair,
      ...securityGroupParameters(properties.security_groups, securityGroups),
      rootdisksize: rootDiskSizeGib(call, compute.offering, properties, template),
      details: computeParameters(call, compute.offering, compute.properties),
      userdata: encodeUserData(expected, configuration.cloudstack.user_data_max_length),
      ...ephemeral,
    },
  };
  await bringToZone(client, found, { zoneId, deadlineMs: vmDeadlineMs(call) });
  return plan;
}

function ofVm({ cloudProperties }: VmRequest): OwnedProperties[] {
  const { lbs } = cloudProperties;
  const entries = objectList.includes(lbs) ? lbs : [];
  return [
    [vmProperties, cloudProperties, 'the VM'],
    ...entries.map((entry, index) => [loadBalancerProperties, entry, ownerOfRule(index)] as const),
  ];
}

function ofNetwork({ type, cloudProperties, name }: NetworkSpec): OwnedProperties {
  const table = type === 'vip' ? vipProperties : networkProperties;
  return [table, cloudProperties, `network ${name}`];
}

/** Where disks have the longest names: only the created VM tells what its disks are on. */
const longestNamedController = 'scsi';

/**
 * The user data with placeholders for what only the created VM tells, in the same length or a
 * little more: so CloudStack can refuse user data before it creates anything.
 */
function expectedUserData(
  call: Call,
  vm: {
    request: VmRequest;
    home: SettingsHome;
    stem: string;
    specs: NetworkSpec[];
    nics: PlannedNics;
    ephemeral: { diskofferingid?: string };
    hypervisor: string | undefined;
  },
): JsonObject {
  const { request, home, stem, specs, nics, ephemeral, hypervisor } = vm;
  const networks: PluggedNetwork[] = plugNetworks(specs, nics, []).map((plugged) =>
    plugged.spec.type === 'vip' ? plugged : { ...plugged, macAddress: '00:00:00:00:00:00' },
  );
  const placeholder = {
    volumeId: '0'.repeat(36),
    deviceId: 1,
    hypervisor,
    diskController: longestNamedController,
  };
  const settings = agentSettings({
    agentId: request.agentId,
    vmName: stem,
    networks,
    ephemeralDisk: ephemeral.diskofferingid === undefined ? undefined : diskHint(placeholder),
    env: request.env,
    defaults: call.configuration.agent,
  });
  return agentUserData({
    home,
    serverName: stem,
    registryEndpoint: call.registry?.access.agentEndpoint,
    settings,
    networks,
  });
}
