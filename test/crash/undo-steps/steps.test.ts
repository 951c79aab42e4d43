// Proves that the undo steps of the CPI are found where they stand, and that a source without one is the
// same but for that.
import { expect, test } from '@playwright/test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { undoStepsIn, without, withProbes } from './steps.js';

const text = `
createUndoably(client, saga, {
  name: 'a thing',
  create: () => make(),
  find: (client) => look(client),
  remove: forget,
});
saga.step({ name: 'another', undo: () => forget() });
other({ remove: forget });
async function removeVm() {
  const found = await look();
  if (found) await forget(found);
  await forgetMore();
  const { held } = await parkAddresses(found);
  if (!(await stop(found))) return;
}
async function makeVm() {
  await make();
  await removeEntry(found);
}
saga.step({
  async undo({ signal }) {
    return forget(signal);
  },
});
`;

test('what registers an undo, and each thing that is done by what takes back, is a step', () => {
  const steps = undoStepsIn('source.ts', text);
  expect(steps.map(({ line, what }) => `${line}: ${what}`)).toEqual([
    '5: (client) => look(client)',
    '6: forget',
    '8: () => forget()',
    '12: await forget(found)',
    '13: await forgetMore()',
    '14: await parkAddresses(found)',
    '15: await stop(found)',
    '19: await removeEntry(found)',
    '22: { return forget(signal); }',
  ]);
  expect(without(steps[4]!, text)).toBe(text.replace('await forgetMore()', 'undefined'));
  expect(without(steps[1]!, text)).toContain('remove: () => Promise.resolve(undefined),');
  expect(without(steps[5]!, text)).toContain('const { held } = { held: [] };');
  expect(without(steps[6]!, text)).toContain('if (!(vm)) return;');
  expect(without(steps[8]!, text)).toContain(
    'async undo({ signal }) { return Promise.resolve(undefined); },',
  );
});

test('an undo that stands elsewhere is not passed over', () => {
  const elsewhere = 'saga.step({ undo });';
  expect(() => undoStepsIn('source.ts', elsewhere)).toThrow('source.ts: write undo: undo');
});

test('a source with probes tells of each step when it is taken, and does the same', () => {
  const steps = new Map(undoStepsIn('source.ts', text).map((step, number) => [number, step]));
  const probed = withProbes(steps, text);
  expect(probed).toContain('(globalThis.undoStep(4), await forgetMore());');
  expect(probed).toContain(
    'remove: ((step) => (...given) => (globalThis.undoStep(1), step(...given)))(forget),',
  );
  expect(probed).toContain(
    'async undo({ signal }) { globalThis.undoStep(8); {\n    return forget(signal);\n  } },',
  );
  expect(probed).toContain('other({ remove: forget });');
});

test('each creation of the CPI has steps among them', () => {
  const cpi = fileURLToPath(new URL('../../../cpi', import.meta.url));
  const paths = readdirSync(cpi, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.ts'),
  );
  const found = paths.filter((path) => undoStepsIn(join(cpi, path)).length > 0).sort();
  expect(found).toEqual([
    'cloudstack/create-undoably.ts',
    'gc/forgotten-vms.ts',
    'methods/create-disk.ts',
    'methods/delete-vm.ts',
    'methods/network/make-network.ts',
    'methods/snapshot-disk.ts',
    'methods/stemcell/copy-template.ts',
    'methods/stemcell/work-vm.ts',
    'methods/vm/allocate-address.ts',
    'methods/vm/deploy-in-group.ts',
    'methods/vm/deploy-vm.ts',
    'methods/vm/discard-holders.ts',
    'methods/vm/discard-vm.ts',
    'methods/vm/join-load-balancers.ts',
    'methods/vm/key-pair.ts',
    'methods/vm/leave-load-balancers.ts',
    'methods/vm/park-address.ts',
    'methods/vm/port-forwarding.ts',
    'methods/vm/registry-entry.ts',
    'methods/vm/release-public-address.ts',
    'methods/vm/remove-affinity-group.ts',
    'methods/vm/remove-leftovers.ts',
    'methods/vm/remove-vm.ts',
    'stemcells/publish-on-server.ts',
    'stemcells/register.ts',
    'stemcells/upload.ts',
  ]);
});
