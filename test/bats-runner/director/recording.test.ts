// Recordings are loaded ready to be sent; every one in the repository loads, and each has its
// place in the order of replay.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { expandPem } from '../../../bats-runner/director/pem-filler.js';
import { loadRecording } from '../../../bats-runner/director/recording.js';
import { scenarios } from '../../../bats-runner/director/scenarios.js';
import { paths, test } from '../support.js';

const files = readdirSync(paths.recordings).filter((name) => /\.v\d\.json$/.test(name));

function load(file: string) {
  const [, scenario = '', version] = /^(.*)\.v(\d)\.json$/.exec(file) ?? [];
  return loadRecording(paths.recordings, scenario, Number(version));
}

test('every recording loads and says what its name says', () => {
  expect(files.length).toBeGreaterThan(150);
  for (const file of files) {
    const { scenario, cpi_api_version: version } = load(file);
    if (`${scenario}.v${version}.json` !== file) throw new Error(`${file} holds ${scenario}`);
  }
});

test('every scenario has one place in the order, with its caller', () => {
  const ordered = Object.values(scenarios).flat();
  expect([...ordered].sort()).toEqual(
    [...new Set(files.map((file) => file.replace(/\.v\d\.json$/, '')))].sort(),
  );
  for (const [caller, names] of Object.entries(scenarios)) {
    const callers = names.flatMap((name) =>
      files
        .filter((file) => file.startsWith(`${name}.v`))
        .flatMap((file) => load(file).calls.map((call) => call.caller)),
    );
    expect([...new Set(callers)]).toEqual([caller]);
  }
});

test('no placeholder is left in what is sent', () => {
  for (const file of files) {
    const sent = JSON.stringify(load(file).calls.map(({ request }) => request.arguments));
    if (/@@PEM|"ephemeral_disk":|"load_balancer":/.test(sent)) throw new Error(file);
  }
});

test('the placeholder properties get the names of the CPI', () => {
  const propertiesIn = (scenario: string): unknown[] =>
    loadRecording(paths.recordings, scenario, 2)
      .calls.filter(({ request }) => request.method === 'create_vm')
      .map(({ request }) => request.arguments[2]);
  expect(propertiesIn('deploy-static-ip-disk')).toContainEqual(
    expect.objectContaining({ ephemeral_disk_offering: 'custom', disk: 20_480 }),
  );
  expect(propertiesIn('deploy-multi-nic-dynamic-vip')).toContainEqual(
    expect.objectContaining({ lbs: [{ name: 'rig-lb', private_port: 443, public_port: 443 }] }),
  );
});

test('PEM filler has exactly the recorded length and looks like PEM', () => {
  for (const bytes of [60, 61, 124, 125, 126, 1570, 2455]) {
    const text = expandPem(`x@@PEM:CERTIFICATE:${bytes}@@y`);
    expect(text.length - 2).toBe(bytes);
    expect(text).toMatch(/^x-----BEGIN CERTIFICATE-----\n[^@]*\n-----END CERTIFICATE-----\ny$/);
  }
  expect(expandPem('no placeholder: @@PEM@@')).toBe('no placeholder: @@PEM@@');
  expect(() => expandPem('@@PEM:CERTIFICATE:10@@')).toThrow(/too few/);
});

test('a missing, broken or strange file is an error that names it', ({ folder }) => {
  const write = (text: string): void => writeFileSync(join(folder, 'some.v2.json'), text);
  const loading = (): unknown => loadRecording(folder, 'some', 2);
  expect(loading).toThrow(/some\.v2\.json cannot be read/);
  write('{"scenario":');
  expect(loading).toThrow(/some\.v2\.json cannot be read/);
  write('{"scenario":"some"}');
  expect(loading).toThrow(/some\.v2\.json is no recording.*cpi_api_version/s);
  write(readFileSync(join(paths.recordings, 'create-env-noop.v2.json'), 'utf8'));
  expect(loading).not.toThrow();
});
