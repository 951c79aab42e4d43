// The page at `/`: plain HTML that says what runs here, with nothing in it that could run.
import { expect, test } from '@playwright/test';
import { statusPage } from '../../../simulator/control/status-page.js';
import { createSimulator } from '../../../simulator/simulator.js';
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
  ]) {
    expect(page).toContain(part);
  }
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
