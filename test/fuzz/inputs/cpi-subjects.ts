// What the CPI reads: its request, and its configuration.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { textOf } from '../../../cpi/bin/standard-input.js';
import { canaryOf, secretsOfSection, withCanary } from '../../support/canaries.js';
import { installCpi, programs } from '../../support/cpi-process.js';
import { judged, openFuzzedCpi, type FuzzedCpi } from './cpi-zone.js';
import { requestFor, type There } from './cpi-requests.js';
import { textOf as json } from './damage.js';
import { damagedOf, type Subject } from './subject.js';

/** With a canary in the place of each secret that a CPI can have. */
function configuration(): Record<string, Record<string, unknown>> {
  return {
    cloudstack: {
      endpoint: 'http://cloudstack.invalid/client/api',
      default_zone: 'zone1',
      proxy_host: 'proxy.invalid',
      ...secretsOfSection('cloudstack', ['private_key']),
      poll: { first_ms: 250, factor: 1.2, cap_ms: 1000 },
      // What is downloaded never comes, and each look at it takes time here: these are short.
      timeout: { create_vm: 600, poll_template: 60 },
      calculate: { not_compute_tags: ['x'] },
      state_timeout: 60,
      enable_auto_anti_affinity: false,
    },
    agent: { ...secretsOfSection('agent'), ntp: ['ntp.example.com'] },
    stemcell: { publish: 'upload', os_type: 'Other PV (64-bit)', requires_hvm: true },
  };
}

/** The parts of cpi.json that not every CPI has. */
const moreParts: readonly object[] = [
  {},
  { registry: { endpoint: withCanary('registry.endpoint') } },
  { registry: { host: '10.0.0.6', username: 'r', password: withCanary('registry.password') } },
  {
    stemcell: { publish: 'webdav' },
    stemcell_server: {
      url: 'http://10.0.0.6:25778',
      username: 'stemcells',
      password: withCanary('stemcell_server.password'),
    },
  },
];

const keys = {
  apiKey: canaryOf('cloudstack.api_key'),
  secretKey: canaryOf('cloudstack.secret_access_key'),
};

async function withCpi(
  subjectOf: (cpi: FuzzedCpi) => Omit<Subject, typeof Symbol.asyncDispose>,
): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  const cpi = await openFuzzedCpi(image, keys);
  return {
    ...subjectOf(cpi),
    [Symbol.asyncDispose]: () => {
      cpi.close();
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** Requests of every method on stdin, damaged at every level. */
export function cpiStdin(): Promise<Subject> {
  const text = JSON.stringify(configuration());
  return withCpi((cpi) => ({
    draw: damagedOf((draw) => requestFor(cpi.there, draw)),
    take: (bytes) => cpi.call(textOf([bytes]), text),
  }));
}

/** cpi.json, read by a call that asks one thing of the cloud. */
export function cpiConfiguration(): Promise<Subject> {
  return withCpi((cpi) => {
    const context = { director_uuid: 'd', request_id: 'cpi-1' };
    const hasVm = json({ method: 'has_vm', arguments: [cpi.there.vm], context, api_version: 2 });
    return {
      draw: damagedOf((draw) => ({ ...configuration(), ...moreParts[draw(moreParts.length)] })),
      take: (bytes) => cpi.call(hasVm, bytes.toString()),
    };
  });
}

const nothing = '00000000-0000-4000-8000-000000000001';
const nothingThere: There = {
  ...{ vm: nothing, disk: nothing, free: nothing, snapshot: nothing, network: nothing },
  ...{ stemcell: nothing, image: nothing },
};

/** Nobody listens at the endpoint. */
export const withoutCloud = {
  cloudstack: {
    endpoint: 'http://127.0.0.1:9/client/api',
    default_zone: 'zone1',
    ...secretsOfSection('cloudstack', ['private_key', 'proxy_password']),
    poll: { first_ms: 1, cap_ms: 1 },
    state_timeout: 1,
    state_timeout_volume: 1,
    state_timeout_snapshot: 1,
  },
  agent: secretsOfSection('agent'),
};

/** The same requests, each on stdin of a process of the built CPI, which reaches no cloud. */
export function cpiProcess(): Subject {
  if (!existsSync(programs.bundle)) throw new Error('the CPI is not built: npm run build');
  const cpi = installCpi(withoutCloud, 'bundle');
  return {
    draw: damagedOf((draw) => requestFor(nothingThere, draw)),
    take: async (bytes) => {
      const { child, finished } = cpi.start(undefined);
      child.stdin?.end(bytes);
      const { stdout, stderr, exitCode } = await finished;
      const outcome = judged(stdout, [stderr]);
      return exitCode === 0 ? outcome : { kind: 'exit code', wrong: `it ends with ${exitCode}` };
    },
    [Symbol.asyncDispose]: () => {
      cpi[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
