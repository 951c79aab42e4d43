import type { Kernel } from '../kernel/kernel.js';
import type {
  CloudEventRow,
  ConfigurationRow,
  FaultRuleRow,
  JobRow,
  ManagementServerRow,
  TagRow,
} from './entities.js';
import { jobStates, type JobStateEvent } from './states/job.js';
import { Table } from './table.js';

/** What the management server keeps for itself, and what it hangs on everything else. */
export interface ManagementTables {
  readonly tags: Table<TagRow>;
  readonly configurations: Table<ConfigurationRow>;
  readonly cloudEvents: Table<CloudEventRow>;
  readonly jobs: Table<JobRow, JobStateEvent>;
  readonly managementServers: Table<ManagementServerRow>;
  readonly faultRules: Table<FaultRuleRow>;
}

export function managementTables(kernel: Kernel): ManagementTables {
  return {
    tags: new Table(kernel, { entity: 'tag', indexes: ['resourceId', 'value'] }),
    configurations: new Table(kernel, { entity: 'configuration', indexes: ['name'] }),
    cloudEvents: new Table(kernel, { entity: 'cloudevent' }),
    jobs: new Table(kernel, {
      entity: 'asyncjob',
      states: jobStates,
      indexes: ['queue', 'instanceId', 'state'],
      secrets: ['parameters', 'result'],
    }),
    managementServers: new Table(kernel, { entity: 'managementserver' }),
    faultRules: new Table(kernel, { entity: 'faultrule' }),
  };
}
