// Writes docs/cpi/configuration.md from the declaration of the properties. Run it after a build;
// the page is checked in, and a test compares the two.
import { writeFileSync } from 'node:fs';
import { configurationPage } from '../../dist/cpi/config/documentation.js';

writeFileSync(new URL('../../docs/cpi/configuration.md', import.meta.url), configurationPage());
