// Proves that rules about several properties at once hold alike in both places: what a program says of
// a set of properties, the template of its job says of it in Ruby, where exactly a rule is broken and
// where all but one of its conditions hold; and that the table of refused properties has each of them.
import { expect, test } from '@playwright/test';
import { cpiRules } from '../../../cpi/config/cpi-rules.js';
import { brokenRules, type Rule, type State } from '../../../cpi/config/rule.js';
import type { JsonObject } from '../../../cpi/protocol/json-value.js';
import { jobs, type Job } from '../../../release/declare/jobs.js';
import { minimal, withProperties, withProperty } from '../support/property-sets.js';
import { render, renderers } from '../support/rendering.js';
import { faults, faultsOfDeployment } from './refused-properties.js';

// Ruby starts once.
test.describe.configure({ mode: 'default' });

/** What is right of single properties of the jobs that have rules. */
const bases: Readonly<Record<string, object>> = {
  cloudstack_cpi: minimal,
  cloudstack_registry: { registry: { username: 'registry', password: 'a-password' } },
};

/** Texts that are like a pattern of the rules, and such that are not. */
const addresses = [
  'http://10.0.0.6:8080',
  'http://me@10.0.0.6:8080',
  'http://:a-password@10.0.0.6:8080',
  'http://me:a-password@10.0.0.6:8080',
];

/** A value in a state; undefined for none. */
function valueIn(state: State, example: unknown): unknown {
  if (state === 'set') return example;
  if (state === 'left empty') return '';
  if (typeof state === 'string') return undefined;
  if ('is' in state) return state.is[0];
  const isMeant = (text: string): boolean =>
    'like' in state ? new RegExp(state.like).test(text) : !new RegExp(state.unlike).test(text);
  return addresses.find(isMeant);
}

/** A value that is not in it. */
function valueOutOf(state: State, example: unknown): unknown {
  if (typeof state === 'string') return state === 'set' ? undefined : example;
  if ('is' in state) return typeof state.is[0] === 'boolean' ? !state.is[0] : undefined;
  const opposite: State = 'like' in state ? { unlike: state.like } : { like: state.unlike };
  return valueIn(opposite, example);
}

/** Sets of properties: one that breaks the rule, and for each of its conditions one without it. */
function setsFor({ name, properties }: Job, { where }: Rule): object[] {
  const exampleOf = (property: string): unknown =>
    properties.find((one) => one.name === property)!.example;
  const conditions = Object.entries(where);
  const set = (turned?: string): object =>
    conditions.reduce<object>((tree, [property, state]) => {
      const choose = property === turned ? valueOutOf : valueIn;
      return withProperty(tree, property, choose(state, exampleOf(property)));
    }, bases[name]!);
  return [set(), ...conditions.map(([property]) => set(property))];
}

for (const job of jobs.filter(({ rules }) => rules.length > 0)) {
  test(`${job.name}: its template and its program say the same of rules that are nearly broken`, async () => {
    const problems = new Set(job.rules.map(({ problem }) => problem));
    const seen = new Set<string>();
    for (const rule of job.rules) {
      const [breaking, ...others] = setsFor(job, rule);
      for (const properties of [breaking!, ...others]) {
        // Undefined is nothing in JSON, and nil in Ruby.
        const about = JSON.stringify(properties);
        const given = JSON.parse(about) as JsonObject;
        const byProgram = brokenRules(job.rules, given);
        if (properties === breaking) expect(byProgram, about).toContain(rule.problem);
        else expect(brokenRules([rule], given), about).toEqual([]);
        if (seen.has(about)) continue;
        seen.add(about);
        const said = await saidBy(job, given, renderers[seen.size % renderers.length]!);
        const byTemplate = [...problems].filter((problem) => said.includes(problem));
        expect(byTemplate.sort(), about).toEqual([...new Set(byProgram)].sort());
      }
    }
  });
}

async function saidBy(
  { name, configuration: template }: Job,
  properties: object,
  renderer: (typeof renderers)[number],
): Promise<string> {
  try {
    await render({ job: name, template, properties, renderer });
    return '';
  } catch (failure) {
    return (failure as Error).message;
  }
}

test('each rule of the CPI, and each property that it requires, is in the table of refused ones', () => {
  const told = (sentence: string): boolean =>
    [...faults, ...faultsOfDeployment].some(([, , expected]) => expected.test(sentence));
  expect(cpiRules.filter(({ problem }) => !told(problem))).toEqual([]);
  const { properties } = jobs.find(({ name }) => name === 'cloudstack_cpi')!;
  const required = properties.filter(({ absent }) => absent.is === 'an error');
  expect(required.length).toBeGreaterThan(4);
  expect(required.filter(({ name }) => !told(`${name} is missing: set it to`))).toEqual([]);
});

test('a rule finds a property under the name that an earlier release had for it', async () => {
  const job = jobs.find(({ name }) => name === 'cloudstack_cpi')!;
  const both = withProperties(minimal, {
    registry: { host: '10.0.0.6' },
    cpi: { registry: { endpoint: 'http://me:a-password@10.0.0.6:8080' } },
  });
  expect(await saidBy(job, both, 'director')).toContain('registry.host and registry.endpoint');
  const byHost = withProperties(minimal, {
    stemcell: { publish: 'create-env' },
    cpi: { webdav_host: '10.0.0.6' },
  });
  expect(await saidBy(job, byHost, 'create-env')).toBe('');
});
