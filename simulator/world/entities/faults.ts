import type { ResourceType } from '../identity/resource-types.js';
import type { BaseRow } from '../base-row.js';

/** What a fault plan has go wrong, and when. */

/** Where in the life of a request, or of a job, a fault comes. */
export type FaultPhase = 'before-apply' | 'after-apply-before-reply' | 'after-reply' | 'job-step';

/** What must hold for a rule to count a request or a step of a job; null asks for nothing. */
export interface FaultCondition {
  /** Empty: any command. */
  readonly command: readonly string[];
  readonly phase: FaultPhase;
  /** Of a job: its first step is 1; at its completion all is done and nothing told yet. */
  readonly step: number | 'completion' | null;
  readonly resource: string | null;
  /** Only the nth of those for which the rest holds. */
  readonly nth: number | null;
  readonly probability: number;
  /** How often the rule fires at most. */
  readonly times: number | null;
}

export type FaultEffect = AnswerEffect | RefusalEffect | JobEffect | CloudEffect;

/** Whoever stands between the client and the API damages the answer. */
export type AnswerEffect =
  | { readonly effect: 'connection-reset' }
  | { readonly effect: 'no-answer' }
  | { readonly effect: 'truncated-body' }
  | {
      readonly effect: 'proxy-error';
      readonly status: number;
      readonly retryAfterSeconds: number | null;
    }
  | { readonly effect: 'applied-twice' };

/** The API answers, and says no. */
export type RefusalEffect =
  | { readonly effect: 'unauthorized' }
  | {
      readonly effect: 'throttled';
      readonly retryAfterMs: number;
      readonly retryAfterHeader: boolean;
    }
  | {
      readonly effect: 'refused';
      readonly status: number;
      readonly text: string;
      readonly masked: boolean;
    }
  | { readonly effect: 'limit-reached'; readonly type: ResourceType };

/** A job goes another way than it should. */
export type JobEffect =
  | { readonly effect: 'job-fails'; readonly status: number; readonly text: string }
  | { readonly effect: 'job-never-ends' }
  | { readonly effect: 'job-slows-down'; readonly factor: number }
  | { readonly effect: 'job-finishes-late'; readonly afterMs: number; readonly text: string }
  | {
      readonly effect: 'vm-stuck-in-starting';
      readonly text: string;
      readonly forMs: number | null;
    };

/** Something happens to the cloud as a whole. */
export type CloudEffect =
  | { readonly effect: 'management-server-restart'; readonly settlesStates: boolean }
  | { readonly effect: 'no-secondary-storage-vm'; readonly forMs: number | null }
  | {
      readonly effect: 'capacity-gone';
      readonly of: 'hosts' | 'pools';
      readonly forMs: number | null;
    };

export type FaultEffectName = FaultEffect['effect'];

/** The last time that a rule fired. */
export interface FaultStrike {
  readonly command: string;
  readonly phase: FaultPhase;
  /** What the client got: the kind of a broken answer, or the status of a whole one. */
  readonly answered: string | null;
}

/** A rule of the plan in force; its id is its name. */
export interface FaultRuleRow extends BaseRow {
  readonly when: FaultCondition;
  readonly then: FaultEffect;
  /** How often its condition held, save for nth, probability and times. */
  readonly matched: number;
  readonly fired: number;
  readonly last: FaultStrike | null;
}
