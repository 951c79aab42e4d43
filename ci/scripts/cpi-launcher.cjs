// Starts the CPI: its bundle, with what V8 compiled of it in an earlier call, where such a cache
// lies beside it for this version of Node. Otherwise a call spends as long on compilation as half
// of Node's own start-up takes. A call with --write-code-cache as its first argument writes the
// cache; V8 refuses one of another version by itself, and the bundle's name changes with its content.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { Script } = require('node:vm');

/* global BUNDLE -- set by the build */
const bundle = join(__dirname, `${BUNDLE}.cjs`);
const cache = join(__dirname, `${BUNDLE}-${process.version}-${process.arch}.cache`);
const isToWrite = process.argv[2] === '--write-code-cache';

const script = new Script(readFileSync(bundle, 'latin1'), {
  filename: bundle,
  cachedData: isToWrite ? undefined : readCache(),
});
if (isToWrite) {
  process.argv.splice(2, 1);
  process.on('exit', writeCache);
}
script.runInThisContext()(require, module, bundle);

function readCache() {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** In one step, so that no other call reads half of it. */
function writeCache() {
  const unfinished = `${cache}.${process.pid}`;
  writeFileSync(unfinished, script.createCachedData());
  renameSync(unfinished, cache);
}
