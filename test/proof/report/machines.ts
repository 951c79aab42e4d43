// The state machines of the simulated cloud, and how much of each was visited.
import { jobStates } from '../../../simulator/world/states/job.js';
import { loadBalancerRuleStates } from '../../../simulator/world/states/load-balancer-rule.js';
import { networkStates } from '../../../simulator/world/states/network.js';
import { portRuleStates } from '../../../simulator/world/states/port-rule.js';
import { publicIpStates } from '../../../simulator/world/states/public-ip.js';
import { routerStates } from '../../../simulator/world/states/router.js';
import { snapshotStates } from '../../../simulator/world/states/snapshot.js';
import { templateStates } from '../../../simulator/world/states/template.js';
import { virtualMachineStates } from '../../../simulator/world/states/virtual-machine.js';
import { volumeStates } from '../../../simulator/world/states/volume.js';
import type { StateTable } from '../../../simulator/world/state-table.js';
import type { Numbers } from './tally.js';

/** Those of what the CPI makes and uses, by the names that events have for it. */
const tables: Readonly<Record<string, StateTable<string, string>>> = {
  virtualmachine: virtualMachineStates,
  volume: volumeStates,
  snapshot: snapshotStates,
  template: templateStates,
  network: networkStates,
  publicipaddress: publicIpStates,
  firewallrule: portRuleStates,
  portforwardingrule: portRuleStates,
  loadbalancerrule: loadBalancerRuleStates,
  router: routerStates,
  asyncjob: jobStates,
};

/** One change of state that the machine has, and how often it came about. */
export interface Visit {
  readonly from: string;
  readonly event: string;
  readonly to: string;
  readonly times: number;
}

export interface Machine {
  readonly entity: string;
  /** The states that it has, and how often something came into each. */
  readonly states: Numbers;
  readonly transitions: readonly Visit[];
}

/** Says of each machine how much was visited, from counts by `volume Ready AttachRequested Attaching`. */
export function visited(states: Numbers, transitions: Numbers): Machine[] {
  return Object.entries(tables).map(([entity, table]) => ({
    entity,
    states: Object.fromEntries(
      statesOf(table).map((state) => [state, states[`${entity} ${state}`] ?? 0]),
    ),
    transitions: table.transitions.map(([from, event, to]) => ({
      ...{ from, event, to },
      times: transitions[`${entity} ${from} ${event} ${to}`] ?? 0,
    })),
  }));
}

function statesOf({ initial, transitions }: StateTable<string, string>): string[] {
  return [...new Set([...initial, ...transitions.flatMap(([from, , to]) => [from, to])])];
}
