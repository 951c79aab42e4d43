// Proves that every property of the configuration has an effect: for each there is a test here of what
// a value of it changes, where an operator sees it.
import { expect, test } from '@playwright/test';
import { sections } from '../../../cpi/config/properties.js';
import { connectionEffects } from './effects/connection.js';
import type { Effects } from './effects/effect.js';
import { guestEffects } from './effects/guest.js';
import { ownerEffects } from './effects/owner.js';
import { patienceEffects } from './effects/patience.js';
import { registryEffects } from './effects/registry.js';
import { stemcellServerEffects } from './effects/stemcell-server.js';

const effects: Effects = {
  ...connectionEffects,
  ...ownerEffects,
  ...patienceEffects,
  ...guestEffects,
  ...registryEffects,
  ...stemcellServerEffects,
};

const names = Object.entries(sections).flatMap(([section, properties]) =>
  Object.keys(properties).map((name) => `${section}.${name}`),
);

test('every property has a test of its effect', () => {
  expect(Object.keys(effects).sort()).toEqual([...names].sort());
});

for (const [name, shows] of Object.entries(effects)) test(`${name} has its effect`, () => shows());
