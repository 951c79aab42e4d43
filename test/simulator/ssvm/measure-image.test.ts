// Proves that registering an image asks its server how large it is, as CloudStack does: with one HEAD,
// after all that is checked before, over HTTP; that what would cross the limit of secondary storage is
// refused, and that a server which says nothing, or something else, never keeps anybody from it.
import type { IncomingMessage, RequestListener } from 'node:http';
import { expect, test } from '@playwright/test';
import { inProcess } from '../../../simulator/doors/in-process.js';
import { measureImage } from '../../../simulator/ssvm/measure-image.js';
import { setLimit } from '../../../simulator/world/identity/resource-limits.js';
import { whileListening } from '../../support/listening.js';
import {
  signedQuery,
  testSimulator,
  type Reply,
  type TestWorld,
  type Values,
} from '../../support/simulator-client.js';
import { guestState } from '../../support/simulator-vms.js';
import { assertSound } from '../../support/sound-world.js';
import { downloadingWorld, whileServing } from '../../support/template-downloads.js';
import { templateValues } from '../../support/template-uploads.js';

const GIB = 1024 ** 3;
const LIMIT_GIB = 10;

/** The user's account may have so much in secondary storage. */
function limited({ simulator }: Pick<TestWorld, 'simulator'>): void {
  const { accountId } = simulator.userWithRole('User');
  setLimit(simulator.world, accountId, 'secondary_storage', LIMIT_GIB * GIB);
}

/** What an image of so many bytes is answered with. */
function answered(world: TestWorld, command: string, values: Values, imageBytes?: number): Reply {
  const { simulator, user } = world;
  const { status, body } = inProcess(simulator)({
    method: 'GET',
    url: `/client/api?${signedQuery(user.keys, command, values)}`,
    ...(imageBytes === undefined ? {} : { imageBytes }),
  });
  return { status, ...(Object.values(JSON.parse(body) as Reply)[0] as Reply) };
}

/** Registrations, and the answer to one of an image that is as large as there is room. */
function registrations(world: TestWorld): readonly (readonly [string, Values])[] {
  const { zoneid, ostypeid } = templateValues(world);
  const url = (ending: string): string => `http://images.example/root.${ending}`;
  return [
    ['registerTemplate', templateValues(world, { url: url('qcow2') })],
    ['registerIso', { name: 'tools', zoneid: zoneid!, ostypeid: ostypeid!, url: url('iso') }],
  ];
}

for (const index of [0, 1]) {
  test(`a limit refuses what is larger than the room that is left: registration ${index + 1}`, () => {
    const world = testSimulator();
    limited(world);
    const [command, values] = registrations(world)[index]!;
    const before = guestState(world);
    const refused = answered(world, command, values, LIMIT_GIB * GIB + 1);
    expect(refused['status']).toBe(535);
    expect(refused['errortext']).toContain(
      "Maximum amount of resources of Type = 'secondary_storage', tag = 'null' for Account Name = bosh",
    );
    expect(refused['errortext']).toContain('Requested Resource Amount = (10.00 GB) 10737418241.');
    expect(guestState(world)).toBe(before);
    expect(answered(world, command, values, LIMIT_GIB * GIB)['status']).toBe(200);
    expect(answered(world, command, values)['status']).toBe(200);
    assertSound(world.simulator);
  });
}

test('an uploaded volume counts with what its server said until it has come', () => {
  const world = testSimulator();
  limited(world);
  const { zoneid } = templateValues(world);
  const values = {
    name: 'data',
    format: 'QCOW2',
    zoneid: zoneid!,
    url: 'http://a.example/d.qcow2',
  };
  const end = (imageBytes: number): Reply => {
    const { jobid } = answered(world, 'uploadVolume', values, imageBytes);
    world.simulator.kernel.advanceUntilIdle();
    return world.user.job(jobid as string).result;
  };
  expect(end(LIMIT_GIB * GIB + 1)).toMatchObject({
    errorcode: 530,
    errortext: expect.stringContaining("of Type = 'secondary_storage'"),
  });
  expect(end(6 * GIB)).toHaveProperty('volume');
  expect(end(6 * GIB)).toMatchObject({ errorcode: 530 });
  assertSound(world.simulator);
});

test('the door asks the server with one HEAD, and refuses with what that says', async () => {
  const world = downloadingWorld({}, { measureImage });
  limited(world);
  const requests: string[] = [];
  const serve: RequestListener = ({ method, url }, response) => {
    requests.push(`${method} ${url}`);
    response.setHeader('content-length', 11 * GIB).end();
  };
  await whileServing(serve, async (images) => {
    const ask = async (values: Values): Promise<number> => {
      const query = signedQuery(
        world.user.keys,
        'registerTemplate',
        templateValues(world, { url: `${images}/root.qcow2`, ...values }),
      );
      const request = { method: 'GET', query, contentType: '', body: '', hostNowMs: 0 };
      const outcome = await world.simulator.answer(request);
      return outcome.kind === 'reply' ? outcome.response.status : 0;
    };
    expect(await ask({ format: 'VHD' })).toBe(431);
    expect(await ask({ hypervisor: 'nothing' })).toBe(431);
    expect(requests).toEqual([]);
    expect(await ask({})).toBe(535);
    expect(requests).toEqual(['HEAD /root.qcow2']);
  });
  expect(world.user.call('listTemplates', { templatefilter: 'self' })).toEqual({});
  world.simulator.close();
});

test('so do requests over HTTP', async () => {
  let heads = 0;
  const serve: RequestListener = ({ method }, response) => {
    if (method === 'HEAD') heads += 1;
    response.setHeader('content-length', 500 * GIB).end();
  };
  await whileServing(serve, async (images) => {
    await whileListening({ settings: { 'ssvm.allowLoopback': true } }, async (opened) => {
      const { simulator, origin } = opened;
      limited(opened);
      const values = templateValues(opened as unknown as TestWorld, {
        url: `${images}/root.qcow2`,
      });
      const query = signedQuery(simulator.userWithRole('User'), 'registerTemplate', values);
      const response = await fetch(`${origin}/client/api?${query}`);
      expect([response.status, heads]).toEqual([535, 1]);
    });
  });
});

const servers: Readonly<Record<string, readonly [RequestListener, number]>> = {
  'the length of an image': [(_, response) => response.setHeader('content-length', 7).end(), 7],
  'the length of a page that tells of an error': [
    (_, response) => response.writeHead(404, { 'content-length': 335 }).end(),
    335,
  ],
  'no length': [(_, response) => response.setHeader('transfer-encoding', 'chunked').end(), 0],
  'a redirection': [(_, response) => response.writeHead(302, { location: '/other' }).end(), 0],
  'nothing, and hangs up': [(request) => request.socket.destroy(), 0],
};

for (const [what, [serve, bytes]] of Object.entries(servers)) {
  test(`a server that tells ${what}: ${bytes}`, async () => {
    const seen: IncomingMessage[] = [];
    await whileServing(
      (request, response) => {
        seen.push(request);
        serve(request, response);
      },
      async (origin) => {
        expect(await measureImage(`${origin}/root.qcow2`)).toBe(bytes);
      },
    );
    expect(seen.map(({ method, url }) => [method, url])).toEqual([['HEAD', '/root.qcow2']]);
  });
}

test('nobody at the address: 0', async () => {
  let gone = '';
  await whileServing(
    () => undefined,
    (origin) => {
      gone = origin;
      return Promise.resolve();
    },
  );
  expect(await measureImage(`${gone}/root.qcow2`)).toBe(0);
});

test('who has a fetchImage of their own asks nobody, unless they say how', async () => {
  const sizes: number[] = [];
  for (const options of [{}, { measureImage: () => Promise.resolve(500 * GIB) }]) {
    const world = testSimulator(options);
    limited(world);
    const query = signedQuery(
      world.user.keys,
      'registerTemplate',
      templateValues(world, { url: 'http://images.example/root.qcow2' }),
    );
    const request = { method: 'GET', query, contentType: '', body: '', hostNowMs: 0 };
    const outcome = await world.simulator.answer(request);
    sizes.push(outcome.kind === 'reply' ? outcome.response.status : 0);
  }
  expect(sizes).toEqual([200, 535]);
});
