// The limit of how long nothing may move on a connection stands still while anybody waits for the
// server on it, and runs again, as long as it was, when nobody does any more.
import { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { pauseIdleLimit } from '../../../cpi/serving/idle-limit.js';

const limitMs = 60_000;

function limited(): Socket {
  return new Socket().setTimeout(limitMs);
}

for (const order of [
  [0, 1],
  [1, 0],
] as const) {
  test(`paused twice, it runs when both are done, in the order ${order.join(', ')}`, () => {
    const socket = limited();
    const resume = [pauseIdleLimit(socket), pauseIdleLimit(socket)] as const;
    expect(socket.timeout).toBe(0);
    resume[order[0]]();
    expect(socket.timeout, 'one still waits').toBe(0);
    resume[order[0]]();
    expect(socket.timeout, 'who has done has done').toBe(0);
    resume[order[1]]();
    expect(socket.timeout).toBe(limitMs);
    socket.destroy();
  });
}

test('paused again later, it is as long as it is by then', () => {
  const socket = limited();
  pauseIdleLimit(socket)();
  socket.setTimeout(1_000);
  pauseIdleLimit(socket)();
  expect(socket.timeout).toBe(1_000);
  socket.destroy();
});

test('connections are paused each for itself', () => {
  const [one, other] = [limited(), limited()];
  const resume = pauseIdleLimit(one);
  expect(other.timeout).toBe(limitMs);
  resume();
  expect(one.timeout).toBe(limitMs);
  for (const socket of [one, other]) socket.destroy();
});
