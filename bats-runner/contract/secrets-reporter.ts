import type { Reporter, TestCase, TestResult, TestStep } from '@playwright/test/reporter';
import { redactor } from '../secrets.js';
import { settingsIn } from './suite-settings.js';
import { secretsOfFiles } from './target-secrets.js';

/**
 * Goes before all reporters. What a failed case tells has no secrets; the single expectations in it
 * repeat what they found, and here lose those of the files that the run was given. And no report
 * needs what Playwright adds for those who mend tests.
 */
export default class SecretsReporter implements Reporter {
  readonly #redact = redactor(secretsOfFiles(settingsIn(process.env) ?? {}));

  onTestEnd(_test: TestCase, result: TestResult): void {
    result.attachments = result.attachments.filter(isOurs);
    for (const step of result.steps) this.#open(step);
  }

  printsToStdio(): boolean {
    return false;
  }

  #open(step: TestStep): void {
    step.title = this.#redact(step.title);
    step.attachments = step.attachments.filter(isOurs);
    if (step.error !== undefined) {
      const { message = '', stack = '' } = step.error;
      step.error = { message: this.#redact(message), stack: this.#redact(stack) };
    }
    for (const inner of step.steps) this.#open(inner);
  }
}

function isOurs({ name }: TestResult['attachments'][number]): boolean {
  return name !== 'error-context';
}
