// Writes the pages in docs/simulator/ that are rendered from declarations in the code. Run it after
// a build; the pages are checked in, and tests compare them.
import { readFileSync, writeFileSync } from 'node:fs';
import { commandsPage } from '../../dist/simulator/control/documentation/commands-page.js';
import { controlPage } from '../../dist/simulator/control/documentation/control-page.js';
import { settingsPage } from '../../dist/simulator/control/documentation/settings-page.js';
import { worldsPage } from '../../dist/simulator/control/documentation/worlds-page.js';

const folder = new URL('../../docs/simulator/', import.meta.url);
const pages = {
  'commands.md': commandsPage(),
  'settings.md': settingsPage(),
  'worlds.md': worldsPage(readFileSync(new URL('example-world.json', folder), 'utf8')),
  'control.md': controlPage(),
};
for (const [name, text] of Object.entries(pages)) writeFileSync(new URL(name, folder), text);
