// Writes the specs and the templates of the release's jobs that are rendered from declarations in
// the code, as compiled in dist/. They are checked in; a test compares them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} root */
export async function writeReleaseJobs(root) {
  const { renderJobs } = await import('../../dist/release/declare/render-jobs.js');
  const sources = join(root, 'release/declare');
  for (const { path, text } of renderJobs((name) => readFileSync(join(sources, name), 'utf8'))) {
    const file = join(root, 'release', path);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
}
