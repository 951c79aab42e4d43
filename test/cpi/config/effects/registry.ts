// Where the registry is that stemcells below version 2 need, and who the CPI is there.
import { expect } from '@playwright/test';
import { loopbackTls } from '../../../../bats-runner/contract/loopback-tls.js';
import { realClock } from '../../../../cpi/flow/clock.js';
import { createMemoryStore } from '../../../../cpi/registry/memory-store.js';
import { registryApp } from '../../../../cpi/registry/registry-app.js';
import { serve } from '../../../../cpi/serving/serve.js';
import { userDataOf } from '../../../guests/registry-agent.js';
import { startZone } from '../../../support/cpi-zone.js';
import { registryCredentials, startSettingsRegistry } from '../../../support/settings-registry.js';
import { cidOf, ofStemcell } from '../../methods/registry-requests.js';
import { vmArguments } from '../../methods/vm-requests.js';
import type { Effects } from './effect.js';

interface Outcome {
  /** What create_vm answered about a stemcell of version 1. */
  readonly answer: string;
  /** How many VMs have settings in the registry then. */
  readonly entries: number;
  /** What the user data of the VM say of the registry. */
  readonly told: string;
}

/** Creates a VM of a stemcell of version 1 where this is the section; `at` tells of a registry. */
async function createUnder(
  section: (at: { endpoint: string; host: string; port: number }) => object,
): Promise<Outcome> {
  await using registry = await startSettingsRegistry();
  const { endpoint } = registry;
  const { hostname: host, port } = new URL(endpoint);
  const sections = { registry: section({ endpoint, host, port: Number(port) }) };
  await using zone = await startZone({}, 'direct', sections);
  const answer = await zone.call('create_vm', vmArguments(), ofStemcell(1));
  const { result, error } = JSON.parse(answer) as { result: unknown; error: unknown };
  return {
    answer,
    entries: Object.keys(await registry.entries()).length,
    told:
      error === null
        ? JSON.stringify(userDataOf(zone.simulator.guest(cidOf(result))).registry)
        : '',
  };
}

async function createBehindTls(caCert: string | undefined): Promise<string> {
  const app = registryApp({
    users: [registryCredentials],
    store: createMemoryStore(),
    settingsBytesMax: 1024 * 1024,
    nowMs: () => 0,
    onAccess: () => undefined,
    onFailure: () => undefined,
  });
  const server = await serve(app, {
    host: '127.0.0.1',
    port: 0,
    tls: { certificate: loopbackTls.cert, private_key: loopbackTls.key },
    requestTimeoutMs: 5_000,
    clock: realClock,
    onFailure: (failure) => {
      throw failure;
    },
  });
  try {
    const registry = { endpoint: server.endpoint, ...registryCredentials, ca_cert: caCert };
    await using zone = await startZone({}, 'direct', { registry });
    return await zone.call('create_vm', vmArguments(), ofStemcell(1));
  } finally {
    await server.stop(0);
  }
}

const good = { entries: 1, answer: expect.stringContaining('"error":null') as unknown };

export const registryEffects: Effects = {
  'registry.host': async () => {
    const named = await createUnder(({ host, port }) => ({ host, port, ...registryCredentials }));
    expect(named).toMatchObject(good);
    const unnamed = await createUnder(({ port }) => ({ host: '', port, ...registryCredentials }));
    expect(unnamed).toMatchObject({ entries: 0, answer: expect.stringContaining('registry') });
  },
  'registry.port': async () => {
    const { answer } = await createUnder(({ host }) => ({ host, port: 9, ...registryCredentials }));
    expect(answer).toContain('127.0.0.1:9 refused the connection');
  },
  'registry.endpoint': async () => {
    const instead = await createUnder(({ endpoint }) => ({
      endpoint,
      ...registryCredentials,
    }));
    expect(instead).toMatchObject(good);
  },
  'registry.username': async () => {
    const wrong = { ...registryCredentials, username: 'somebody' };
    const { answer } = await createUnder(({ endpoint }) => ({ endpoint, ...wrong }));
    expect(answer).toContain('does not let the user somebody in');
  },
  'registry.password': async () => {
    const wrong = { ...registryCredentials, password: 'another' };
    const { answer } = await createUnder(({ endpoint }) => ({ endpoint, ...wrong }));
    expect(answer).toContain('registry.password');
  },
  'registry.ca_cert': async () => {
    expect(await createBehindTls(loopbackTls.cert)).toContain('"error":null');
    expect(await createBehindTls(undefined)).toContain('no trusted TLS connection');
  },
  'registry.credentials_in_endpoint': async () => {
    for (const tells of [true, false]) {
      const outcome = await createUnder(({ endpoint }) => ({
        endpoint,
        ...registryCredentials,
        credentials_in_endpoint: tells,
      }));
      expect(outcome).toMatchObject(good);
      expect(outcome.told.includes(registryCredentials.username)).toBe(tells);
    }
  },
};
