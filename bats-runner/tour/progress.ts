import { Listr, ListrLogger, ProcessOutput, type ListrDefaultRendererLogLevels } from 'listr2';
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
}

const LINES_OF_ALL_STEPS = 40;

/** Runs the phases one after another and shows how far they are; the first failure ends it. */
export async function runPhases(phases: readonly Phase[], output: ProgressOutput): Promise<void> {
  await (output.isLive ? runLive(phases, output) : runPlain(phases, output));
}

async function runPlain(
  phases: readonly Phase[],
  { stream, paint }: ProgressOutput,
): Promise<void> {
  for (const phase of phases) {
    stream.write(`\n${paint.strong(phase.title)}\n`);
    phase.begin();
    for (const step of phase.steps) {
      try {
        stream.write(
          `  ${paint.good('ok')}  ${stepText(step, await step.run(), '      ', paint)}\n`,
        );
      } catch (error) {
        stream.write(`  ${paint.bad('FAILED')}  ${step.title}\n`);
        throw error;
      }
    }
  }
}

async function runLive(phases: readonly Phase[], { stream, paint }: ProgressOutput): Promise<void> {
  const tasks = phases.map((phase) => ({
    title: paint.strong(phase.title),
    task: (_: unknown, parent: { newListr: (steps: LiveTask[]) => Listr }): Listr => {
      phase.begin();
      return parent.newListr(phase.steps.map((step) => liveTask(step, paint)));
    },
  }));
  const live = new Listr(tasks, {
    registerSignalListeners: false,
    renderer: 'default',
    rendererOptions: {
      // On a low terminal, finished phases make room for the one that runs.
      collapseSubtasks: stream.rows < LINES_OF_ALL_STEPS,
      collapseErrors: false,
      showErrorMessage: false,
      logger: new ListrLogger<ListrDefaultRendererLogLevels>({
        processOutput: new ProcessOutput(stream, stream),
      }),
    },
  });
  await live.run();
}

interface LiveTask {
  title: string;
  task: (context: unknown, task: { title?: string }) => Promise<void>;
}

function liveTask(step: Step, paint: Paint): LiveTask {
  return {
    title: step.title,
    task: async (_, task) => {
      task.title = stepText(step, await step.run(), '', paint);
    },
  };
}

/** One line of outcome stands beside the title, several below it. */
function stepText(
  step: Step,
  outcome: readonly string[],
  indentation: string,
  paint: Paint,
): string {
  const [only = ''] = outcome;
  if (outcome.length < 2) return `${step.title.padEnd(19)}${paint.faint(shortIds(only))}`;
  const lines = outcome.map((line) => `\n${indentation}${paint.faint(shortIds(line))}`);
  return `${step.title}${lines.join('')}`;
}

/** UUIDs cut to their first eight digits, which are enough to tell them apart by eye. */
export function shortIds(text: string): string {
  return text.replace(/\b([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '$1…');
}
