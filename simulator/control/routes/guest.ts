import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Guest } from '../../guest/guest.js';
import type { Simulator } from '../../simulator.js';
import type { VmRow } from '../../world/entities.js';
import type { World } from '../../world/world.js';
import { bodyOf, refuse, type ControlRoute } from '../control-route.js';

/** What a VM sees from within, for who has no guest to look out of. */
export const guestRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/guest/:vm',
    does: 'Tells what a running VM sees of itself: network interfaces, disks, CD-ROM, config drive.',
    notes: [
      'The VM is named by its id, or by its name where only one that runs has it. A VM that does not ' +
        'run sees nothing: 409, as for a name that several running ones have; 404 if there is none.',
      '`router` is what DHCP names as its server: a guest finds its user data there.',
      '`disks` are as a Linux guest has found them since it booted: their nodes, their links in ' +
        '`/dev/disk/by-id`, the volume behind each, and what was written to it. Disks have the same ' +
        '`identity` if one was made from the other, or both from the same.',
      '`configDrive` is null unless one of its networks has its user data from a drive.',
    ],
    answer: withGuest((guest, _request, response) => {
      const { interfaces, disks, cdrom, configDrive } = guest;
      response.json({ interfaces, disks, cdrom, configDrive: configDrive && drive(configDrive) });
    }),
  },
  {
    method: 'PUT',
    path: '/guest/:vm/file',
    does: 'Has a running VM write a file to one of its disks.',
    notes: [
      'For example `{"disk":"/dev/vdb","name":"marker","content":"mine"}`; the disk is a node or a ' +
        'link of udev. What is written stays on the volume when it is detached, attached elsewhere, ' +
        'resized or moved, and is in the snapshots that are taken later.',
    ],
    answer: withGuest(answerWrite),
  },
  {
    method: 'GET',
    path: '/guest/:vm/http',
    does: 'Answers as `?url=` would inside of a running VM; virtual routers answer, nothing else.',
    notes: [
      'For example `?url=http://data-server/latest/user-data`. Status and bytes are the router’s; ' +
        '504 means that nothing answers at that address.',
    ],
    query: ['url'],
    answer: withGuest(answerHttp),
  },
];

type Answer = (guest: Guest, request: Request, response: Response) => void;

function withGuest(answer: Answer): ControlRoute['answer'] {
  return (simulator: Simulator, request, response) => {
    const meant = vmMeant(simulator.world, String(request.params['vm']));
    if ('error' in meant) response.status(meant.status).json({ error: meant.error });
    else answer(simulator.guest(meant.id), request, response);
  };
}

interface NotMeant {
  readonly status: 404 | 409;
  readonly error: string;
}

/** 404 without such a VM, 409 unless one runs, or if several that run have the name. */
function vmMeant({ vms }: World, idOrName: string): VmRow | NotMeant {
  const byId = vms.get(idOrName);
  const known = byId === undefined ? vms.all().filter(({ name }) => name === idOrName) : [byId];
  const running = known.filter(({ state }) => state === 'Running');
  const [first] = known;
  if (first === undefined) {
    return {
      status: 404,
      error: `there is no VM ${idOrName}; give an id or a name as the API shows it`,
    };
  }
  if (running.length > 1) {
    const ids = running.map(({ id }) => id).join(', ');
    return {
      status: 409,
      error: `several VMs are called ${idOrName}; give one of their ids: ${ids}`,
    };
  }
  const [vm] = running;
  return vm ?? { status: 409, error: `VM ${idOrName} is ${first.state}: only a running one sees` };
}

function answerHttp(guest: Guest, request: Request, response: Response): void {
  const { url } = request.query;
  if (typeof url !== 'string' || !URL.canParse(url)) {
    response
      .status(400)
      .json({ error: 'url: must be one, such as http://data-server/latest/user-data' });
    return;
  }
  const answer = guest.get(url);
  if (answer === undefined) {
    response.status(504).json({ error: `nothing answers the guest at ${url}` });
    return;
  }
  response.status(answer.status).type('application/octet-stream').send(answer.body);
}

function answerWrite(guest: Guest, request: Request, response: Response): void {
  const written = bodyOf(writeRequest, request, response);
  if (written === undefined) return;
  const { disk: path, name, content } = written;
  if (guest.disk(path) === undefined) {
    const disks = guest.disks.map(({ device }) => device).join(', ');
    refuse(response, `disk: there is no ${path}; the guest has ${disks}`);
    return;
  }
  guest.writeFile(path, name, content);
  response.json(guest.disk(path));
}

const writeRequest = z.strictObject({
  disk: z.string().describe('A node such as /dev/vdb, or a link of udev.'),
  name: z.string().min(1).describe('Name of the file.'),
  content: z.string().describe('What it holds.'),
});

function drive({ label, files }: NonNullable<Guest['configDrive']>): object {
  const texts = new Map(
    [...files].map(([path, content]) => [path, Buffer.from(content).toString()]),
  );
  return { label, files: Object.fromEntries(texts) };
}
