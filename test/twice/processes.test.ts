// Proves that two processes of the CPI, started as a Director starts them and at work at the same
// time against one zone over HTTP, leave the same world as one: each method once. Neither is answered
// before both have asked for something, so that they really meet; which turns they then take is the
// machine's choice, and all of them are gone through in this folder's other test.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { expressDoor } from '../../simulator/doors/express.js';
import { registryScenarios } from '../crash/registry-scenarios.js';
import { apiVersionOf } from '../crash/scenario.js';
import { scenariosIn } from '../crash/scenarios.js';
import { configurationOf, directorUuid, type CpiZone } from '../support/cpi-zone.js';
import { installCpi } from '../support/cpi-process.js';
import { prepared, problemsOf } from './outcome.js';

const folder = mkdtempSync(join(tmpdir(), 'processes-'));
test.beforeAll(async () => {
  // A worker may come back to this file after it has ended it once.
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'image'), await stemcellImage());
});
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const scenario of [...scenariosIn(join(folder, 'image')), ...registryScenarios]) {
  const { method, about, options } = scenario;
  test(`${method} ${about}: made by two processes at once, it ends as made once`, async () => {
    await using stage = await prepared(scenario);
    const { zone, registry, args, rewind } = stage;
    await rewind();
    await using door = await openFor(zone, 2);
    const configuration = {
      ...configurationOf(zone.simulator, door.endpoint),
      ...(registry !== undefined && { registry: registry.section }),
    };
    using cpi = installCpi(configuration, 'bundle');
    const context = {
      director_uuid: directorUuid,
      request_id: 'cpi-1',
      ...options?.properties,
    };
    const request = { method, arguments: args, context, api_version: apiVersionOf(scenario) };
    const calls = await Promise.all([cpi.call(request), cpi.call(request)]);
    expect(door.callers()).toBe(2);
    expect(calls.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const answers = calls.map(({ stdout }) => stdout);
    expect(await problemsOf(scenario, stage, answers)).toEqual([]);
  });
}

interface Door extends AsyncDisposable {
  readonly endpoint: string;
  /** How many requests waited together when the door was opened. */
  readonly callers: () => number;
}

/** Opens a zone for HTTP as soon as so many callers stand before it. */
async function openFor({ simulator }: CpiZone, callers: number): Promise<Door> {
  const enter = expressDoor(simulator) as RequestListener;
  const waiting: (() => void)[] = [];
  let isOpen = false;
  const server = createServer((request, response) => {
    if (isOpen) {
      enter(request, response);
      return;
    }
    waiting.push(() => {
      enter(request, response);
    });
    if (waiting.length < callers) return;
    isOpen = true;
    for (const letIn of waiting) letIn();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  simulator.openedAt(origin);
  return {
    endpoint: `${origin}/client/api`,
    callers: () => waiting.length,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
