// The small Director and CLI ask a CPI for what the real ones asked in the same situation: the same
// methods in the same order, with the same arguments, contexts and versions, apart from ids (compared
// by what they refer to), dates and certificates.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import type { JsonObject } from '../../../bats-runner/json.js';
import { uploadStemcell } from '../../../bats-runner/lite/flows/upload-stemcell.js';
import { recordingFile, type Recording } from '../../../bats-runner/director/recording.js';
import { allScenarios } from '../../../bats-runner/replay/replay-sets.js';
import { recordedFlows, withoutFlow } from './recorded-flows.js';
import { archive, asText, Rig } from './rig.js';

const folder = fileURLToPath(new URL('../../vectors/director', import.meta.url));

test('each recorded scenario has a flow, or a reason why it has none', () => {
  const known = [...Object.keys(recordedFlows), ...Object.keys(withoutFlow)];
  expect(known.sort()).toEqual([...allScenarios].sort());
});

for (const [scenario, flow] of Object.entries(recordedFlows)) {
  const { versions = [1, 2, 3], settings, given, when } = flow;
  for (const version of versions) {
    const file = recordingFile(folder, scenario, version);
    // Directors of version 1 had no dynamic disks.
    if (!existsSync(file)) continue;
    test(`${scenario} in API version ${version} is as recorded`, async () => {
      const { calls } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
      const rig = new Rig(version, settings);
      await given?.(rig);
      rig.standIn.begin(calls);
      await when(rig);
      expect(asText(rig.standIn.sent)).toBe(asText(calls));
    });
  }
}

// What follows in this scenario is done by several threads at once.
for (const version of [1, 2, 3]) {
  test(`cpi-config in API version ${version}: a stemcell goes to each CPI as recorded`, async () => {
    const file = recordingFile(folder, 'cpi-config', version);
    const { calls } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
    const second = calls.findIndex(({ request }) => request.method === 'create_stemcell') + 1;
    const uploads = calls.slice(0, 2 * second);
    const propertiesAt = (index: number): JsonObject => ({
      cloudstack: uploads[index]!.request.context['cloudstack']!,
    });
    const rig = new Rig(version, { cpis: { a: propertiesAt(0), b: propertiesAt(second) } });
    rig.standIn.begin(uploads);
    for (const cpi of ['a', 'b']) {
      await uploadStemcell(rig.director, archive('1.1', 3), { cpi });
    }
    expect(asText(rig.standIn.sent)).toBe(asText(uploads));
  });
}
