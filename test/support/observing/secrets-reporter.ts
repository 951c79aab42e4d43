// Fails a run in which anything that a test wrote, threw or attached tells a secret: whatever the
// test is about, and whether it looks itself or not. Tests give secrets texts that begin with
// `canary-`; events that tell one come on stderr (see secret-events.ts).
import { readFileSync } from 'node:fs';
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { marksIn } from '../canaries.js';
import { fileName } from './claims.js';

/** As much of what came before may belong to a text that came in two pieces. */
const TAIL = 200;

/** Without their codes of colour, of which one may stand in the middle of a text. */
// eslint-disable-next-line no-control-regex -- it is what is looked for
const COLOURS = /\u001b\[[\d;]*m/g;

export default class SecretsReporter implements Reporter {
  readonly #told = new Set<string>();
  readonly #tails = new Map<string, string>();

  /** Which test told what, and where. */
  get told(): readonly string[] {
    return [...this.#told];
  }

  onStdOut(chunk: string | Buffer, test?: TestCase): void {
    this.#hear('stdout', chunk, test);
  }

  onStdErr(chunk: string | Buffer, test?: TestCase): void {
    this.#hear('stderr', chunk, test);
  }

  onTestEnd(test: TestCase, { errors, attachments, annotations }: TestResult): void {
    for (const { message = '', stack = '', value = '' } of errors) {
      this.#look('an error', [message, stack, value].join('\n'), test);
    }
    for (const { name, path, body } of attachments) {
      const content = path === undefined ? body : readFileSync(path);
      this.#look('an attachment', `${name}\n${content?.toString('latin1') ?? ''}`, test);
    }
    for (const { description = '' } of annotations) {
      this.#look('an annotation', description, test);
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- Playwright reads the verdict from a promise
  async onEnd(): Promise<{ status: FullResult['status'] } | undefined> {
    if (this.#told.size === 0) return undefined;
    process.stderr.write(
      '\nSecrets that tests gave programs were told:\n' +
        this.told.map((line) => `  ${line}\n`).join(''),
    );
    return { status: 'failed' };
  }

  printsToStdio(): boolean {
    return false;
  }

  #hear(stream: string, chunk: string | Buffer, test?: TestCase): void {
    const key = `${stream} of ${test?.id ?? 'the run'}`;
    const text = `${this.#tails.get(key) ?? ''}${chunk.toString()}`.replace(COLOURS, '');
    this.#tails.set(key, text.slice(-TAIL));
    this.#look(stream, text, test);
  }

  #look(where: string, text: string, test?: TestCase): void {
    const who =
      test === undefined
        ? 'outside of tests'
        : `${fileName(test.location.file)}:${test.location.line} ${test.title}`;
    for (const mark of marksIn(text)) this.#told.add(`${who}: ${where} tells ${mark}`);
  }
}
