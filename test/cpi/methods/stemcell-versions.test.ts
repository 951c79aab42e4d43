// Proves that a VM is refused, before anything is asked of the cloud, if its agent would look for its
// settings in a registry; and that callers who do not tell the version of a stemcell are served.
import { expect, test } from '@playwright/test';
import { startZone } from '../../support/cpi-zone.js';
import { vmArguments } from './vm-requests.js';

const stemcell = (version: number): { properties: object } => ({
  properties: { vm: { stemcell: { api_version: version } } },
});

for (const apiVersion of [1, 2, 3]) {
  test(`a stemcell of version 1 is refused in API version ${apiVersion}`, async () => {
    await using zone = await startZone();
    const before = zone.holdings();
    const error = await zone.error('create_vm', vmArguments(), { apiVersion, ...stemcell(1) });
    expect(error).toMatchObject({ type: 'Bosh::Clouds::NotSupported', ok_to_retry: false });
    expect(error.message).toMatch(
      /ubuntu-jammy has api_version 1.*registry.*api_version 2 or later/,
    );
    expect(zone.diagnostics).toEqual([]);
    expect(zone.holdings()).toEqual(before);
  });
}

for (const version of [2, 3]) {
  test(`a stemcell of version ${version} needs no registry`, async () => {
    await using zone = await startZone();
    await zone.result('create_vm', vmArguments(), stemcell(version));
    expect(zone.diagnostics.join('\n')).not.toContain('registry');
  });
}

for (const [caller, properties] of [
  ['a Director that tells nothing', {}],
  ['a CLI that knows no version', { vm: { stemcell: {} } }],
] as const) {
  test(`${caller} is served, with a warning`, async () => {
    await using zone = await startZone();
    await zone.result('create_vm', vmArguments(), { properties });
    expect(zone.diagnostics.join('\n')).toMatch(/warning: .*api_version.*registry/);
  });
}
