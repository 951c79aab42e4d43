// Files that programs read: configurations of the servers, worlds, saved worlds and fault plans.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readRegistryConfiguration } from '../../../cpi/registry/registry-configuration.js';
import { readStemcellServerConfiguration } from '../../../cpi/stemcell-server/stemcell-server-configuration.js';
import { createSimulator, type Simulator } from '../../../simulator/simulator.js';
import { parseWorldDescription } from '../../../simulator/world/description/parse-world-description.js';
import { advancedKvm } from '../../../simulator/world/presets/advanced-kvm.js';
import { checkInvariants } from '../../../simulator/world/invariants/invariants.js';
import { canariesIn, secretsOfSection } from '../../support/canaries.js';
import { signedQuery } from '../../support/signed-client.js';
import { testSimulator } from '../../support/simulator-client.js';
import { crampedZone } from '../../support/fuzz-commands.js';
import { populate } from '../../support/fuzz-zone.js';
import { textOf, type Draw } from './damage.js';
import { damagedOf, outcomeOf, wrongInText, type Outcome, type Subject } from './subject.js';

const nothing = { [Symbol.asyncDispose]: () => Promise.resolve() };

/** Neither an error nor a warning of a configuration tells a secret. */
function readsConfiguration(
  document: (draw: Draw) => unknown,
  read: (text: string) => { readonly warnings: readonly string[] },
): Subject {
  return {
    ...nothing,
    draw: damagedOf(document),
    take: (bytes) => {
      let told = '';
      const outcome = outcomeOf(() => {
        try {
          told = read(bytes.toString()).warnings.join('\n');
        } catch (error) {
          told = String(error);
          throw error;
        }
      }, ['InvalidConfiguration']);
      const [canary] = canariesIn(told);
      return canary === undefined ? outcome : { kind: 'secret', wrong: `it tells ${told}` };
    },
  };
}

/** registry.json. */
export function registryConfiguration(): Subject {
  const registry = { host: '0.0.0.0', port: 25_777, username: 'registry', settings_max_kib: 1024 };
  const { store: postgres, ...secrets } = secretsOfSection('registry.json');
  const stores = [postgres, { type: 'file', path: '/store/registry.sqlite' }, { type: 'memory' }];
  return readsConfiguration(
    (draw) => ({
      registry: { ...registry, ...secrets, store: stores[draw(3)], check_source_address: true },
      cloudstack: {
        endpoint: 'https://cloud.example.com/client/api',
        ...secretsOfSection('cloudstack', ['private_key', 'proxy_password']),
      },
    }),
    readRegistryConfiguration,
  );
}

/** stemcell-server.json. */
export function stemcellServerConfiguration(): Subject {
  const server = {
    ...{ host: '0.0.0.0', port: 25_778, username: 'stemcells', directory: '/store' },
    public_url: 'http://203.0.113.6:25778',
    downloads_max: 32,
    sweep_after_hours: 24,
  };
  const secrets = secretsOfSection('stemcell-server.json');
  return readsConfiguration(
    () => ({ stemcell_server: { ...server, ...secrets } }),
    readStemcellServerConfiguration,
  );
}

/** A JSON text that no file could be read as is told so by the program that reads it. */
function read(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(bytes.toString()) };
  } catch {
    return undefined;
  }
}

const noJson: Outcome = { kind: 'no JSON' };

/** A world lives: what must be true of it is, now and when all that waits has happened. */
function lives(simulator: Simulator): void {
  sound(simulator);
  simulator.kernel.advanceUntilIdle();
  sound(simulator);
}

function sound({ world }: Simulator): void {
  const violations = checkInvariants(world);
  if (violations.length > 0) throw new Error(`invariants: ${violations.join('; ')}`);
}

/** World files. */
export function worldFiles(): Subject {
  const example = JSON.parse(
    readFileSync(new URL('../../../docs/simulator/example-world.json', import.meta.url), 'utf8'),
  ) as unknown;
  return {
    ...nothing,
    draw: damagedOf((draw) => [example, advancedKvm][draw(2)]),
    take: (bytes) => {
      const file = read(bytes);
      if (file === undefined) return noJson;
      return outcomeOf(() => {
        lives(createSimulator({ world: parseWorldDescription(file.value, 'The file') }));
      }, ['WorldDescriptionError']);
    },
  };
}

/** A world with something of each kind in it, saved. */
function savedWorld(): unknown {
  const zone = testSimulator({ world: crampedZone });
  populate(zone);
  return zone.simulator.save();
}

/** Saved worlds, damaged in the file; with another checksum, as if somebody had edited them. */
export function savedWorlds(isEdited: boolean): () => Subject {
  return () => {
    const saved = savedWorld() as { readonly content: object };
    const simulator = createSimulator();
    return {
      ...nothing,
      draw: damagedOf(() => (isEdited ? saved.content : saved)),
      take: (bytes) => {
        const file = read(bytes);
        if (file === undefined) return noJson;
        const value = isEdited ? withChecksum(saved, file.value) : file.value;
        return outcomeOf(
          () => {
            simulator.load(value, 'The file');
            // What waits for its time in an edited world may be anything.
            if (isEdited) sound(simulator);
            else lives(simulator);
          },
          ['SnapshotError'],
          isEdited ? wrongInRows : undefined,
        );
      },
    };
  };
}

/** What a row of an edited world has may be no value. */
function wrongInRows(text: string): string | undefined {
  return wrongInText(text.replaceAll('undefined', ''));
}

function withChecksum(saved: object, content: unknown): unknown {
  const sha256 = createHash('sha256').update(textOf(content)).digest('hex');
  return { ...saved, sha256, content };
}

const plans = [
  { when: { command: 'deployVirtualMachine', phase: 'after-apply-before-reply', nth: 1 } },
  { when: { command: 'queryAsyncJobResult', probability: 0.05 } },
  { when: { command: 'attachVolume', times: 3, resource: 'x' } },
  { when: { command: 'startVirtualMachine', phase: 'job-step', step: 2, nth: 2 } },
  { when: { command: 'listZones', nth: 2 } },
];
const effects = [
  { effect: 'connection-reset' },
  { effect: 'proxy-error', status: 503 },
  { effect: 'job-slows-down', factor: 20 },
  { effect: 'management-server-restart' },
  { effect: 'error', status: 530, code: 9999, text: 'no' },
];

/** Fault plans, at work in a zone. */
export function faultPlans(): Subject {
  return {
    ...nothing,
    draw: damagedOf((draw) =>
      Array.from({ length: 1 + draw(4) }, (_, index) => ({
        ...(draw(2) === 0 && { name: `rule ${index}` }),
        ...plans[draw(plans.length)],
        then: effects[draw(effects.length)],
      })),
    ),
    take: (bytes) => {
      const file = read(bytes);
      if (file === undefined) return noJson;
      return outcomeOf(() => {
        const { simulator, admin } = testSimulator({ seed: 1 });
        simulator.setFaults(file.value as []);
        for (const command of ['listZones', 'listVirtualMachines', 'listZones']) {
          const query = signedQuery(admin.keys, command);
          const { hostNowMs } = simulator;
          simulator.dispatch({ method: 'GET', query, contentType: '', body: '', hostNowMs });
        }
        lives(simulator);
      }, ['FaultPlanError']);
    },
  };
}
