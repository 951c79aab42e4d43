import { textOf, type JsonObject } from '../json.js';
import type { CloudClient, Parameters } from './client.js';
import { jobsWithinMsUsually, runJob } from './jobs.js';

/** A cloud as one account sees it through its API, past the CPI. */
export class Cloud {
  constructor(
    readonly client: CloudClient,
    /** Waits between two looks at a job. */
    readonly pause: () => Promise<unknown>,
    /** How long a job may take. */
    readonly jobsWithinMs = jobsWithinMsUsually,
  ) {}

  /** Calls a command that answers at once. */
  call(command: string, parameters: Parameters = {}): Promise<JsonObject> {
    return this.client.call(command, parameters);
  }

  /** Calls a command that has a job, and waits for its end; answers what it made or changed. */
  run(command: string, parameters: Parameters = {}): Promise<JsonObject> {
    const { pause, jobsWithinMs: withinMs } = this;
    return runJob(this.client, command, parameters, { pause, withinMs });
  }

  /** All rows of a list command; `rows` is their key in the response. */
  list(command: string, rows: string, parameters: Parameters = {}): Promise<JsonObject[]> {
    return this.client.list(command, rows, parameters);
  }

  /** The VM with this id; undefined if there is none, or none any more. */
  vm(id: string): Promise<JsonObject | undefined> {
    return this.#byId('listVirtualMachines', 'virtualmachine', id);
  }

  volume(id: string): Promise<JsonObject | undefined> {
    return this.#byId('listVolumes', 'volume', id);
  }

  snapshot(id: string): Promise<JsonObject | undefined> {
    return this.#byId('listSnapshots', 'snapshot', id);
  }

  network(id: string): Promise<JsonObject | undefined> {
    return this.#byId('listNetworks', 'network', id);
  }

  /** The rows of a template, one for each zone that it is in. */
  async template(id: string): Promise<JsonObject[]> {
    const all = await this.list('listTemplates', 'template', { templatefilter: 'executable' });
    const own = await this.list('listTemplates', 'template', { templatefilter: 'self' });
    const found = [...own, ...all].filter((row) => row['id'] === id);
    return [...new Map(found.map((row) => [textOf(row['zoneid']), row])).values()];
  }

  /** The volumes of a VM, root volume included. */
  volumesOf(vmId: string): Promise<JsonObject[]> {
    return this.list('listVolumes', 'volume', { virtualmachineid: vmId });
  }

  /** Looked for in a list of all: CloudStack answers an error for an id that it never knew. */
  async #byId(command: string, rows: string, id: string): Promise<JsonObject | undefined> {
    return (await this.list(command, rows)).find((row) => row['id'] === id);
  }
}

/** Tags of a row by key. */
export function tagsOf(row: JsonObject | undefined): Record<string, string> {
  const tags = row?.['tags'];
  const list = Array.isArray(tags) ? (tags as JsonObject[]) : [];
  return Object.fromEntries(list.map(({ key, value }) => [textOf(key), textOf(value)]));
}
