import type { ApiVersion } from './api-version.js';
import type { CaseTools } from './case-tools.js';
import type { Need } from './needs.js';

/** One case of the contract between BOSH and a CPI: a promise, and how to see that it is kept. */
export interface ContractCase {
  /** As in the list of cases, such as `ENV-01`. */
  readonly id: string;
  readonly title: string;
  /** What holds if the case passes, in one sentence. */
  readonly proves: string;
  /** The API versions in which it is tried, one run for each. */
  readonly versions: readonly ApiVersion[];
  /** What a cloud must have for it. */
  readonly needs: readonly Need[];
  readonly run: (tools: CaseTools) => Promise<void>;
}

interface Declaration {
  readonly id: string;
  readonly title: string;
  readonly proves: string;
  readonly versions?: readonly ApiVersion[];
  readonly needs?: readonly Need[];
}

/** Declares a case; it is tried in API version 2, which all current callers speak, unless told. */
export function contractCase(
  declaration: Declaration,
  run: (tools: CaseTools) => Promise<void>,
): ContractCase {
  return { versions: [2], needs: [], ...declaration, run };
}

/** The name of a run: `VER-01 Shapes of create_vm`, with the version if there are several. */
export function titleOf({ id, title, versions }: ContractCase, version: ApiVersion): string {
  const suffix = versions.length > 1 ? `, API version ${version}` : '';
  return `${id} ${title}${suffix}`;
}
