// By what a case finds a CPI that breaks it: the reason, and whether it is an expectation of the case
// itself, not of what cleans up behind it.
import { readFileSync } from 'node:fs';
import type { ContractCase } from '../../../bats-runner/contract/contract-case.js';
import { reasonIn } from '../../../bats-runner/contract/receipt.js';
import { runCase, type Session } from '../../../bats-runner/contract/run-case.js';

/** Why a case fails in the first of its versions in which it does; undefined if it passes in all. */
export async function reasonOf(
  session: Session,
  contractCase: ContractCase,
): Promise<string | undefined> {
  for (const version of contractCase.versions) {
    const failure = await runCase(session, contractCase, version).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    if (failure !== undefined) return told(failure);
  }
  return undefined;
}

function told({ name, message, stack = '' }: Error): string {
  const [, file, line] = /(\/\S*\/bats-runner\/specs\/\S+\.ts):(\d+):\d+/.exec(stack) ?? [];
  if (file === undefined) return `not of the case itself: ${message}`;
  const code = readFileSync(file, 'utf8').split('\n')[Number(line) - 1]?.trim();
  const reason = reasonIn(`${name}: ${message}`, code);
  return name === 'PromiseBroken' ? reason : `a mishap: ${reason}`;
}
