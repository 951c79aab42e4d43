import { registryAccess } from '../../agent/registry-access.js';
import { createRegistryClient } from '../../agent/registry-client.js';
import { createCloudStackClient, type ClientOptions } from '../../cloudstack/client.js';
import type { Owner } from '../../cloudstack/exchange.js';
import type { HttpProxy } from '../../cloudstack/http-proxy.js';
import type { NodeTransportOptions } from '../../cloudstack/transport-node.js';
import type { Transport } from '../../cloudstack/transport.js';
import { mergeConfiguration, secretsOf, validateConfiguration } from '../../config/load.js';
import { timedJobs } from '../../config/kinds.js';
import type { Configuration } from '../../config/properties.js';
import type { Clock } from '../../flow/clock.js';
import type { Redactor } from '../../protocol/redactor.js';
import type { CpiRequest } from '../../protocol/request.js';
import type { OpenImageServer } from '../../stemcells/publish-from-here.js';
import type { Call, NetworkInterface, NewId } from './call.js';
import { isTold } from './log-level.js';

/** What a call takes from the world around it. */
export interface CallSurroundings {
  /** The text of cpi.json. @throws BoshError of type CpiError if it cannot be read. */
  readConfiguration: () => string;
  createTransport: (options: NodeTransportOptions) => Transport;
  openImageServer: OpenImageServer;
  clock: Clock;
  /** A number from 0 up to, but not, 1. */
  random: () => number;
  newId: NewId;
  networkInterfaces: () => readonly NetworkInterface[];
  signal: AbortSignal;
}

export interface OpenCall extends Call {
  /** How many requests CloudStack has got. */
  requestCount: () => number;
  close: () => void;
}

/** It is near; what drops requests for a connection is asked again. */
const wayToRegistry = { connectTimeoutMs: 5_000 };

/**
 * Reads the configuration and makes the client; nothing is sent yet.
 *
 * @throws BoshError of type CpiError that names every problem of the configuration.
 */
export function openCall(
  surroundings: CallSurroundings,
  request: CpiRequest,
  redactor: Redactor,
  logAll: (line: string) => void,
): OpenCall {
  const { createTransport, openImageServer, clock, random, newId, networkInterfaces, signal } =
    surroundings;
  const raw = mergeConfiguration(surroundings.readConfiguration(), request.context.properties);
  redactor.add(secretsOf(raw));
  const { configuration, warnings } = validateConfiguration(raw);
  const { cloudstack } = configuration;
  const { log_level: level } = cloudstack;
  const log = (line: string): void => (isTold(line, level) ? logAll(line) : undefined);
  warnings.forEach((warning) => log(`warning: configuration: ${warning}`));
  const transports: Transport[] = [];
  const open = (options: NodeTransportOptions): Transport => {
    const transport = createTransport(options);
    transports.push(transport);
    return transport;
  };
  const access = registryAccess(configuration.registry);
  let requests = 0;
  return {
    apiVersion: request.apiVersion,
    context: request.context,
    configuration,
    clock,
    newId,
    networkInterfaces,
    signal,
    log,
    client: createCloudStackClient({
      ...clientOptionsOf(cloudstack),
      transport: open({
        caCert: cloudstack.ca_cert,
        verifyTls: !cloudstack.skip_verify_ssl,
        proxy: proxyOf(cloudstack),
      }),
      clock,
      random,
      signal,
      log,
      onRequest: () => (requests += 1),
    }),
    registry:
      access &&
      createRegistryClient({
        access,
        transport: open({ caCert: configuration.registry.ca_cert, ...wayToRegistry }),
        clock,
        random,
        newId,
        log,
        signal,
      }),
    uploadTransport: () =>
      open({
        caCert: cloudstack.ca_cert,
        verifyTls: cloudstack.upload_verify_tls,
        proxy: proxyOf(cloudstack),
      }),
    stemcellServerTransport: () => open({ caCert: cloudstack.ca_cert }),
    openImageServer,
    requestCount: () => requests,
    close: () => {
      for (const transport of transports) transport.close();
    },
  };
}

type ConfiguredOptions =
  'endpoint' | 'keys' | 'owner' | 'poll' | 'jobDeadlineMs' | 'jobDeadlinesMs';

function clientOptionsOf(
  cloudstack: Configuration['cloudstack'],
): Pick<ClientOptions, ConfiguredOptions> {
  return {
    endpoint: cloudstack.endpoint,
    keys: { apiKey: cloudstack.api_key, secretKey: cloudstack.secret_access_key },
    ...ownerOf(cloudstack),
    poll: pollOf(cloudstack.poll),
    ...deadlinesOf(cloudstack),
  };
}

function deadlinesOf({
  state_timeout: usual,
  timeout,
}: Configuration['cloudstack']): Pick<ClientOptions, 'jobDeadlineMs' | 'jobDeadlinesMs'> {
  const limits = Object.entries(timedJobs).flatMap(([name, commands]) => {
    const limit = timeout[name as keyof typeof timedJobs];
    return limit === undefined ? [] : commands.map((command) => [command, limit * 1000] as const);
  });
  return { jobDeadlineMs: usual * 1000, jobDeadlinesMs: Object.fromEntries(limits) };
}

function ownerOf({
  project_id: projectid,
  account,
  domain_id: domainid,
}: Configuration['cloudstack']): { owner?: Owner } {
  if (projectid !== undefined) return { owner: { projectid } };
  return account === undefined || domainid === undefined ? {} : { owner: { account, domainid } };
}

function proxyOf({
  proxy_host: host,
  proxy_port: port,
  proxy_user: user,
  proxy_password: password,
}: Configuration['cloudstack']): HttpProxy | undefined {
  return host === undefined ? undefined : { host, port, user, password };
}

function pollOf(settings: {
  first_ms?: number | undefined;
  factor?: number | undefined;
  cap_ms?: number | undefined;
}): { firstMs?: number; factor?: number; capMs?: number } {
  return {
    ...(settings.first_ms !== undefined && { firstMs: settings.first_ms }),
    ...(settings.factor !== undefined && { factor: settings.factor }),
    ...(settings.cap_ms !== undefined && { capMs: settings.cap_ms }),
  };
}
