// Writes the pages in docs/cpi/ that are rendered from declarations in the code. Run it after a
// build; the pages are checked in, and tests compare them.
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../../dist/cpi/config/documentation.js';
import { cloudPropertiesPage, methodsPage } from '../../dist/cpi/methods/call/documentation.js';

const pages = {
  'configuration.md': configurationPage(),
  'cloud-properties.md': cloudPropertiesPage(),
  'methods.md': methodsPage(),
};
for (const [name, text] of Object.entries(pages)) {
  writeFileSync(new URL(`../../docs/cpi/${name}`, import.meta.url), text);
}
