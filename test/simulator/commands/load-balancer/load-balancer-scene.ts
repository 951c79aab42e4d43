// A network that is up, with two public addresses besides its own, and two VMs in it: what tests of
// load balancer rules begin with.
import type {
  NetworkRow,
  NicRow,
  PublicIpRow,
  VmRow,
} from '../../../../simulator/world/entities.js';
import { implementNetwork } from '../../../../simulator/world/network/networks.js';
import { allocatePublicIp } from '../../../../simulator/world/network/public-ips.js';
import type { Reply, TestClient, Values } from '../../../support/simulator-client.js';
import {
  addNic,
  addVm,
  createNetworkWorld,
  networkNamed,
  type NetworkWorld,
} from '../../../support/network-world.js';

export interface Scene extends NetworkWorld {
  readonly network: NetworkRow;
  readonly vm: VmRow;
  readonly nic: NicRow;
  readonly second: VmRow;
  /** The address that the network took for itself. */
  readonly sourceNat: PublicIpRow;
  readonly publicIp: PublicIpRow;
}

export function scene(): Scene {
  const zone = createNetworkWorld();
  const { world } = zone;
  const network = networkNamed(world, 'isolated');
  implementNetwork(world, network);
  const vm = addVm(world);
  const nic = addNic(world, vm, 'isolated', { ipAddress: '10.1.0.5' });
  const second = addVm(world);
  addNic(world, second, 'isolated', { ipAddress: '10.1.0.6' });
  const [sourceNat, publicIp] = world.publicIps.all() as [PublicIpRow, PublicIpRow];
  const owner = { accountId: vm.accountId, networkId: network.id, isSourceNat: false };
  allocatePublicIp(world, publicIp, owner);
  return { ...zone, network, vm, nic, second, sourceNat, publicIp };
}

/** A right request for a rule. */
export function ruleValues({ publicIp }: Scene, values: Values = {}): Values {
  return {
    name: 'web',
    algorithm: 'roundrobin',
    publicport: 443,
    privateport: 8_443,
    publicipid: publicIp.id,
    ...values,
  };
}

/** Makes a rule; answers its id. */
export function addRule(zone: Scene, values: Values = {}): string {
  return zone.user.done('createLoadBalancerRule', ruleValues(zone, values))['loadbalancer'].id;
}

/** The ids of the VMs that a rule shows. */
export function instances(client: TestClient, id: string): string[] {
  const shown = client.call('listLoadBalancerRuleInstances', { id })['loadbalancerruleinstance'];
  return ((shown ?? []) as Reply[]).map((vm) => String(vm['id']));
}

export function ruleState(client: TestClient, id: string): string {
  return client.call('listLoadBalancerRules', { id })['loadbalancerrule'][0].state;
}
