import { z } from 'zod';
import { xmlText } from '../xml-text.js';

/** How one example has ended. */
export interface BatsOutcome {
  readonly title: string;
  /** The file it stands in, from the root of the checkout. */
  readonly file: string;
  readonly line: number;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly durationMs: number;
  /** Why it was skipped, or the first line of what failed. */
  readonly reason: string | undefined;
  /** Everything that is known of a failure. */
  readonly detail: string | undefined;
}

/** What RSpec's JSON formatter writes (rspec-core, formatters/json_formatter.rb). */
const rspecSchema = z.looseObject({
  examples: z.array(
    z.looseObject({
      full_description: z.string(),
      status: z.enum(['passed', 'failed', 'pending']),
      file_path: z.string(),
      line_number: z.number(),
      run_time: z.number(),
      pending_message: z.string().nullish(),
      exception: z
        .looseObject({
          class: z.string(),
          message: z.string().nullable(),
          backtrace: z.array(z.string()).nullish(),
        })
        .optional(),
    }),
  ),
  summary: z.looseObject({ errors_outside_of_examples_count: z.number().default(0) }),
  // Not RSpec's, but ours: when the run began, and why not all of it is known.
  started_at: z.string().optional(),
  problem: z.string().optional(),
});

export interface BatsResults {
  readonly outcomes: readonly BatsOutcome[];
  /** Failures in what goes before and after all examples, such as the upload of the stemcell. */
  readonly errorsOutside: number;
  /** Why these are not all that there was. */
  readonly problem?: string | undefined;
  /** When the run began, as ISO 8601 has it. */
  readonly startedAt?: string | undefined;
}

/** Reads what RSpec wrote. Throws SyntaxError if it is not whole, ZodError if it is something else. */
export function readRspecJson(text: string): BatsResults {
  const { examples, summary, started_at: startedAt, problem } = rspecSchema.parse(JSON.parse(text));
  return {
    outcomes: examples.map((example) => {
      const { exception } = example;
      const failure = exception && plain(`${exception.class}: ${exception.message ?? ''}`.trim());
      return {
        title: example.full_description.trim(),
        file: example.file_path.replace(/^\.\//, ''),
        line: example.line_number,
        status: example.status === 'pending' ? 'skipped' : example.status,
        durationMs: Math.round(example.run_time * 1000),
        reason: failure?.split('\n').find((line) => line.trim() !== '') ?? pendingReason(example),
        detail: failure && [failure, ...(exception.backtrace ?? [])].join('\n'),
      };
    }),
    errorsOutside: summary.errors_outside_of_examples_count,
    problem,
    startedAt,
  };
}

/** As RSpec would have written what was seen of a run that ended before it wrote anything. */
export function asRspecJson({ outcomes, errorsOutside, problem }: BatsResults): object {
  return {
    problem,
    examples: outcomes.map(({ title, status, file, line, durationMs }) => ({
      full_description: title,
      status: status === 'skipped' ? 'pending' : status,
      file_path: `./${file}`,
      line_number: line,
      run_time: durationMs / 1000,
    })),
    summary: { errors_outside_of_examples_count: errorsOutside },
  };
}

function pendingReason({
  pending_message: message,
}: {
  pending_message?: string | null | undefined;
}) {
  return message ?? undefined;
}

/** Without colours, and what else no terminal shows. */
export function plain(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is to go
  return text.replace(/\u001b\[[0-9;]*m/g, '').replace(/[\u0000-\u0008\u000b-\u001f]/g, '');
}

/** A `<testsuite>` for JUnit. */
export function junitSuite({ outcomes, errorsOutside, problem }: BatsResults): string {
  const count = (status: BatsOutcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const totalMs = outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return [
    `<testsuite name="Director BATS" tests="${outcomes.length}" failures="${count('failed')}" ` +
      `errors="${errorsOutside + (problem === undefined ? 0 : 1)}" skipped="${count('skipped')}" time="${totalMs / 1000}">`,
    ...outcomes.map(testCase),
    ...(problem === undefined ? [] : [`<system-err>${xmlText(problem)}</system-err>`]),
    '</testsuite>',
  ].join('\n');
}

function testCase({ title, file, status, durationMs, reason, detail }: BatsOutcome): string {
  const head = `<testcase name="${xmlText(title)}" classname="${xmlText(file)}" time="${durationMs / 1000}"`;
  if (status === 'passed') return `${head}/>`;
  if (status === 'skipped')
    return `${head}><skipped message="${xmlText(reason ?? '')}"/></testcase>`;
  const failure = `<failure message="${xmlText(reason ?? '')}">${xmlText(detail ?? '')}</failure>`;
  return `${head}>${failure}</testcase>`;
}
