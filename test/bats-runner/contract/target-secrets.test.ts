// A saved world that a failed case is told with has no secrets, and can be loaded whatever these are:
// words that stand in each world as states, names of columns and types of accounts among them.
import { expect, test } from '@playwright/test';
import { worldWithoutSecrets } from '../../../bats-runner/contract/target-secrets.js';
import { createSimulator } from '../../../simulator/simulator.js';

const long = 'a-secret-of-some-length';

function world(): string {
  const saved = JSON.stringify(createSimulator({ seed: 1 }).save());
  const { content, ...head } = JSON.parse(saved);
  const text = JSON.stringify(content).replace(/(?<="displayText":")[^"]+/, `It is ${long}.`);
  expect(text).toContain(long);
  return JSON.stringify({ ...head, content: JSON.parse(text) });
}

for (const secret of ['password', 'admin', 'User', 'Running', long]) {
  test(`a world whose keys and ${secret} are left out can be loaded`, () => {
    const before = world();
    const simulator = createSimulator();
    const open = worldWithoutSecrets(before, [secret]);
    simulator.load(JSON.parse(open));
    const users = simulator.world.users.all();
    expect(users.length).toBeGreaterThan(1);
    const keys = users.flatMap(({ apiKey, secretKey }) => [apiKey, secretKey]);
    const said = keys.filter((key) => typeof key === 'string');
    expect(new Set(said).size).toBe(said.length);
    expect(said.filter((key) => before.includes(`"${key}"`))).toEqual([]);
    expect(open.includes(long)).toBe(secret !== long);
  });
}
