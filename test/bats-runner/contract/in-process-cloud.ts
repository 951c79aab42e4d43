// A simulator that is used as any cloud is: by URL, a configuration file, and the keys of an
// ordinary user; its time goes by itself, and nobody looks inside of it.
import { rememberMade, runOf } from '../../../bats-runner/contract/marks.js';
import type { Session } from '../../../bats-runner/contract/run-case.js';
import { readCloudConfig, type CloudConfig } from '../../../bats-runner/target/cloud-config.js';
import { openCloudTarget } from '../../../bats-runner/target/cloud-target.js';
import { contractWorld } from '../../../bats-runner/target/contract-world.js';
import { listen } from '../../../simulator/doors/listen.js';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../../simulator/simulator.js';
import { inProcessCpi, printedRole } from './in-process-session.js';

export interface InProcessCloud {
  readonly simulator: Simulator;
  readonly endpoint: string;
  /** What an operator writes down of it. */
  readonly file: Record<string, unknown>;
  readonly close: () => Promise<void>;
}

/** So many times as fast as the clock on the wall. */
const timesAsFast = 1000;

/** Starts a cloud with the world of the contract; `file` has all that it offers. */
export async function openCloud(): Promise<InProcessCloud> {
  const simulator = createSimulator({
    seed: 1,
    clock: `scaled:${timesAsFast}`,
    world: contractWorld(printedRole) as NonNullable<SimulatorOptions['world']>,
  });
  const { origin, close } = await listen(simulator, { port: 0, host: '127.0.0.1' });
  const endpoint = `${origin}/client/api`;
  return { simulator, endpoint, file: fileFor(simulator, endpoint), close };
}

function fileFor(simulator: Simulator, endpoint: string): Record<string, unknown> {
  const { apiKey, secretKey } = simulator.userWithRole('User');
  const network = (name: string, prefix: string): object => ({
    name,
    addresses: [`${prefix}.1.20-${prefix}.1.59`],
  });
  return {
    cloudstack: { endpoint, api_key: apiKey, secret_access_key: secretKey },
    cpi: { poll: { first_ms: 2, factor: 1.5, cap_ms: 20 } },
    zone: 'zone1',
    template: 'ubuntu-jammy',
    compute_offering: 'small',
    other_compute_offering: 'medium',
    custom_compute_offering: 'custom',
    disk_offering: 'any-size',
    other_disk_offering: 'other-size',
    fixed_disk_offering: 'ten',
    local_disk_offering: 'local',
    network: network('private', '10.10'),
    second_network: network('second', '10.20'),
    shared_network: network('office', '10.30'),
    network_offering: 'DefaultIsolatedNetworkOfferingWithSourceNatService',
    vips: ['203.0.113.25', '203.0.113.26', '203.0.113.27', '203.0.113.28'],
    second_zone: { zone: 'zone2', network: network('private2', '10.40') },
  };
}

/** The configuration in such a file. */
export function configOf(file: Record<string, unknown>): CloudConfig {
  return readCloudConfig('cloud.json', JSON.stringify(file));
}

/** A session of cases on such a cloud, which knows of it what its file says. */
export async function cloudSession({ file }: InProcessCloud): Promise<Session> {
  const config = configOf(file);
  const target = await openCloudTarget({ name: 'cloud', config, cpiCommand: 'true {config}' });
  return {
    target,
    runCpi: inProcessCpi,
    environment: process.env,
    nowMs: () => performance.now(),
    newId: () => crypto.randomUUID(),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    limitMs: 50_000,
    run: runOf(crypto.randomUUID()),
    made: rememberMade(),
    addressesTaken: new Map(),
  };
}
