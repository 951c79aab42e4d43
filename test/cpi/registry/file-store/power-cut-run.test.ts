// The run of power cuts finds out stores that do not keep what they promise.
import { expect, test } from '@playwright/test';
import { createMemoryStore } from '../../../../cpi/registry/memory-store.js';
import { StoreUnavailable, type SettingsStore } from '../../../../cpi/registry/settings-store.js';
import { randomDraw } from '../../../support/random-draw.js';
import type { PowerCutDisk } from './power-cut-disk.js';
import { livesWithPowerCuts, type OpenStore } from './power-cut-run.js';
import { storeOn } from './store-on-disk.js';

/** A real store, one of whose methods is another. */
const storeBut =
  (other: (store: SettingsStore) => Partial<SettingsStore>): OpenStore =>
  async (disk, options) => {
    const store = await storeOn(disk, options);
    return {
      get: (id) => store.get(id),
      put: (id, settings) => store.put(id, settings),
      replace: (id, expected, settings) => store.replace(id, expected, settings),
      remove: (id) => store.remove(id),
      instanceIds: () => store.instanceIds(),
      check: () => store.check(),
      close: () => store.close(),
      ...other(store),
    };
  };

const faulty: readonly (readonly [what: string, open: OpenStore, problem: RegExp])[] = [
  ['that never starts', () => new Promise(() => undefined), /a start never ended/],
  ['that fails to start', () => Promise.reject(new Error('no')), /it does not start: no/],
  [
    'that takes a failed sync for damage',
    (disk, options) =>
      storeOn(disk, options).catch((failure: unknown) => {
        throw disk.failed > 0 ? new Error('its files are damaged') : failure;
      }),
    /it does not start: its files are damaged/,
  ],
  [
    'that speaks of a failed sync where there is none',
    () => Promise.reject(Object.assign(new Error('no disk'), { code: 'EIO' })),
    /it does not start: no disk/,
  ],
  ['that forgets', () => Promise.resolve(createMemoryStore()), /vm-\d has nothing, not \{/],
  [
    'that never answers a change',
    storeBut(() => ({ put: () => new Promise(() => undefined) })),
    /a change never ended/,
  ],
  [
    'that refuses a removal and makes it',
    storeBut((store) => ({
      remove: async (id) => {
        await store.remove(id);
        throw new StoreUnavailable('refused. Nothing was changed');
      },
    })),
    /vm-\d has nothing, not \{/,
  ],
  [
    'that acknowledges what was not synced',
    storeBut((store) => ({
      put: (id, settings) =>
        store.put(id, settings).catch((failure: unknown) => {
          if (!(failure as Error).message.includes('writes nothing more')) throw failure;
        }),
    })),
    /vm-\d has .*, not \{/,
  ],
  [
    'that takes what it can read for what is on the disk',
    (disk, options) => {
      const open: PowerCutDisk['open'] = async (path, flags) => {
        const file = await disk.open(path, flags);
        return flags === 'r+' ? { ...file, writeFile: () => Promise.resolve() } : file;
      };
      return storeOn({ ...disk, open }, options);
    },
    /it does not start: .*damaged|vm-\d has .*, not /,
  ],
  [
    'that never stops',
    storeBut(() => ({ close: () => new Promise(() => undefined) })),
    /a stop never ended/,
  ],
];
for (const [what, open, problem] of faulty) {
  test(`a store ${what} is found out`, async () => {
    const problems: string[] = [];
    for (let seed = 1; seed <= 200 && problems.length === 0; seed += 1) {
      problems.push(...(await livesWithPowerCuts(randomDraw(seed), open)).problems);
    }
    expect(problems.join('\n')).toMatch(problem);
  });
}
