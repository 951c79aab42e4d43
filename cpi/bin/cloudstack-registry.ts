#!/usr/bin/env node
import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { createCloudStackClient } from '../cloudstack/client.js';
import { createNodeTransport } from '../cloudstack/transport-node.js';
import { realClock } from '../flow/clock.js';
import { Redactor } from '../protocol/redactor.js';
import { registryApp } from '../registry/registry-app.js';
import {
  readRegistryConfiguration,
  type CloudStackAccess,
  type RegistryConfiguration,
} from '../registry/registry-configuration.js';
import { serve } from '../serving/serve.js';
import { askCloudStack, type MayRead } from '../registry/source-address.js';
import { packageVersion } from './package-version.js';
import { createLogger, type Logger } from './program-log.js';
import { openStore } from './registry-store.js';

const defaultConfigPath = '/var/vcap/jobs/cloudstack_registry/config/registry.json';

const teaching = `
Agents of stemcells with an api_version below 2 read their settings from a registry; all others get
them as user data and need none. The CPI writes the settings here, the agents read them:

  curl -u registry:password http://10.0.0.6:25777/instances/vm-1/settings

A smallest registry.json:

  { "registry": { "username": "registry", "password": "..." } }

All properties: docs/cpi/registry.md. The log is JSON, one object a line, on stderr. SIGTERM ends the
program when the requests under way are answered.
Exit status: 0 stopped as asked, 2 wrong usage, 3 the configuration, the store or the port does not
allow to start.`;

interface Flags {
  readonly config: string;
  readonly port?: string;
  readonly readyFile?: string;
}

const exit = { good: 0, usage: 2, environment: 3 } as const;

/** Requests are small: who takes longer is broken, or means harm. */
const requestTimeoutMs = 30_000;

const stopWithinMs = 10_000;

new Command('cloudstack-registry')
  .description('The BOSH registry: settings of agents of stemcells below API version 2, over HTTP.')
  .version(packageVersion(), '--version', 'print the version')
  .helpOption('--help', 'print this help')
  .option('--config <file>', 'configuration file', defaultConfigPath)
  .option('--port <number>', 'port to listen on instead of the configured one; 0 picks a free one')
  .option('--ready-file <file>', 'write {"endpoint", "pid"} there as soon as requests are served')
  .allowExcessArguments(false)
  .addHelpText('after', teaching)
  .showHelpAfterError('(cloudstack-registry --help tells how to use it)')
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? exit.good : exit.usage))
  .action(async (flags: Flags) => {
    const redactor = new Redactor();
    const log = createLogger(redactor);
    try {
      await run(flags, redactor, log);
    } catch (failure) {
      log.error((failure as Error).message);
      process.exitCode = exit.environment;
    }
  })
  .parse(process.argv);

async function run(flags: Flags, redactor: Redactor, log: Logger): Promise<void> {
  const configuration = readRegistryConfiguration(readFileSync(flags.config, 'utf8'));
  redactor.add(configuration.secrets);
  for (const warning of configuration.warnings) log.warn(`configuration: ${warning}`);
  const { registry } = configuration;
  const store = await openStore(registry.store, (line) => {
    log.warn(line);
  });
  const app = registryApp({
    store,
    users: [registry, ...registry.additional_users],
    mayRead: readerCheck(configuration, log),
    settingsBytesMax: registry.settings_max_kib * 1024,
    nowMs: () => realClock.nowMs(),
    onAccess: (line) => {
      log.access(line);
    },
    onFailure: (failure) => {
      log.error((failure as Error).message);
    },
  });
  const port = flags.port === undefined ? registry.port : portOf(flags.port);
  const serving = await serve(app, { ...registry, port, requestTimeoutMs, clock: realClock });
  const ready = { endpoint: serving.endpoint, pid: process.pid };
  log.info('serving', { ...ready, store: registry.store.type });
  if (flags.readyFile !== undefined) writeFileSync(flags.readyFile, JSON.stringify(ready));
  const stop = (signal: NodeJS.Signals): void => {
    log.info('stopping', { signal });
    void serving
      .stop(stopWithinMs)
      .then(() => store.close())
      .then(() => process.exit(exit.good));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  process.stderr.write(`--port takes a number from 0 to 65535, got ${text}\n`);
  return process.exit(exit.usage);
}

function readerCheck({ cloudStack }: RegistryConfiguration, log: Logger): MayRead | undefined {
  if (cloudStack === undefined) return undefined;
  return askCloudStack(clientFor(cloudStack, log));
}

function clientFor(access: CloudStackAccess, log: Logger): Parameters<typeof askCloudStack>[0] {
  return createCloudStackClient({
    endpoint: access.endpoint,
    keys: { apiKey: access.apiKey, secretKey: access.secretKey },
    transport: createNodeTransport({ caCert: access.caCert }),
    clock: realClock,
    log: (line) => {
      log.info(line);
    },
    jobDeadlineMs: requestTimeoutMs,
  });
}
