// What cases need of this machine: the image of a stemcell, and a registry. For tests, which make it
// before their first case and take it away after the last.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stemcellImage } from '../../bats-runner/stemcell/stemcell-image.js';
import { startSettingsRegistry, type SettingsRegistry } from '../support/settings-registry.js';

export interface Means {
  readonly image: string;
  readonly registry: SettingsRegistry;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function openMeans(): Promise<Means> {
  const folder = mkdtempSync(join(tmpdir(), 'proof-'));
  const image = join(folder, 'image');
  writeFileSync(image, await stemcellImage());
  const registry = await startSettingsRegistry();
  return {
    image,
    registry,
    [Symbol.asyncDispose]: async () => {
      await registry[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
