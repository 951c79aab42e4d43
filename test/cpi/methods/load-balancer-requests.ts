// Arguments of create_vm for VMs behind load balancers of the simulated default zone, rules as
// operators make them, and what the zone then holds.
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { at, startZone, type CpiZone } from '../../support/cpi-zone.js';
import { manualNetwork, vmArguments } from './vm-requests.js';

export const usersMayExpunge = {
  ...advancedKvm,
  settings: { 'allow.user.expunge.recover.vm': true },
};
export const otherAgent = 'b0000000-0000-4000-8000-000000000002';
export const web = { name: 'web', public_port: 443, private_port: 8443 };

export function vmBehind(lbs: unknown, more: object = {}): unknown[] {
  return vmArguments({ properties: { lbs }, ...more });
}

export function otherVmBehind(lbs: unknown, more: object = {}): unknown[] {
  return vmBehind(lbs, {
    agentId: otherAgent,
    networks: { private: manualNetwork('10.203.6.41') },
    ...more,
  });
}

export async function createVm(zone: CpiZone, request: unknown[]): Promise<string> {
  return ((await zone.result('create_vm', request)) as [string])[0];
}

export function rules(zone: CpiZone): unknown[] {
  return (zone.user.call('listLoadBalancerRules')['loadbalancerrule'] ?? []) as unknown[];
}

export function members(zone: CpiZone, rule: unknown): unknown[] {
  const answer = zone.user.call('listLoadBalancerRuleInstances', { id: idOf(rule) });
  return ((answer['loadbalancerruleinstance'] ?? []) as unknown[]).map(idOf);
}

export function idOf(resource: unknown): string {
  return String(at(resource, 'id'));
}

export function networkId(zone: CpiZone, name: string): string {
  const networks = zone.user.call('listNetworks', { keyword: name });
  return String(at(networks, 'network', 0, 'id'));
}

/** An address that the account holds for NET_CS. */
export function holdAddress(zone: CpiZone, ipaddress: string): string {
  const networkid = networkId(zone, 'NET_CS');
  return idOf(zone.user.done('associateIpAddress', { networkid, ipaddress })['ipaddress']);
}

/** A rule as an operator makes it. */
export function makeRule(zone: CpiZone, publicipid: string, more: object = {}): string {
  const answer = zone.user.done('createLoadBalancerRule', {
    name: 'web',
    algorithm: 'source',
    publicport: '443',
    privateport: '8443',
    publicipid,
    ...more,
  });
  return idOf(answer['loadbalancer']);
}

/** A zone whose network has taken its own address, as it does with its first VM. */
export async function usedZone(world: object = usersMayExpunge): Promise<CpiZone> {
  const zone = await startZone({ world: world as typeof usersMayExpunge });
  await zone.result('delete_vm', [await createVm(zone, vmArguments())]);
  return zone;
}
