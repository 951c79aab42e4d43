// Bugs in methods of the CPI, as their callers see them.
import { commandOf } from '../../crash/interruption.js';
import type { CpiZone } from '../../support/cpi-zone.js';
import { directors } from '../ledger.js';
import type { Plant } from './plant.js';
import { pretend, withDetour } from './requests.js';

const success = JSON.stringify({ result: null, error: null, log: '' });

/** Those whose callers want to know nothing but that it is done. */
const quiet: ReadonlySet<string> = new Set([
  ...['delete_vm', 'reboot_vm', 'detach_disk', 'delete_disk', 'resize_disk', 'delete_snapshot'],
]);

export const plantsInMethods: readonly Plant[] = [
  {
    about: 'delete_vm deletes the persistent disks of the VM, too',
    call: (call, zone) => async (method, args, options) => {
      if (method !== 'delete_vm') return call(method, args, options);
      const disks = disksOf(zone).filter(({ vmId }) => vmId === args[0]);
      const answer = await call(method, args, options);
      for (const { id } of disks) await call('delete_disk', [id], options);
      return answer;
    },
  },
  {
    about: 'delete_vm deletes a disk of another Director, too',
    call: (call, zone) => async (method, args, options) => {
      const answer = await call(method, args, options);
      if (method !== 'delete_vm') return answer;
      const own = directorOf(options?.properties);
      const foreign = disksOf(zone).find(
        ({ id, vmId, state }) => vmId === null && state === 'Ready' && markOf(zone, id) !== own,
      );
      if (foreign !== undefined) await call('delete_disk', [foreign.id], options);
      return answer;
    },
  },
  {
    about: 'detach_disk says that it is done and does nothing',
    call: (call) => insteadOf(call, 'detach_disk'),
  },
  {
    about: 'detach_disk is done before its job has ended',
    call: (call) => (method, args, options) => {
      if (method !== 'detach_disk') return call(method, args, options);
      return new Promise((resolve, reject) => {
        const watched = withDetour(options, async (request, next) => {
          const response = await next.send(request);
          if (commandOf(request) === 'detachVolume') resolve(success);
          return response;
        });
        call(method, args, watched).then(resolve, reject);
      });
    },
  },
  {
    about: 'delete_vm says that it is done and does nothing',
    call: (call) => insteadOf(call, 'delete_vm'),
  },
  {
    about: 'set_vm_metadata says that it is done and does nothing',
    call: (call) => insteadOf(call, 'set_vm_metadata'),
  },
  {
    about: 'a create_vm that fails leaves its VM, and does not say so',
    call: (call) => (method, args, options) =>
      method === 'create_vm'
        ? call(method, args, withDetour(options, pretend('destroyVirtualMachine')))
        : call(method, args, options),
  },
  {
    about: 'delete_snapshot deletes another snapshot',
    call:
      (call, { simulator }) =>
      (method, args, options) => {
        if (method !== 'delete_snapshot') return call(method, args, options);
        const other = simulator.world.snapshots
          .all()
          .find(({ id, state }) => id !== args[0] && state === 'BackedUp');
        return call(method, other === undefined ? args : [other.id], options);
      },
  },
  {
    about: 'delete_stemcell deletes the template of another Director, too',
    call: (call, zone) => async (method, args, options) => {
      const answer = await call(method, args, options);
      if (method !== 'delete_stemcell') return answer;
      const own = directorOf(options?.properties);
      const foreign = zone.simulator.world.templates
        .all()
        .find(({ id }) => ![undefined, own].includes(markOf(zone, id)));
      if (foreign !== undefined) await call(method, [foreign.id], options);
      return answer;
    },
  },
  {
    about: 'a job that was lost when the management server restarted counts as done',
    call: (call) => async (method, args, options) => {
      const seen = { isLost: false };
      const watched = withDetour(options, async (request, next) => {
        const response = await next.send(request);
        const isEnd = commandOf(request) === 'queryAsyncJobResult' && isLostJob(response.body);
        if (isEnd) seen.isLost = true;
        return response;
      });
      const answer = await call(method, args, watched);
      const { error } = JSON.parse(answer) as { error: unknown };
      return seen.isLost && error !== null && quiet.has(method) ? success : answer;
    },
  },
];

function isLostJob(body: string): boolean {
  return body.includes('"jobstatus":2') && !body.includes('"jobresult":');
}

/** Answers success in the place of the CPI. */
function insteadOf(call: CpiZone['call'], lazy: string): CpiZone['call'] {
  return (method, args, options) =>
    method === lazy ? Promise.resolve(success) : call(method, args, options);
}

function disksOf({ simulator: { world } }: CpiZone): ReturnType<typeof world.volumes.all> {
  return world.volumes.all().filter(({ name }) => name.startsWith('disk-'));
}

/** Which Director something was made for, as its mark says. */
function markOf({ simulator: { world } }: CpiZone, id: string): string | undefined {
  return world.tags
    .all()
    .find(({ resourceId, key }) => resourceId === id && key === 'bosh-cpi-director')?.value;
}

function directorOf(properties: object | undefined): string {
  const own: unknown = Reflect.get(properties ?? {}, 'director_uuid');
  return typeof own === 'string' ? own : directors[0];
}
