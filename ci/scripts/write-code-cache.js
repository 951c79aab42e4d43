// What the packaging script of the release's CPI runs, bundled, beside the CPI's launcher.
import { dirname, join } from 'node:path';
import { writeCodeCache } from './code-cache.js';

writeCodeCache(join(dirname(process.argv[1]), 'cloudstack-cpi.cjs')).catch((failure) => {
  process.stderr.write(`The code cache of the CPI cannot be written: ${failure.message}\n`);
  process.exitCode = 1;
});
