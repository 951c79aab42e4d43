// The checked-in pages about the simulator are those that its declarations give, each name that a
// user may write is on them, and the example of a world file is a sound world.
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { commands } from '../../../../simulator/commands/index.js';
import { commandsPage } from '../../../../simulator/control/documentation/commands-page.js';
import {
  coveragePage,
  type ApiVector,
  type ShownByTests,
} from '../../../../simulator/control/documentation/coverage-page.js';
import { controlPage } from '../../../../simulator/control/documentation/control-page.js';
import { differencesPage } from '../../../../simulator/control/documentation/differences-page.js';
import {
  EXAMPLE_PLAN,
  faultsPage,
} from '../../../../simulator/control/documentation/faults-page.js';
import { taskTexts } from '../../../../simulator/control/pending-tasks.js';
import { libraryPage } from '../../../../simulator/control/documentation/library-page.js';
import { settingsPage } from '../../../../simulator/control/documentation/settings-page.js';
import { worldsPage } from '../../../../simulator/control/documentation/worlds-page.js';
import { declarationOf, effectNames } from '../../../../simulator/faults/effects.js';
import type { FaultPlanInput } from '../../../../simulator/faults/plan-schema.js';
import { parseClockMode } from '../../../../simulator/kernel/clock.js';
import { createSimulator } from '../../../../simulator/simulator.js';
import { checkInvariants } from '../../../../simulator/world/invariants/invariants.js';
import type { WorldDescriptionInput } from '../../../../simulator/world/description/world-description.js';

const fileNamed = (name: string): string =>
  readFileSync(new URL(`../../../../docs/simulator/${name}`, import.meta.url), 'utf8');

const vectorNamed = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/api/${name}`, import.meta.url), 'utf8'));

const pages: Readonly<Record<string, () => string>> = {
  'commands.md': commandsPage,
  'coverage.md': () =>
    coveragePage(vectorNamed('4.20.json') as ApiVector, vectorNamed('shown.json') as ShownByTests),
  'differences.md': differencesPage,
  'library.md': libraryPage,
  'settings.md': settingsPage,
  'worlds.md': () => worldsPage(fileNamed('example-world.json')),
  'control.md': controlPage,
  'faults.md': faultsPage,
};
for (const [name, render] of Object.entries(pages)) {
  test(`${name} is up to date (npm run build renews it)`, () => {
    expect(fileNamed(name)).toBe(render());
  });
}

test('every command is described, and what it answers with', () => {
  const page = commandsPage();
  for (const { name } of commands) expect(page).toContain(`\n## ${name}\n`);
  expect(page).toContain('- `virtualmachineid`: uuid of `virtualmachine`, required\n');
  expect(page).toContain('\n### volume of createVolume\n');
  expect(page).toContain('\n### zone\n');
});

for (const [name, render] of Object.entries(pages)) {
  test(`no two headings of ${name} are the same, and its links to them lead somewhere`, () => {
    const headings = [...render().matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!);
    expect(new Set(headings).size).toBe(headings.length);
    const anchors = new Set(
      headings.map((title) =>
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const links = [...render().matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor!);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  });
}

test('coverage begins with how many commands of CloudStack there are, and with how many are not', () => {
  const { commands: inScope, outside } = vectorNamed('4.20.json') as ApiVector;
  const [first = ''] = pages['coverage.md']!().split('\n\n').slice(2);
  const simulated = Object.keys(inScope).filter((name) =>
    commands.some((one) => one.name === name),
  );
  expect(first).toContain(
    `CloudStack 4.20 has ${Object.keys(inScope).length + outside.length} commands: ${simulated.length} of them are simulated`,
  );
  expect(first).toContain(`${outside.length} are outside of it`);
});

test('every field of a world file says what it is for', () => {
  const fields = worldsPage('{}').match(/^- `.*$/gm) ?? [];
  expect(fields.length).toBeGreaterThan(60);
  for (const field of fields) expect(field).toMatch(/^- `\w+` \(.+\): [A-Z].*\.$/);
});

test('every kind of task is on the page about control', () => {
  const folder = new URL('../../../../simulator/', import.meta.url);
  const kinds = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/_TASK = '(.*)'/g)])
    .map(([, kind]) => kind!);
  expect(kinds.length).toBeGreaterThan(15);
  expect(Object.keys(taskTexts).sort()).toEqual(kinds.sort());
});

test('every mode of the clock is on the page and is one', () => {
  const [, modes = ''] = controlPage().split('## Modes of the clock');
  const names = [...(modes.split('\n## ')[0] ?? '').matchAll(/^- `([\w-]+)`: /gm)].map(
    ([, name]) => name!,
  );
  expect(names).toHaveLength(5);
  for (const name of names) {
    expect(parseClockMode(name === 'scaled' ? 'scaled:60' : name)?.kind).toBe(name);
  }
});

test('the example of a fault plan is one', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(fileNamed('faults.md')) ?? [];
  expect(JSON.parse(example)).toEqual(EXAMPLE_PLAN);
  const simulator = createSimulator({ faults: JSON.parse(example) as FaultPlanInput });
  expect(simulator.faults.map(({ name }) => name)).toEqual(EXAMPLE_PLAN.map(({ name }) => name));
});

test('every effect is on the page, with each of its options', () => {
  const page = faultsPage();
  for (const name of effectNames) {
    const [, section = ''] = page.split(`\n### ${name}\n`);
    for (const option of Object.keys(declarationOf(name).options)) {
      expect(section.split('\n### ')[0], name).toContain(`\n- \`${option}\` (`);
    }
  }
});

test('the example of a world file is a sound world with the keys that it names', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(fileNamed('worlds.md')) ?? [];
  const simulator = createSimulator({ world: JSON.parse(example) as WorldDescriptionInput });
  expect(checkInvariants(simulator.world)).toEqual([]);
  expect(simulator.userWithRole('User')).toMatchObject({
    apiKey: 'bosh-key',
    secretKey: 'bosh-secret',
  });
  expect(simulator.world.settings.get('expunge.delay')).toBe(60);
});
