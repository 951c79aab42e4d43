// Concourse takes the pipeline and its tasks as they stand, as far as that can be told without it: the
// files have the parts that its schema has and no others, name only resources, jobs, files and images
// that there are, each task finds its inputs, declares what its script reads, and each variable is told
// of in the documentation.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { rowsOf, sectionOf } from '../docs/page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

function yaml(path: string): unknown {
  const document = parseDocument(read(path), { strict: true });
  expect([...document.errors, ...document.warnings], path).toEqual([]);
  return document.toJS();
}

// What stands at https://concourse-ci.org/docs about each part, as far as the pipeline uses it.
const values = z.record(z.string(), z.unknown());
const texts = z.record(z.string(), z.string());
const name = z.string().regex(/^[a-z][a-z0-9_.-]*$/);
const taskConfig = z.strictObject({
  platform: z.literal('linux'),
  image_resource: z.strictObject({ type: name, source: values }).optional(),
  inputs: z.array(z.strictObject({ name, optional: z.boolean().optional() })),
  outputs: z.array(z.strictObject({ name })).default([]),
  params: texts.default({}),
  run: z.strictObject({ path: z.string(), args: z.array(z.string()).optional() }),
});
const taskStep = z.strictObject({
  task: name,
  // None may take for ever: those on a cloud hold it meanwhile.
  timeout: z.string().regex(/^[1-9]\d?[mh]$/),
  image: name.optional(),
  file: z.string().optional(),
  config: taskConfig.optional(),
  privileged: z.boolean().optional(),
  params: texts.default({}),
});
const getStep = z.strictObject({
  get: name,
  trigger: z.boolean().optional(),
  passed: z.array(name).optional(),
});
const putStep = z.strictObject({ put: name, params: texts.optional() });
const hookNames = ['on_failure', 'on_error', 'on_abort', 'ensure'] as const;
interface Hooks {
  on_failure?: Step;
  on_error?: Step;
  on_abort?: Step;
  ensure?: Step;
}
type PlainStep =
  (z.output<typeof taskStep> & Hooks) | z.output<typeof getStep> | z.output<typeof putStep>;
type Step = PlainStep | ({ do: Step[] } & Hooks) | { in_parallel: Step[] };
const step = z.lazy(() =>
  z.union([
    z.strictObject({ ...taskStep.shape, ...hooks() }),
    getStep,
    putStep,
    z.strictObject({ do: z.array(step), ...hooks() }),
    z.strictObject({ in_parallel: z.array(step) }),
  ]),
) as unknown as z.ZodType<Step>;
function hooks(): Record<string, z.ZodType> {
  return Object.fromEntries(hookNames.map((hook) => [hook, step.optional()]));
}
const pipelineSchema = z.strictObject({
  resources: z.array(
    z.strictObject({
      name,
      // Those that every Concourse brings with it.
      type: z.enum(['git', 'registry-image', 's3', 'time']),
      icon: z.string().optional(),
      source: values,
    }),
  ),
  jobs: z.array(
    z.strictObject({
      name,
      public: z.boolean().optional(),
      serial: z.boolean().optional(),
      serial_groups: z.array(name).optional(),
      plan: z.array(step),
      ensure: step.optional(),
    }),
  ),
});

const pipeline = pipelineSchema.parse(yaml('ci/pipeline.yml'));
const resources = pipeline.resources.map((resource) => resource.name);

/** In the order in which they run, what a step is followed by when it ends among them. */
function stepsIn(steps: readonly Step[]): PlainStep[] {
  return steps.flatMap((one) => [...ownSteps(one), ...stepsIn(hooksOf(one))]);
}

function ownSteps(one: Step): PlainStep[] {
  if ('do' in one) return stepsIn(one.do);
  return 'in_parallel' in one ? stepsIn(one.in_parallel) : [one];
}

function hooksOf(one: Step): Step[] {
  return hookNames.flatMap((hook) => (one as Hooks)[hook] ?? []);
}

const jobs = pipeline.jobs.map(({ name: job, plan, ensure }) => ({
  job,
  steps: stepsIn(ensure === undefined ? plan : [...plan, ensure]),
}));

const taskFiles = readdirSync(join(root, 'ci/tasks')).filter((file) => file.endsWith('.yml'));
const task = (file: string): z.output<typeof taskConfig> =>
  taskConfig.parse(yaml(`ci/tasks/${file}`));

test('jobs get and put resources that there are, and what passed a job is got there', () => {
  for (const { job, steps } of jobs) {
    for (const one of steps) {
      if ('put' in one) expect(resources, job).toContain(one.put);
      if (!('get' in one)) continue;
      expect(resources, job).toContain(one.get);
      for (const earlier of one.passed ?? []) {
        const before = jobs.find((other) => other.job === earlier)?.steps ?? [];
        expect(
          before.some((other) => 'get' in other && other.get === one.get),
          `${job} gets ${one.get} after ${earlier}`,
        ).toBe(true);
      }
    }
  }
  const used = jobs.flatMap(({ steps }) =>
    steps.flatMap((one) => ('get' in one ? [one.get] : 'put' in one ? [one.put] : [])),
  );
  expect(resources.filter((resource) => !used.includes(resource))).toEqual([]);
});

for (const { job, steps } of jobs) {
  test(`${job}: each task has its image, its inputs, and parameters that it declares`, () => {
    const there = new Set<string>();
    for (const one of steps) {
      if ('get' in one) there.add(one.get);
      if (!('task' in one)) continue;
      const { file, config, image, params, task: name } = one;
      const declared = config ?? task(file!.replace('source/ci/tasks/', ''));
      if (config === undefined) expect(file).toBe(`source/ci/tasks/${name}.yml`);
      expect(image !== undefined ? there.has(image) : config?.image_resource, name).toBeTruthy();
      const missing = declared.inputs.filter((input) => !input.optional && !there.has(input.name));
      expect(missing, `${name} lacks`).toEqual([]);
      const strange = Object.keys(params).filter((param) => !(param in declared.params));
      expect(strange, `${name} does not take`).toEqual([]);
      for (const output of declared.outputs) there.add(output.name);
    }
  });
}

test('a Director that cannot be deleted leaves its state, a red build and a swept cloud', () => {
  const { ensure } = pipeline.jobs.find((one) => one.name === 'on-a-cloud')!;
  if (ensure === undefined || !('do' in ensure)) throw new Error('nothing is ensured');
  const [deletion, ...others] = ensure.do;
  // What a step fails with is the end of the build only if nothing catches it: there is no `try`.
  expect(others).toEqual([]);
  if (deletion === undefined || !('task' in deletion)) throw new Error('it is no task');
  expect(deletion.task).toBe('delete-env');
  const { outputs } = task('keep-state.yml');
  for (const hook of [deletion.on_failure, deletion.on_error, deletion.on_abort]) {
    const [keep, put] = stepsIn(hook === undefined ? [] : [hook]);
    expect(keep).toMatchObject({ task: 'keep-state' });
    expect(put).toMatchObject({ put: 'director-state' });
    const { file = '' } = (put as z.output<typeof putStep>).params ?? {};
    expect(file.split('/')[0]).toBe(outputs[0]?.name);
    const kept = /director-(.*)\.tgz\.enc/;
    expect(file.split('/')[1]).toMatch(kept);
    const { source } = pipeline.resources.find((one) => one.name === 'director-state')!;
    expect(source['regexp']).toBe(kept.source);
  }
  // What is left of it is what is kept.
  expect(task('delete-env.yml').outputs).toContainEqual({ name: 'director' });
  expect(ensure.ensure).toMatchObject({ task: 'sweep', params: { DELETE: 'true' } });
});

test('every task is used, and says what its script reads', () => {
  const used = jobs.flatMap(({ steps }) =>
    steps.flatMap((one) => ('task' in one && one.file !== undefined ? [one.file] : [])),
  );
  expect([...new Set(used)].sort()).toEqual(taskFiles.map((file) => `source/ci/tasks/${file}`));
  for (const file of taskFiles) {
    const { run, params, inputs, outputs } = task(file);
    const script = run.path.replace(/^source\//, '');
    expect(run.path).toBe(`source/ci/tasks/${file.replace('.yml', '.sh')}`);
    expect(statSync(join(root, script)).mode & 0o111, script).toBe(0o111);
    expect(Object.keys(params).sort(), script).toEqual(settingsOf(script));
    // Folders are those of the task.
    const names = [...inputs, ...outputs].map((one) => one.name);
    const folders = ['RESULTS', 'RELEASE', 'DIRECTOR', 'BATS', 'BOSH_DEPLOYMENT', 'KEPT'];
    for (const folder of folders.filter((one) => one in params)) {
      expect(names, `${file}: ${folder}`).toContain(params[folder]);
    }
  }
});

/** What the comment at the head of a script names: `RELEASE_VERSION: that of …`. */
function settingsOf(script: string): string[] {
  const [head = ''] = read(script).split('\n. "');
  return [...head.matchAll(/^# ((?:[A-Z0-9_]+(?:, )?)+): /gm)]
    .flatMap(([, names = '']) => names.split(', '))
    .sort();
}

test('what a script says to read is read, and nothing else', () => {
  const scripts = readdirSync(join(root, 'ci/tasks')).filter(
    (file) => file.endsWith('.sh') && file !== 'common.sh',
  );
  expect(scripts.map((file) => file.replace('.sh', '.yml'))).toEqual(taskFiles);
  const common = read('ci/tasks/common.sh');
  for (const file of scripts) {
    const text = read(`ci/tasks/${file}`);
    const shared = text.includes('director_arguments ') ? common : '';
    const said = settingsOf(`ci/tasks/${file}`);
    const body = text.slice(text.indexOf('\n. "')) + shared;
    const fallbacks = [...body.matchAll(/\$\{([A-Z][A-Z0-9_]+):?-/g)].map(([, one]) => one!);
    const needed = [...body.matchAll(/\bneed ([A-Z0-9_ ]+)$/gm)].flatMap(([, all]) =>
      all!.split(' '),
    );
    const readByOthers = ['SEED', 'BOSH_ALL_PROXY'];
    expect([...new Set([...fallbacks, ...needed])].filter((one) => !said.includes(one))).toEqual(
      [],
    );
    const unread = said.filter((one) => ![...fallbacks, ...needed, ...readByOthers].includes(one));
    expect(unread, file).toEqual([]);
  }
});

test('the variables of the pipeline are those that its page tells of', () => {
  const page = read('docs/ci/README.md');
  const documented = rowsOf(sectionOf(page, 'Concourse')).map(([cell = '']) =>
    cell.replaceAll('`', ''),
  );
  const used = [...read('ci/pipeline.yml').matchAll(/\(\(([^)]+)\)\)/g)].map(([, one]) => one!);
  expect([...new Set(used)].sort()).toEqual(documented.sort());
  const container = read('ci/containers/cloud/Dockerfile');
  for (const [, argument] of container.matchAll(/^ARG (\w+)$/gm)) {
    expect(read('ci/pipeline.yml')).toContain(`BUILD_ARG_${argument}: `);
  }
  expect(existsSync(join(root, 'ci/containers/cloud/Dockerfile'))).toBe(true);
});

test('the variables of a Director are those of the operations and of bosh-deployment', () => {
  const [block = ''] =
    /```yaml\n([\s\S]*?)```/.exec(sectionOf(read('docs/ci/README.md'), 'Concourse'))?.slice(1) ??
    [];
  const given = Object.keys((parseDocument(block).toJSON() ?? {}) as object);
  const operations = read('release/ops/cpi.yml');
  const needed = [...operations.matchAll(/\(\(([^)]+)\)\)/g)].map(([, one]) => one!);
  const byTheScript = /^(cloudstack_cpi_release_|stemcell_)/;
  // Those of bosh.yml.
  const others = ['director_name', 'internal_cidr', 'internal_gw', 'internal_ip'];
  expect(given.sort()).toEqual(
    [...new Set([...needed.filter((one) => !byTheScript.test(one)), ...others])].sort(),
  );
});
