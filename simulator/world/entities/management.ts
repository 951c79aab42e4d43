import type { Json, JsonObject } from '../../kernel/json.js';
import type { ConfigurationScope } from '../settings/configuration-keys.js';
import type { JobState } from '../states/job.js';
import type { ResourceType } from '../identity/resource-types.js';
import type { BaseRow } from '../base-row.js';

/** What the management server keeps about the others: settings, limits, tags and jobs. */

/** A process that serves the API and carries out the jobs (mshost). */
export interface ManagementServerRow extends BaseRow {
  readonly name: string;
  /** The number under which jobs and hosts refer to it. */
  readonly msid: number;
  readonly serviceIp: string;
  readonly startedMs: number;
  readonly stoppedMs: number | null;
}

/** The value that somebody gave a setting through the API. */
export interface ConfigurationRow extends BaseRow {
  readonly name: string;
  /** For what it is: everything, or the one resource with that id. */
  readonly scope: 'Global' | ConfigurationScope;
  readonly resourceId: string | null;
  readonly value: string | number | boolean;
}

/** The most that an account or a domain may have of something, where that was set. */
export interface LimitRow extends BaseRow {
  /** The id of the account or the domain. */
  readonly ownerId: string;
  readonly resourceType: ResourceType;
  /** -1 is no limit; bytes for storage, MiB for memory. */
  readonly max: number;
}

export interface TagRow extends BaseRow {
  readonly accountId: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly key: string;
  readonly value: string;
  readonly customer: string | null;
}

/** What the entries of CloudStack's event log about one piece of work have in common. */
export interface JobEvent {
  /** The first of them. */
  readonly startId: string | null;
  /** Such as `VM.START` (EventTypes). */
  readonly type: string;
  /** What is done, such as `starting user vm: <id>`. */
  readonly text: string;
  readonly accountId: string;
  readonly userId: string;
  readonly resourceType: string | null;
  readonly resourceId: string | null;
}

/** An entry of CloudStack's event log, which clients read. */
export interface CloudEventRow extends BaseRow, Omit<JobEvent, 'text'> {
  readonly state: 'Created' | 'Scheduled' | 'Started' | 'Completed';
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly description: string;
}

export interface JobRow extends BaseRow {
  readonly command: string;
  readonly javaClass: string | null;
  readonly accountId: string;
  readonly userId: string;
  /** The request's parameters as they came, from which each step reads its arguments again. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly state: JobState;
  readonly resultCode: number;
  readonly result: JsonObject | null;
  readonly instanceType: string | null;
  readonly instanceId: string | null;
  readonly completedMs: number | null;
  /** Jobs of one VM run one after the other; null runs at once. */
  readonly queue: string | null;
  /** When it came to its turn; null while it waits in its queue. */
  readonly startedMs: number | null;
  /** Which step comes next, and what the earlier ones left for it. */
  readonly step: number;
  readonly memo: Readonly<Record<string, Json>>;
  /** Null where the command leaves no events. */
  readonly eventRecord: JobEvent | null;
  /** How many times as long as usual it waits between its steps. */
  readonly slowedBy: number;
}
