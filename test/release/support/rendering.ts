// Templates of the release's jobs, rendered by Ruby itself, which runs here as WebAssembly.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultRubyVM } from '@ruby/wasm-wasi/dist/node';
import { parse } from 'yaml';

/** Who renders: templates see other things with each. */
export const renderers = ['director', 'create-env'] as const;
export type Renderer = (typeof renderers)[number];

export interface Rendering {
  readonly job: string;
  /** The name of the template's file, or `monit`. */
  readonly template: string;
  /** What the manifest says, as in a manifest. */
  readonly properties: object;
  readonly renderer: Renderer;
}

const jobs = fileURLToPath(new URL('../../../release/jobs', import.meta.url));

type Ruby = Awaited<ReturnType<typeof DefaultRubyVM>>['vm'];
let starting: Promise<Ruby> | undefined;

/** To start Ruby takes seconds: once in each process. */
async function ruby(): Promise<Ruby> {
  starting ??= (async () => {
    const require = createRequire(import.meta.url);
    const path = require.resolve('@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm');
    const { vm } = await DefaultRubyVM(await WebAssembly.compile(readFileSync(path)));
    vm.eval(readFileSync(fileURLToPath(new URL('contexts.rb', import.meta.url)), 'utf8'));
    return vm;
  })();
  return starting;
}

/**
 * Renders a template of this repository.
 *
 * @throws Error with the message that whoever deploys gets to see.
 */
export function render({ job, template, ...rest }: Rendering): Promise<string> {
  const file = template === 'monit' ? template : join('templates', template);
  const text = readFileSync(join(jobs, job, file), 'utf8');
  return renderText({ job, text, defaults: defaultsOf(job), ...rest });
}

export interface TextRendering extends Omit<Rendering, 'template'> {
  readonly text: string;
  /** What the spec says of each property. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** The same for the text of a template. */
export async function renderText(rendering: TextRendering): Promise<string> {
  const { job, text: template, properties: given, defaults, renderer } = rendering;
  const vm = await ruby();
  const request = JSON.stringify({ job, template, given, defaults, renderer });
  const coded = Buffer.from(request).toString('base64');
  const answer = Buffer.from(vm.eval(`render('${coded}')`).toString(), 'base64').toString();
  const { text, failure } = JSON.parse(answer) as { text?: string; failure?: string };
  if (failure !== undefined) throw new Error(failure);
  return text ?? '';
}

const defaultsByJob = new Map<string, Record<string, unknown>>();

function defaultsOf(job: string): Record<string, unknown> {
  const known = defaultsByJob.get(job);
  if (known !== undefined) return known;
  const defaults = defaultsIn(readFileSync(join(jobs, job, 'spec'), 'utf8'));
  defaultsByJob.set(job, defaults);
  return defaults;
}

/** The properties that a spec declares, with their defaults. */
export function defaultsIn(spec: string): Record<string, unknown> {
  const { properties } = parse(spec) as { properties: Record<string, { default?: unknown }> };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { default: value = null }]) => [name, value]),
  );
}
