// Bugs in what the CPI asks of the cloud.
import { TransportError } from '../../../cpi/cloudstack/transport.js';
import type { Plant } from './plant.js';
import { commandOf, detour, parametersOf, pretend, withParameters } from './requests.js';

const dayMs = 24 * 3_600_000;

export const plantsInRequests: readonly Plant[] = [
  {
    about: 'volumes are created twice',
    through: detour(async (request, next) => {
      if (commandOf(request) === 'createVolume') await next.send(request);
      return next.send(request);
    }),
  },
  {
    about: 'a deployment whose answer is lost is sent again, under another name',
    through: (transport, zone) =>
      detour(async (request, next) => {
        try {
          return await next.send(request);
        } catch (error) {
          const isAgain = commandOf(request) === 'deployVirtualMachine';
          if (!isAgain || !(error instanceof TransportError)) throw error;
          const values = parametersOf(request);
          const name = `${values['name'] ?? ''}-9`;
          return next.send(withParameters(zone, request, { ...values, name }));
        }
      })(transport),
  },
  {
    about: 'each of two calls for one agent makes a VM',
    through: (transport, zone) =>
      detour((request, next) => {
        if (commandOf(request) !== 'deployVirtualMachine') return next.send(request);
        const values = parametersOf(request);
        const name = `${values['name'] ?? ''}-${zone.simulator.world.vms.everyRow().length + 2}`;
        return next.send(withParameters(zone, request, { ...values, name }));
      })(transport),
  },
  {
    about: 'a static address that is taken is given up for another one',
    through: (transport, zone) =>
      detour(async (request, next) => {
        const response = await next.send(request);
        const isRefused = response.status >= 400 && !response.body.includes('already exists');
        if (commandOf(request) !== 'deployVirtualMachine' || !isRefused) return response;
        const values = Object.entries(parametersOf(request)).filter(
          ([name]) => name !== 'ipaddress' && !name.endsWith('.ip'),
        );
        return next.send(withParameters(zone, request, Object.fromEntries(values)));
      })(transport),
  },
  {
    about: 'tags of a disk are written to another one',
    through: (transport, zone) =>
      detour((request, next) => {
        const values = parametersOf(request);
        const isOurs = commandOf(request) === 'createTags' && values['resourcetype'] === 'Volume';
        if (!isOurs) return next.send(request);
        const other = zone.simulator.world.volumes
          .all()
          .find(({ id, name }) => id !== values['resourceids'] && name.startsWith('disk-'));
        if (other === undefined) return next.send(request);
        return next.send(withParameters(zone, request, { ...values, resourceids: other.id }));
      })(transport),
  },
  {
    about: 'the affinity group of the last VM stays',
    through: detour(pretend('deleteAffinityGroup')),
  },
  {
    about: 'static NAT to a VM that is deleted stays',
    through: detour(pretend('disableStaticNat')),
  },
  {
    about: 'gc takes what is younger than it may: its clock is two days ahead',
    gcThrough: (transport, { simulator }) =>
      detour(async (request, next) => {
        const { headers, ...response } = await next.send(request);
        const date = new Date(simulator.kernel.nowMs + 2 * dayMs).toUTCString();
        return { ...response, headers: { ...headers, date } };
      })(transport),
  },
];
