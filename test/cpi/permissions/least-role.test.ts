// Proves that the role which `permissions` prints is enough and nothing in it is too much: with the
// rules of a method alone all that the method can do goes as with every right, and without any one of
// them something does not, of which the CPI tells; against the simulated zone, rule by rule.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { methods } from '../../../cpi/methods/index.js';
import { expungeRight, type Right } from '../../../cpi/permissions/needs.js';
import { needsOf, rightsOf, usersOfRights } from '../../../cpi/permissions/role.js';
import { worldOf } from '../../crash/scenario.js';
import { startZone, type CpiZone } from '../../support/cpi-zone.js';
import { casesIn, type Case } from './cases.js';
import { limitTo, outcomeOf, type Outcome } from './limited-role.js';

const folder = mkdtempSync(join(tmpdir(), 'least-role-'));
const image = join(folder, 'image');
test.beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(image, await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A case that is ready to be called as often as one likes, each time as if for the first. */
interface Prepared {
  readonly about: string;
  readonly withEveryRight: Outcome;
  readonly with: (rights: readonly Right[]) => Promise<Outcome>;
  readonly zone: CpiZone;
}

async function prepare(of: Case): Promise<Prepared> {
  const zone = await startZone({ world: worldOf(of) }, 'direct');
  const args = await of.prepare(zone);
  const rewind = zone.simulator.bookmark();
  const withEveryRight = await outcomeOf(zone, of, args);
  return {
    about: `${of.method} ${of.about}`,
    zone,
    withEveryRight,
    with: (rights) => {
      rewind();
      limitTo(zone, rights);
      return outcomeOf(zone, of, args);
    },
  };
}

const cases = casesIn(image);

test('every method declares what it needs, and nothing else does', () => {
  const commands = ['check', 'gc'];
  const named = methods.map(({ name }) => name);
  expect(
    usersOfRights()
      .filter((name) => !commands.includes(name))
      .sort(),
  ).toEqual(named.sort());
});

for (const method of methods.map(({ name }) => name)) {
  test(`${method}: its rules are enough, and each of them is needed`, async () => {
    const prepared: Prepared[] = [];
    for (const one of cases) if (one.method === method) prepared.push(await prepare(one));
    try {
      await provesOf(method, prepared);
    } finally {
      for (const { zone } of prepared) await zone[Symbol.asyncDispose]();
    }
  });
}

async function provesOf(method: string, prepared: readonly Prepared[]): Promise<void> {
  expect(prepared).not.toEqual([]);
  const rights = rightsOf(needsOf(method), 'all');
  const { required, optional, ifAllowed = [] } = needsOf(method);
  const used = new Set(prepared.flatMap(({ withEveryRight }) => withEveryRight.commands));
  for (const other of ['the image', ...ifAllowed]) used.delete(other);
  const asked = rights.filter((right) => right !== expungeRight);
  expect([...used].sort(), 'declared is what is used').toEqual([...asked].sort());
  for (const one of prepared) {
    expect((await one.with(rights)).what, one.about).toEqual(one.withEveryRight.what);
  }
  for (const right of rights) {
    const rest = rights.filter((other) => other !== right);
    const missed = await firstMissing(prepared, right, rest);
    expect(missed, `something goes wrong without ${right}`).toBeDefined();
    expect(missed?.told, `the CPI tells of ${right}`).toContain(right);
  }
  const inBoth = optional.flatMap((need) =>
    need.rights.filter((right) => required.includes(right)),
  );
  expect(inBoth, 'what is required is not optional').toEqual([]);
}

/** What comes of the first case that does not go as it does with every right. */
async function firstMissing(
  prepared: readonly Prepared[],
  right: Right,
  rest: readonly Right[],
): Promise<Outcome | undefined> {
  for (const one of prepared) {
    const uses = right === expungeRight || one.withEveryRight.commands.includes(right);
    if (!uses) continue;
    const outcome = await one.with(rest);
    if (outcome.what !== one.withEveryRight.what) return outcome;
  }
  return undefined;
}
