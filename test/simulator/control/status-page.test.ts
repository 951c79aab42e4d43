// The page at `/`: plain HTML that says what runs here, with nothing in it that could run.
import { expect, test } from '@playwright/test';
import { statusPage } from '../../../simulator/control/status-page.js';
import { createSimulator, type Simulator } from '../../../simulator/simulator.js';
import { testSimulator } from '../../support/simulator-client.js';
import { deployed } from '../../support/simulator-vms.js';
import { smallWorld } from '../../support/small-api.js';

test('the page names zone, time, clock and where the API and control are', () => {
  const simulator = createSimulator({ clock: 'on-poll' });
  simulator.openedAt('http://127.0.0.1:8080');
  const page = statusPage(simulator);
  for (const part of [
    '<!doctype html>',
    '<html lang="en">',
    '<title>CloudStack simulator</title>',
    'http://127.0.0.1:8080/client/api',
    '2026-01-01T00:00:00.000Z',
    'on-poll',
    'zone1',
    'href="/_sim/health"',
    'href="/_sim/events"',
    'href="/_sim/invariants"',
    'href="/_sim"',
  ]) {
    expect(page).toContain(part);
  }
});

/** What the table of the page says beside a name. */
function factOf(simulator: Simulator, name: string): string | undefined {
  return new RegExp(`<th scope="row">${name}</th><td>([^<]*)</td>`).exec(
    statusPage(simulator),
  )?.[1];
}

test('what is destroyed or was there from the start is not counted as living', () => {
  const world = testSimulator({ clock: 'auto' });
  const { simulator, user } = world;
  const counts = (): (string | undefined)[] =>
    ['Virtual machines', 'Volumes', 'Templates'].map((name) => factOf(simulator, name));
  const fresh = ['0', '0', '0 (1 more that the world came with)'];
  expect(counts()).toEqual(fresh);

  const vm = deployed(world, user);
  expect(counts().slice(0, 2)).toEqual(['1', '1']);
  user.done('destroyVirtualMachine', { id: vm['id'] });
  const gone = '0 (1 destroyed, not expunged yet)';
  expect(counts().slice(0, 2)).toEqual([gone, gone]);
  simulator.reset();
  expect(counts()).toEqual(fresh);
});

test('names from a world file cannot become markup', () => {
  const [zone] = smallWorld.zones;
  const simulator = createSimulator({
    world: { ...smallWorld, zones: [{ ...zone!, name: '<script>alert("1")</script>' }] },
  });
  const page = statusPage(simulator);
  expect(page).not.toContain('<script');
  expect(page).toContain('&#60;script&#62;alert(&#34;1&#34;)');
});
