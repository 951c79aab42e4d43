import type { Json, JsonObject } from '../../kernel/json.js';
import type { BaseRow } from '../table.js';

/** What the management server keeps about the others: tags and jobs. */

export interface TagRow extends BaseRow {
  readonly accountId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly key: string;
  readonly value: string;
  readonly customer: string | null;
}

export interface JobRow extends BaseRow {
  readonly command: string;
  readonly javaClass: string | null;
  readonly accountId: string;
  readonly userId: string;
  /** The request's parameters as they came, from which each step reads its arguments again. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly resultCode: number;
  readonly result: JsonObject | null;
  readonly instanceType: string | null;
  readonly instanceId: string | null;
  readonly completedMs: number | null;
  /** Jobs of one VM run one after the other; null runs at once. */
  readonly queue: string | null;
  readonly started: boolean;
  /** Which step comes next, and what the earlier ones left for it. */
  readonly step: number;
  readonly memo: Readonly<Record<string, Json>>;
}
