// A refusal by the plan is one of CloudStack's own: its status, its wrapper, its `cserrorcode`, its
// mask for ordinary users; it comes only to callers who have proved who they are, and changes nothing.
import { expect, test } from '@playwright/test';
import type { FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { ask, askForVm, contentOf, faultyZone, rule } from '../../support/faulty-zone.js';
import { TestClient, type TestWorld } from '../../support/simulator-client.js';

const MASKED = 'Internal error executing command, please contact your system administrator';

function zone(then: FaultRuleInput['then']): TestWorld {
  return faultyZone(rule({ command: 'listZones' }, then));
}

test('unauthorized: 401 with the one text for all reasons', () => {
  const world = zone({ effect: 'unauthorized' });
  expect(world.user.send('listZones')).toEqual({
    status: 401,
    body: {
      listzonesresponse: {
        uuidList: [],
        errorcode: 401,
        errortext: 'unable to verify user credentials and/or request signature',
      },
    },
  });
  expect(world.user.send('listNetworks').status).toBe(200);
});

test.describe('throttled', () => {
  test('429 with the text of the API; a root admin is exempt', () => {
    const world = zone({ effect: 'throttled', retryAfterMs: 1_250 });
    const answer = ask(world, 'listZones');
    expect(contentOf(answer)).toEqual({
      uuidList: [],
      errorcode: 429,
      cserrorcode: 9999,
      errortext:
        'The given user has reached his/her account api limit, please retry after [1250] ms.',
    });
    expect(answer).not.toHaveProperty('headers.retry-after');
    expect(world.admin.send('listZones').status).toBe(200);
  });

  test('with the header that a proxy sends', () => {
    const world = zone({ effect: 'throttled', retryAfterMs: 1_250, retryAfterHeader: true });
    expect(ask(world, 'listZones')).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
  });
});

test.describe('refused', () => {
  const codes: readonly (readonly [number, number, boolean])[] = [
    [430, 9999, false],
    [431, 4350, false],
    [432, 9999, false],
    [530, 4250, true],
    [531, 4365, false],
    [532, 4280, false],
    [533, 4325, true],
    [534, 4380, true],
    [535, 4370, false],
    [536, 9999, false],
    [537, 9999, false],
  ];
  for (const [status, csErrorCode, masked] of codes) {
    test(`${status} as the API gives it`, () => {
      const world = zone({ effect: 'refused', status, text: 'not today' });
      const wrapper = status === 432 ? 'errorresponse' : 'listzonesresponse';
      const expected = { httpStatus: status, wrapper, errorcode: status, cserrorcode: csErrorCode };
      expect(world.admin.fails('listZones')).toEqual({ ...expected, errortext: 'not today' });
      const text = masked ? MASKED : 'not today';
      expect(world.user.fails('listZones')).toEqual({ ...expected, errortext: text });
    });
  }

  test('unmasked, as deployVirtualMachine does', () => {
    const world = zone({ effect: 'refused', status: 533, text: 'no room', masked: false });
    expect(world.user.fails('listZones')).toMatchObject({
      cserrorcode: 9999,
      errortext: 'no room',
    });
  });
});

test('limit-reached: 535 with the account, its domain and the type', () => {
  const then = { effect: 'limit-reached', type: 'volume' } as const;
  const world = faultyZone(rule({ command: 'deployVirtualMachine' }, then));
  expect(contentOf(askForVm(world))).toEqual({
    uuidList: [],
    errorcode: 535,
    cserrorcode: 4370,
    errortext:
      "Maximum amount of resources of Type = 'volume', tag = 'null' for Account Name = bosh in " +
      'Domain Id = 1 is exceeded: Account Resource Limit = 0, Current Account Resource Amount = 0, ' +
      'Current Account Resource Reservation = 0, Requested Resource Amount = 1.',
  });
  expect(world.simulator.world.vms.all()).toEqual([]);
});

test('limit-reached: storage is counted in bytes that can be read', () => {
  const then = { effect: 'limit-reached', type: 'primary_storage' } as const;
  const world = faultyZone(rule({ command: 'deployVirtualMachine' }, then));
  expect(contentOf(askForVm(world))['errortext']).toContain('Account Resource Limit = (0 B) 0, ');
});

for (const effect of ['throttled', 'refused', 'limit-reached', 'unauthorized'] as const) {
  test(`${effect}: nothing changes, and who has no valid keys learns nothing of it`, () => {
    const then = { effect, ...(effect === 'refused' ? { text: 'not today', status: 431 } : {}) };
    const world = faultyZone(rule({ command: 'createVolume' }, then));
    const { simulator } = world;
    const before = simulator.world.volumes.all().length;
    expect(world.user.send('createVolume', { name: 'a' }).status).not.toBe(200);
    expect(simulator.world.volumes.all()).toHaveLength(before);
    const stranger = new TestClient(simulator, { ...world.user.keys, secretKey: 'wrong' });
    expect(stranger.send('createVolume', { name: 'a' }).status).toBe(401);
  });
}
