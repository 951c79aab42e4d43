import { settingDeclarations } from '../../world/settings/settings.js';
import { bulletList, pageOf } from './page.js';

/** The page about the settings of a world, from their declarations. */
export function settingsPage(): string {
  const lines = Object.entries(settingDeclarations).map(([name, { default: value, description }]) =>
    [`\`${name}\` (${typeof value}, default \`${JSON.stringify(value)}\`)`, description].join(': '),
  );
  return pageOf('Settings of the simulator', 'simulator/world/settings/settings.ts', [
    "CloudStack's global settings that clients can notice, under their own names and with their " +
      "own defaults, and the simulator's own, which say how long things take (`duration.`, in " +
      'milliseconds of world time). A [world file](worlds.md) changes them under `settings`.',
    bulletList(lines),
  ]);
}
