import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../usage-error.js';
import type { ContractCase } from './contract-case.js';

/**
 * Throws UsageError for ids, or beginnings of ids, that no case has. The program holds no cases
 * itself: `compiled` is the file of their list; where there is none, the run says so.
 */
export async function assertKnownCases(wanted: readonly string[], compiled: string): Promise<void> {
  if (wanted.length === 0 || !existsSync(compiled)) return;
  const { contractCases } = (await import(pathToFileURL(compiled).href)) as {
    readonly contractCases: readonly ContractCase[];
  };
  const isKnown = (id: string): boolean =>
    contractCases.some((known) => known.id === id || known.id.startsWith(`${id}-`));
  const unknown = [...new Set(wanted.filter((id) => !isKnown(id)))];
  if (unknown.length === 0) return;
  throw new UsageError(
    `--case: there is no case ${unknown.join(', ')}; docs/bats-runner/contract.md lists all of them`,
  );
}
