#!/usr/bin/env node
import { createCloudStackClient } from '../cloudstack/client.js';
import { createNodeTransport } from '../cloudstack/transport-node.js';
import { realClock } from '../flow/clock.js';
import { registryApp } from '../registry/registry-app.js';
import {
  readRegistryConfiguration,
  type CloudStackAccess,
  type RegistryConfiguration,
} from '../registry/registry-configuration.js';
import { limited } from '../registry/limited-reads.js';
import { assertKeyPair } from '../serving/key-pair.js';
import { serve, type Serving } from '../serving/serve.js';
import type { StoreSettings } from '../registry/registry-properties.js';
import { askCloudStack, type MayRead } from '../registry/source-address.js';
import type { Logger } from './program-log.js';
import { openStore } from './registry-store.js';
import { runServerProgram } from './server-program.js';

const teaching = `
Agents of stemcells with an api_version below 2 read their settings from a registry; all others get
them as user data and need none. The CPI writes the settings here, the agents read them:

  curl -u registry:password http://10.0.0.6:25777/instances/vm-1/settings

A smallest registry.json:

  { "registry": { "username": "registry", "password": "..." } }

All properties: docs/cpi/registry.md. The log is JSON, one object a line, on stderr. SIGTERM ends the
program when the requests under way are answered, or after 10 seconds.
Exit status: 0 stopped as asked, 2 wrong usage, 3 the configuration, the store or the port does not
allow to start, or it could not stop as it should.`;

/** Requests are small: who takes longer is broken, or means harm. */
const requestTimeoutMs = 30_000;

runServerProgram({
  name: 'cloudstack-registry',
  description: 'The BOSH registry: settings of agents of stemcells below API version 2, over HTTP.',
  defaultConfigPath: '/var/vcap/jobs/cloudstack_registry/config/registry.json',
  readyFile: '{"endpoint", "pid"}',
  teaching,
  start: async ({ configuration: { text, path }, port, redactor, log }) => {
    const configuration = readRegistryConfiguration(text, path);
    redactor.add(configuration.secrets);
    for (const warning of configuration.warnings) log.warn(`configuration: ${warning}`);
    const { registry } = configuration;
    assertKeyPair(registry.tls, 'registry', path);
    const store = await openStore(registry.store, (line) => {
      log.warn(line);
    });
    const onFailure = (failure: unknown): void => {
      log.error((failure as Error).message);
    };
    const app = registryApp({
      store,
      users: [registry, ...registry.additional_users],
      mayRead: readerCheck(configuration, log),
      settingsBytesMax: registry.settings_max_kib * 1024,
      nowMs: () => realClock.nowMs(),
      onAccess: (line) => {
        log.access(line);
      },
      onFailure,
    });
    let serving: Serving;
    try {
      serving = await serve(app, {
        ...registry,
        port: port ?? registry.port,
        requestTimeoutMs,
        clock: realClock,
        onAccess: (line) => {
          log.access(line);
        },
        onUnreadable: (line) => {
          log.info('no request', line);
        },
        onFailure,
      });
    } catch (failure) {
      await store.close();
      throw failure;
    }
    return {
      ready: { endpoint: serving.endpoint },
      facts: factsOf(registry.store),
      stop: async (withinMs) => {
        await serving.stop(withinMs);
        await store.close();
      },
    };
  },
});

/** Where a database is may be a secret, where a file is helps to find it. */
function factsOf(store: StoreSettings): object {
  return { store: store.type, ...(store.type === 'file' && { path: store.path }) };
}

/** An agent asks ten times, once a second, before it gives up (bosh-agent, http_registry.go). */
const readLimits = { atOnce: 4, waiting: 100, burst: 10, perSecond: 1, addresses: 10_000 };

function readerCheck({ cloudStack }: RegistryConfiguration, log: Logger): MayRead | undefined {
  if (cloudStack === undefined) return undefined;
  return limited(askCloudStack(clientFor(cloudStack, log)), {
    ...readLimits,
    nowMs: () => realClock.nowMs(),
  });
}

function clientFor(access: CloudStackAccess, log: Logger): Parameters<typeof askCloudStack>[0] {
  return createCloudStackClient({
    endpoint: access.endpoint,
    keys: { apiKey: access.apiKey, secretKey: access.secretKey },
    transport: createNodeTransport({ caCert: access.caCert }),
    clock: realClock,
    random: Math.random,
    log: (line) => {
      log.info(line);
    },
    jobDeadlineMs: requestTimeoutMs,
  });
}
