// What a whole deployment takes through the CPI, compared with what the cloud's own jobs take of it.
//
// For each instance a Director starts ten processes, one after the other, `info` before each of
// five: create_vm, set_vm_metadata, create_disk, attach_disk, set_disk_metadata. It works on five
// instances at a time. The pure job time is the longest chain of jobs that one instance cannot do
// without, times the number of times that five instances have to be begun: what would be left if
// every process started, every request was answered and every end of a job was seen at once. How long
// a process takes to start is the machine's doing; so the same round is made with as many processes
// that do nothing, which shows what the CPI itself adds. Deletion is detach_disk, delete_vm and
// delete_disk, the same way.
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installCpi } from '../../support/cpi-process.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { Director } from '../director.js';
import type { Figure, Measurement } from '../figure.js';
import { sendAgainAndAgain, signedCall } from '../http-calls.js';
import { startSimulator, type Server } from '../server.js';
import type { Pair } from '../statistics.js';

/** How long jobs take, in ms of real time; those that are not named take none. */
interface Profile {
  readonly deployMs: number;
  readonly startMs: number;
  readonly attachMs: number;
  readonly detachMs: number;
  readonly stopMs: number;
  readonly destroyMs: number;
}

const usual: Profile = {
  deployMs: 6_000,
  startMs: 4_000,
  attachMs: 1_500,
  detachMs: 1_500,
  stopMs: 2_500,
  destroyMs: 4_000,
};
const quick: Profile = {
  deployMs: 60,
  startMs: 40,
  attachMs: 15,
  detachMs: 15,
  stopMs: 25,
  destroyMs: 40,
};

interface Size {
  readonly instances: number;
  readonly atATime: number;
  readonly rounds: number;
  readonly profile: Profile;
}

/** Two for each call: `info`, and the call. */
const creationProcesses = 10;
const deletionProcesses = 6;

/** How long it took through the CPI, by jobs alone, and with processes that do nothing; in s. */
interface Times {
  readonly cpi: number;
  readonly jobs: number;
  readonly bare: number;
}

export const deployment: Measurement = {
  name: 'deployment',
  asks: 'How much longer than the jobs of the cloud does a deployment of 20 VMs take?',
  run: async ({ isQuick, progress }) => {
    const size: Size = isQuick
      ? { instances: 2, atATime: 2, rounds: 1, profile: quick }
      : { instances: 20, atATime: 5, rounds: 3, profile: usual };
    const { profile } = size;
    const created: Times[] = [];
    const deleted: Times[] = [];
    for (let round = 1; round <= size.rounds; round += 1) {
      await using zone = await startZone(profile, size.atATime);
      const about = (text: string): void => progress(`${round} of ${size.rounds}: ${text}`);
      const instances: Instance[] = [];
      created.push(
        await times(size, createJobsMs(profile), creationProcesses, async (index) => {
          instances[index] = await zone.create(index);
          about(`instance ${index + 1} is there`);
        }),
      );
      deleted.push(
        await times(size, deleteJobsMs(profile), deletionProcesses, async (index) => {
          await zone.delete(instances[index]);
          about(`instance ${index + 1} is gone`);
        }),
      );
    }
    return [
      ...figuresOf('deployment', size, 'created', created, 1.1),
      ...figuresOf('deletion', size, 'deleted', deleted),
    ];
  },
};

function figuresOf(
  name: string,
  { instances, atATime }: Size,
  done: string,
  times: readonly Times[],
  limit?: number,
): Figure[] {
  const subject = `${instances} VMs with disks, ${atATime} at a time, ${done}`;
  const told = { subject, unit: 's', ...(limit !== undefined && { limit }) } as const;
  const against = (yardstick: 'jobs' | 'bare'): Pair[] =>
    times.map((time) => ({ subject: time.cpi, yardstick: time[yardstick] }));
  return [
    { ...told, name, yardstick: 'pure job time', pairs: against('jobs') },
    {
      ...told,
      name: `${name} over bare processes`,
      yardstick: 'jobs, and as many `node -e 0`',
      pairs: against('bare'),
    },
  ];
}

/** The jobs of one instance, one after the other. */
function createJobsMs({ deployMs, startMs, attachMs }: Profile): number {
  return deployMs + startMs + attachMs;
}

function deleteJobsMs({ detachMs, stopMs, destroyMs }: Profile): number {
  return detachMs + stopMs + destroyMs;
}

async function times(
  size: Size,
  jobsMs: number,
  processes: number,
  work: (index: number) => Promise<void>,
): Promise<Times> {
  return {
    cpi: await secondsFor(size, work),
    jobs: (Math.ceil(size.instances / size.atATime) * jobsMs) / 1_000,
    bare: await secondsFor(size, async () => {
      for (let count = 0; count < processes; count += 1) {
        await promisify(execFile)(process.execPath, ['-e', '0'], { env: {} });
      }
      await pause(jobsMs);
    }),
  };
}

/** Does something for each instance, as many at a time as the Director would. */
async function secondsFor(
  { instances, atATime }: Size,
  work: (index: number) => Promise<void>,
): Promise<number> {
  let next = 0;
  const startedMs = performance.now();
  const worker = async (): Promise<void> => {
    for (let index = next++; index < instances; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return (performance.now() - startedMs) / 1_000;
}

interface Instance {
  readonly vmCid: string;
  readonly diskCid: string;
}

interface Zone {
  readonly create: (index: number) => Promise<Instance>;
  readonly delete: (instance: Instance | undefined) => Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function startZone(profile: Profile, callsAtATime: number): Promise<Zone> {
  const server = await startSimulator({
    clock: 'real',
    world: {
      ...advancedKvm,
      settings: {
        'duration.job': 0,
        'duration.template.copy': 0,
        'duration.address': 0,
        'duration.vm.deploy': profile.deployMs,
        'duration.vm.start': profile.startMs,
        'duration.vm.stop': profile.stopMs,
        'duration.vm.destroy': profile.destroyMs,
        'duration.volume.attach': profile.attachMs,
        'duration.volume.detach': profile.detachMs,
      },
    },
  });
  const stemcellCid = `${await templateId(server)} light`;
  const cpi = installCpi(configurationFor(server), 'bundle');
  const director = new Director(cpi, callsAtATime);
  return {
    create: (index) => createInstance(director, stemcellCid, index),
    delete: async (instance) => {
      if (instance === undefined) return;
      await director.call('detach_disk', [instance.vmCid, instance.diskCid]);
      await director.call('delete_vm', [instance.vmCid]);
      await director.call('delete_disk', [instance.diskCid]);
    },
    [Symbol.asyncDispose]: () => {
      cpi[Symbol.dispose]();
      return server[Symbol.asyncDispose]();
    },
  };
}

async function createInstance(
  director: Director,
  stemcellCid: string,
  index: number,
): Promise<Instance> {
  const networks = {
    default: {
      type: 'manual',
      ip: `10.203.6.${10 + index}`,
      netmask: '255.255.254.0',
      gateway: '10.203.7.254',
      default: ['dns', 'gateway'],
      dns: ['8.8.8.8'],
      cloud_properties: { name: 'NET_CS' },
    },
  };
  const vmProperties = {
    compute_offering: 'm1.small',
    disk: 2_048,
    ephemeral_disk_offering: 'ephemeral',
  };
  const agentId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  const metadata = { director: 'bench', deployment: 'bench', job: 'web', index: String(index) };
  const created = await director.call('create_vm', [
    agentId,
    stemcellCid,
    vmProperties,
    networks,
    [],
    {},
  ]);
  const vmCid = (created as [string])[0];
  await director.call('set_vm_metadata', [vmCid, metadata]);
  const diskProperties = { disk_offering: 'shared.custom' };
  const diskCid = (await director.call('create_disk', [1_024, diskProperties, vmCid])) as string;
  await director.call('attach_disk', [vmCid, diskCid]);
  await director.call('set_disk_metadata', [diskCid, metadata]);
  return { vmCid, diskCid };
}

function configurationFor({ origin, keys }: Server): object {
  return {
    cloudstack: {
      endpoint: `${origin}/client/api`,
      api_key: keys.apiKey,
      secret_access_key: keys.secretKey,
      default_zone: 'zone1',
    },
    agent: { mbus: 'nats://nats:password@10.0.0.6:4222' },
  };
}

async function templateId({ origin, keys }: Server): Promise<string> {
  const call = signedCall(origin, keys, 'listTemplates', { templatefilter: 'executable' });
  const { body } = await sendAgainAndAgain(call, 1);
  const answer = JSON.parse(body) as { listtemplatesresponse: { template: { id: string }[] } };
  const id = answer.listtemplatesresponse.template[0]?.id;
  if (id === undefined) throw new Error(`the zone has no template: ${body}`);
  return id;
}
