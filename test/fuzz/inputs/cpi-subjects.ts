// What the CPI reads: its request, and its configuration.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';
import { textOf } from '../../../cpi/bin/standard-input.js';
import { canaryOf, secretsOfSection, withCanary } from '../../support/canaries.js';
import { openFuzzedCpi, type FuzzedCpi } from './cpi-zone.js';
import { requestFor } from './cpi-requests.js';
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
