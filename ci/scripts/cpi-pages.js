// Writes the pages in docs/cpi/ that are rendered from declarations in the code, as compiled in
// dist/. The pages are checked in; tests compare them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} root */
export async function writeCpiPages(root) {
  const { configurationPage } = await import('../../dist/cpi/config/documentation.js');
  const { cloudPropertiesPage, methodsPage } =
    await import('../../dist/cpi/methods/call/documentation.js');
  const pages = {
    'configuration.md': configurationPage(),
    'cloud-properties.md': cloudPropertiesPage(),
    'methods.md': methodsPage(),
  };
  for (const [name, text] of Object.entries(pages)) {
    const path = join(root, 'docs/cpi', name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}
