// GitHub takes the workflows as they stand, as far as that can be told without it: the files have the
// parts that its syntax has and no others, jobs need jobs that there are, the scripts that steps run are
// there and get what they read, and every secret and variable is told of in the documentation.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { readPage, root, sectionOf } from '../docs/page.js';

// https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax, as far as used.
const text = z.union([z.string(), z.number(), z.boolean()]);
const env = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), text);
const common = {
  id: z.string().optional(),
  name: z.string().optional(),
  if: z.string().optional(),
  env: env.optional(),
  'timeout-minutes': z.number().optional(),
};
const step = z.union([
  z.strictObject({ ...common, run: z.string() }),
  z.strictObject({
    ...common,
    // Pinned to a version: none runs what its default branch happens to be.
    uses: z.string().regex(/^[\w-]+\/[\w-]+@v\d+$/),
    with: z.record(z.string(), text).optional(),
  }),
]);
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(
    z.enum(['push', 'pull_request', 'schedule', 'workflow_dispatch']),
    z
      .union([
        z.array(z.strictObject({ cron: z.string().regex(/^\d+ \d+ \* \* \*$/) })),
        z.strictObject({
          inputs: z.record(
            z.string(),
            z.strictObject({ description: z.string(), default: text, required: z.boolean() }),
          ),
        }),
      ])
      .nullable()
      .optional(),
  ),
  permissions: z.strictObject({ contents: z.literal('read') }),
  concurrency: z.strictObject({ group: z.string() }).optional(),
  jobs: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/),
    z.strictObject({
      'runs-on': z.string(),
      'timeout-minutes': z.number().max(360),
      needs: z.array(z.string()).optional(),
      env: env.optional(),
      strategy: z
        .strictObject({
          'fail-fast': z.boolean(),
          matrix: z.record(z.string(), z.array(z.string())),
        })
        .optional(),
      steps: z.array(step).min(1),
    }),
  ),
});

const files = readdirSync(join(root, '.github/workflows'));
const workflows = files.map((file) => {
  const source = readPage(`.github/workflows/${file}`);
  // Of YAML 1.2: `on` is a name, not a truth value.
  const { errors, warnings, contents } = parseDocument(source, { version: '1.2' });
  if (errors.length + warnings.length > 0) throw new Error(String([...errors, ...warnings]));
  return { file, source, content: workflow.parse(contents?.toJSON()) };
});

test('there is one for each change, one for each night, and one for a cloud', () => {
  expect(files.sort()).toEqual(['cloud.yml', 'nightly.yml', 'test.yml']);
  const { schedule } = workflows.find(({ file }) => file === 'nightly.yml')!.content.on;
  expect(schedule).toHaveLength(1);
});

for (const { file, source, content } of workflows) {
  test(`${file}: jobs wait for jobs that there are`, () => {
    for (const [job, { needs = [] }] of Object.entries(content.jobs)) {
      for (const one of needs) expect(Object.keys(content.jobs), job).toContain(one);
    }
  });

  test(`${file}: the scripts are there, and get what they cannot do without`, () => {
    let scripts = 0;
    for (const { steps, env: jobEnv = {} } of Object.values(content.jobs)) {
      for (const one of steps) {
        const [, exec, script] =
          'run' in one ? (/^(exec )?(?:source\/)?(ci\/\S+\.sh)$/.exec(one.run) ?? []) : [];
        if (script === undefined) continue;
        // GitHub tells only the first process that a run is cancelled: it must be the script.
        expect(exec, script).toBeDefined();
        scripts += 1;
        expect(statSync(join(root, script)).mode & 0o111, script).toBe(0o111);
        const body = readFileSync(join(root, script), 'utf8');
        const given = Object.keys({ ...jobEnv, ...one.env });
        const [head = ''] = body.split('\n. "');
        const read = new Set(head.match(/\b[A-Z][A-Z0-9_]+(?=[:,])/g));
        for (const name of Object.keys(one.env ?? {})) expect(read, script).toContain(name);
        const [, needed = ''] = /^need ([A-Z0-9_ ]+)$/m.exec(body) ?? [];
        const missing = needed.split(' ').filter((name) => name !== '' && !given.includes(name));
        expect(missing, script).toEqual([]);
      }
    }
    expect(scripts).toBeGreaterThanOrEqual(1);
  });

  test(`${file}: secrets are given to steps that read them, for as long as they may take`, () => {
    for (const { steps, env: jobEnv = {}, 'timeout-minutes': all } of Object.values(content.jobs)) {
      expect(JSON.stringify(jobEnv)).not.toContain('secrets.');
      const bounded = steps.filter((one) => 'timeout-minutes' in one);
      const sum = bounded.reduce((minutes, one) => minutes + (one['timeout-minutes'] ?? 0), 0);
      expect(sum).toBeLessThan(all);
      for (const one of steps) {
        if (!JSON.stringify(one).includes('secrets.')) continue;
        expect('run' in one && one['timeout-minutes'], JSON.stringify(one)).toBeTruthy();
      }
    }
  });

  test(`${file}: expressions name what there is`, () => {
    const matrices = Object.values(content.jobs).flatMap(({ strategy }) =>
      Object.keys(strategy?.matrix ?? {}),
    );
    const { workflow_dispatch: byHand } = content.on;
    const inputs = Object.keys(byHand && 'inputs' in byHand ? byHand.inputs : {});
    const page = sectionOf(readPage('docs/ci/README.md'), 'GitHub Actions');
    for (const [, expression = ''] of source.matchAll(/\$\{\{ (.*?) \}\}/g)) {
      const [kind, name = ''] = expression.split('.');
      if (kind === 'secrets' || kind === 'vars') expect(page).toContain(`\`${name}\``);
      else if (kind === 'matrix') expect(matrices).toContain(name);
      else if (kind === 'inputs') expect(inputs).toContain(name);
      else expect(expression).toBe('github.workspace');
    }
    for (const { steps } of Object.values(content.jobs)) {
      const ids = steps.map(({ id }) => id);
      for (const [position, one] of steps.entries()) {
        for (const [, id] of (one.if ?? '').matchAll(/steps\.([\w-]+)\./g)) {
          expect(ids.slice(0, position), one.if).toContain(id);
        }
      }
    }
  });
}

test('a Director that cannot be deleted leaves its state, a red run and a swept cloud', () => {
  const { steps } = workflows.find(({ file }) => file === 'cloud.yml')!.content.jobs['cloud']!;
  const at = (text: string): number => steps.findIndex((one) => JSON.stringify(one).includes(text));
  const [deletes, keeps, uploads, sweeps] = [
    at('delete-env.sh'),
    at('keep-state.sh'),
    at('director-state'),
    at('sweep.sh'),
  ];
  expect([keeps, uploads]).toEqual([deletes + 1, deletes + 2]);
  expect(sweeps).toBeGreaterThan(uploads);
  expect(steps[keeps]?.if).toBe("always() && steps.delete-env.outcome != 'success'");
  expect([steps[deletes]?.if, steps[sweeps]?.if]).toEqual(['always()', 'always()']);
  expect(JSON.stringify(steps)).not.toContain('continue-on-error');
});

test('what the page tells of GitHub’s secrets and variables is used', () => {
  const page = sectionOf(readPage('docs/ci/README.md'), 'GitHub Actions');
  const used = workflows.map(({ source }) => source).join('\n');
  const named = [...page.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(6);
  expect(named.filter((name) => !new RegExp(`(secrets|vars)\\.${name} `).test(used))).toEqual([]);
});
