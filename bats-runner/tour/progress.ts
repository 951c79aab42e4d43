import {
  Listr,
  ListrLogger,
  ProcessOutput,
  type ListrDefaultRendererLogLevels,
  type ListrTask,
} from 'listr2';
import type { Paint } from '../paint.js';

/** A group of steps under one heading. */
export interface Phase {
  readonly title: string;
  readonly steps: readonly Step[];
  /** Called before the first step. */
  readonly begin: () => void;
}

export interface Step {
  readonly title: string;
  /** Does it and tells what came of it, in one line or several. Throws if it failed. */
  readonly run: () => Promise<readonly string[]>;
}

export interface ProgressOutput {
  readonly stream: NodeJS.WriteStream;
  /** Whether lines may be rewritten: on a terminal. */
  readonly isLive: boolean;
  readonly paint: Paint;
  /** Whether somebody has ended it: what breaks off then has not failed. */
  readonly isInterrupted: () => boolean;
}

/** Runs the phases one after another and shows how far they are; the first failure ends it. */
export async function runPhases(phases: readonly Phase[], output: ProgressOutput): Promise<void> {
  for (const phase of phases) {
    phase.begin();
    output.stream.write('\n');
    await (output.isLive ? runLive(phase, output) : runPlain(phase, output));
  }
}

async function runPlain(phase: Phase, output: ProgressOutput): Promise<void> {
  const { stream, paint } = output;
  stream.write(heading(phase, paint));
  for (const step of phase.steps) {
    await runStep(step, output, (line) => stream.write(line));
  }
}

/**
 * The live view goes when the phase ends. What came of the steps is then written once and for
 * all, so that it stands above whatever comes next, however low the terminal is.
 */
async function runLive(phase: Phase, output: ProgressOutput): Promise<void> {
  const { stream, paint } = output;
  const lines: string[] = [];
  const steps = phase.steps.map((step): ListrTask => ({
    title: step.title,
    task: async (_, task) => {
      task.title = await runStep(step, output, (line) => lines.push(line));
    },
  }));
  const title = paint.strong(phase.title);
  const view = {
    clearOutput: true,
    showErrorMessage: false,
    logger: new ListrLogger<ListrDefaultRendererLogLevels>({
      processOutput: new ProcessOutput(stream, stream),
    }),
  };
  const live = new Listr([{ title, task: (_, task) => task.newListr(steps) }], {
    registerSignalListeners: false,
    renderer: 'default',
    rendererOptions: view,
    // What it falls back to where stdout is no terminal; but ours is `stream`.
    fallbackRenderer: 'default',
    fallbackRendererOptions: view,
  });
  try {
    await live.run();
  } finally {
    stream.write([heading(phase, paint), ...lines].join(''));
  }
}

/** Tells in one go what came of a step; answers its text. */
async function runStep(
  step: Step,
  { paint, isInterrupted }: ProgressOutput,
  tell: (line: string) => void,
): Promise<string> {
  try {
    const text = stepText(step, await step.run(), paint);
    tell(`  ${paint.good('ok')}  ${text}\n`);
    return text;
  } catch (error) {
    const end = isInterrupted() ? 'interrupted' : paint.bad('FAILED');
    tell(`  ${end}  ${step.title}\n`);
    throw error;
  }
}

function heading(phase: Phase, paint: Paint): string {
  return `${paint.strong(phase.title)}\n`;
}

/** One line of outcome stands beside the title, several below it. */
function stepText(step: Step, outcome: readonly string[], paint: Paint): string {
  const [only = ''] = outcome;
  if (outcome.length < 2) return `${step.title.padEnd(19)}${paint.faint(shortIds(only))}`;
  const lines = outcome.map((line) => `\n      ${paint.faint(shortIds(line))}`);
  return `${step.title}${lines.join('')}`;
}

/** UUIDs cut to their first eight digits, which are enough to tell them apart by eye. */
export function shortIds(text: string): string {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '$1…');
}
