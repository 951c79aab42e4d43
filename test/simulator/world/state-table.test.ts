// State tables: every pair that a table has leads where it says, a pair that it lacks is an error
// which names entity, state and event, and the tables themselves are whole.
import { expect, test } from '@playwright/test';
import {
  UndeclaredTransition,
  nextState,
  type StateTable,
} from '../../../simulator/world/state-table.js';
import { domainStates } from '../../../simulator/world/states/domain.js';
import { projectStates } from '../../../simulator/world/states/project.js';
import { standingStates } from '../../../simulator/world/states/standing.js';
import { templateStates } from '../../../simulator/world/states/template.js';
import { virtualMachineStates } from '../../../simulator/world/states/virtual-machine.js';
import { volumeStates } from '../../../simulator/world/states/volume.js';

test('an event leads from a state to the next', () => {
  expect(nextState(virtualMachineStates, 'Stopped', 'StartRequested')).toBe('Starting');
  expect(nextState(virtualMachineStates, 'Error', 'DestroyRequested')).toBe('Expunging');
});

test('a pair that the table lacks leads nowhere', () => {
  expect(nextState(virtualMachineStates, 'Running', 'StartRequested')).toBeUndefined();
  expect(nextState(volumeStates, 'Expunged', 'CreateRequested')).toBeUndefined();
});

test('the error of a missing pair names entity, state and event', () => {
  const error = new UndeclaredTransition('volume', 'some-id', 'Expunged', 'AttachRequested');
  expect(error.message).toContain('volume some-id is Expunged: AttachRequested');
});

for (const table of [
  domainStates,
  projectStates,
  standingStates,
  templateStates,
  virtualMachineStates,
  volumeStates,
] as readonly StateTable<string, string>[]) {
  test(`the table of a ${table.entity} has each pair once, and a way into each state`, () => {
    const pairs = table.transitions.map(([from, event]) => `${from} ${event}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    const entered = new Set([...table.initial, ...table.transitions.map(([, , to]) => to)]);
    for (const [from] of table.transitions) expect([...entered]).toContain(from);
  });
}
