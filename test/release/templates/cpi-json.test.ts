// Proves that cpi.json, rendered by Ruby as a Director and as `bosh create-env` render it, is what
// the CPI takes, for the ways in which operators configure it; and that what the CPI would refuse
// fails when it is rendered, with a sentence that names the property.
import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import {
  mergeConfiguration,
  validateConfiguration,
  type LoadedConfiguration,
} from '../../../cpi/config/load.js';
import { sections } from '../../../cpi/config/properties.js';
import type { Property } from '../../../cpi/config/property.js';
import { jobs } from '../../../release/declare/jobs.js';
import { certificate, minimal, withProperties, withProperty } from '../support/property-sets.js';
import { render, renderers, type Renderer } from '../support/rendering.js';
import { faults, faultsOfDeployment } from './refused-properties.js';
import { takenProperties } from './taken-properties.js';

// Ruby starts once.
test.describe.configure({ mode: 'default' });

const file = (properties: object, renderer: Renderer = 'director'): Promise<string> =>
  render({ job: 'cloudstack_cpi', template: 'cpi.json.erb', properties, renderer });

const load = (text: string): LoadedConfiguration =>
  validateConfiguration(mergeConfiguration(text, {}));

for (const [name, { properties, loaded, warnings = 0 }] of Object.entries(takenProperties)) {
  test(`taken: ${name}`, async () => {
    for (const renderer of renderers) {
      const { configuration, warnings: said } = load(await file(properties, renderer));
      expect(configuration, renderer).toMatchObject(loaded);
      expect(said).toHaveLength(warnings);
    }
  });
}

test('taken: every property at once, with the value of its example', async () => {
  const { properties } = jobs.find(({ name }) => name === 'cloudstack_cpi')!;
  // Those of earlier releases, and what excludes each other, are in sets of their own.
  const present = properties.filter(
    ({ name, description }) =>
      !/earlier release/.test(description) &&
      !['cloudstack.project_id', 'registry.host'].includes(name),
  );
  expect(present.length).toBeGreaterThan(45);
  const full = present.reduce(
    (tree, { name, example, expected }) =>
      withProperty(tree, name, /certificates in PEM/.test(expected) ? certificate : example),
    {},
  );
  for (const renderer of renderers) {
    const text = await file(full, renderer);
    const { configuration, warnings } = load(text);
    expect(warnings).toEqual([]);
    expect(configuration).toMatchObject({ ...full });
  }
});

/** What stands beside a name of an earlier release where it would change nothing by itself. */
const beside: Readonly<Record<string, object>> = {
  'cpi.agent.mbus': { agent: null },
  'env.http_proxy': { cloudstack: { endpoint: 'http://cloud.example.com/client/api' } },
  'env.no_proxy': { env: { https_proxy: 'http://proxy.example.com:3128' } },
  'registry.user': { registry: { host: '10.0.0.6', password: 'a-password' } },
  'cpi.registry.user': { registry: { host: '10.0.0.6', password: 'a-password' } },
  'cpi.registry.password': { registry: { host: '10.0.0.6', username: 'me' } },
  'cpi.registry.endpoint': { registry: { host: '', username: 'me', password: 'a-password' } },
};

/** Where the example is the default. */
const otherValues: Readonly<Record<string, unknown>> = {
  'cloudstack.stemcell.os_type': 'Ubuntu 22.04 LTS',
  'cloudstack.stemcell_os_type': 'Ubuntu 22.04 LTS',
  'cpi.webdav_port': 8080,
};

test('every name of the earlier releases arrives as if it stood in the file', async () => {
  const { properties } = jobs.find(({ name }) => name === 'cloudstack_cpi')!;
  const older = properties.filter(({ description }) => /earlier release/.test(description));
  expect(older.length).toBeGreaterThan(40);
  for (const { name, example } of older) {
    const base = withProperties(minimal, beside[name] ?? {});
    const given = withProperty(base, name, otherValues[name] ?? example);
    const byTemplate = load(await file(given));
    assert.deepEqual(byTemplate, load(JSON.stringify(given)), name);
    const without = JSON.stringify(base);
    const isTold = await refusal(() => assert.deepEqual(byTemplate, load(without)));
    assert.notEqual(isTold, '', `${name} changes nothing`);
  }
});

test('texts arrive as they are, whatever is in them', async () => {
  const strange = 'p%w"o\'r<%=1%>d\\n#{x}é☃';
  const { configuration } = load(
    await file(withProperty(minimal, 'cloudstack.secret_access_key', strange)),
  );
  expect(configuration.cloudstack.secret_access_key).toBe(strange);
});

for (const [fault, over, sentence] of faults) {
  test(`refused: ${fault}`, async () => {
    const properties = withProperties(minimal, over);
    for (const renderer of renderers)
      await expect(file(properties, renderer)).rejects.toThrow(sentence);
    // The CPI would refuse it, too, but only when it is called.
    expect(() => load(JSON.stringify(properties))).toThrow(sentence);
  });
}

for (const [fault, over, sentence] of faultsOfDeployment) {
  test(`refused before it is deployed: ${fault}`, async () => {
    const properties = withProperties(minimal, over);
    for (const renderer of renderers)
      await expect(file(properties, renderer)).rejects.toThrow(sentence);
  });
}

test('all that is wrong is told at once, and no secret', async () => {
  const wrong = {
    cloudstack: { endpoint: 'x', secret_access_key: 'my secret', default_zone: 7 },
    agent: {},
  };
  const failure = await refusal(() => file(wrong));
  for (const name of [
    'cloudstack.endpoint',
    'cloudstack.api_key',
    'cloudstack.secret_access_key',
    'cloudstack.default_zone',
    'agent.mbus',
  ]) {
    expect(failure).toContain(`) ${name} `);
  }
  expect(failure).not.toContain('my secret');
});

/** Objects whose insides only the CPI looks into. */
const onlyByTheCpi = [
  'cloudstack.poll',
  'cloudstack.timeout',
  'cloudstack.calculate',
  'agent.blobstore',
];

test('of single values, the template refuses what the CPI refuses, and takes what it takes', async () => {
  const values = [
    true,
    7,
    100_000_000,
    'two words',
    'http://h',
    'https://u:p@h:1',
    ['x'],
    { a: 1 },
  ];
  // One property of each form: the rest differs in its name only.
  const names = new Map(
    Object.entries(sections)
      .flatMap(([section, table]) =>
        Object.entries(table as Record<string, Property<unknown>>).map(
          ([key, { form, expected }]) => ({
            name: `${section}.${key}`,
            form: `${JSON.stringify(form)} ${expected}`,
          }),
        ),
      )
      .filter(({ name }) => !onlyByTheCpi.includes(name))
      .map(({ name, form }) => [form, name]),
  );
  expect(names.size).toBeGreaterThan(12);
  const differences: string[] = [];
  for (const name of names.values()) {
    for (const value of values) {
      const properties = withProperty(minimal, name, value);
      const byTemplate = await refusal(() => file(properties));
      const byCpi = await refusal(() => load(JSON.stringify(properties)));
      const isRefused = (said: string): boolean => said.includes(`${name} must be `);
      if (isRefused(byTemplate) === isRefused(byCpi)) continue;
      differences.push(`${name} ${JSON.stringify(value)}: ${byTemplate} | ${byCpi}`);
    }
  }
  assert.deepEqual(differences, []);
});

/** What is said against it, or nothing. */
async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
    return '';
  } catch (failure) {
    return (failure as Error).message;
  }
}
