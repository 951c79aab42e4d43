// A parameter counts as shown only if its value matters: not one that is read and has no effect,
// not one that the request is refused for before the command looks at it, and looking changes
// nothing in the world.
import { expect, test } from '@playwright/test';
import { senderOf, testSimulator } from '../simulator-client.js';
import type { Values } from '../signed-client.js';
import { namesThatMatter } from './parameter-effects.js';

const person = { firstname: 'A', lastname: 'B', email: 'a@b.example', username: 'ann' };

function mattering(command: string, values: Values): string[] {
  const { simulator, admin } = testSimulator();
  const before = simulator.save().sha256;
  const names = namesThatMatter(
    simulator,
    command,
    values,
    Object.keys(values),
    senderOf(admin.keys),
  );
  expect(simulator.save().sha256).toBe(before);
  return names;
}

test('what is stored or decides, and not what is only read', () => {
  // Nobody can sign in with a password, so it matters to nothing.
  const values = { ...person, password: 'secret', accounttype: 0 };
  expect(mattering('createAccount', values)).toEqual([...Object.keys(person), 'accounttype']);
});

test('a filter that narrows a list, and not one that keeps all of it', () => {
  expect(mattering('listZones', { name: 'nowhere' })).toEqual(['name']);
  expect(mattering('listVirtualMachines', { listall: true })).toEqual([]);
});

test('a value that the command never gets to see shows nothing', () => {
  expect(mattering('listZones', { id: 'no-id', name: 'nowhere' })).toEqual([]);
});
