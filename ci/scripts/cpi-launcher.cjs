// Starts the CPI from its bundles, with what V8 compiled of them in an earlier call where that was
// kept for this version of Node: otherwise a call spends as long on compilation as a third of Node's
// own start-up takes. A call with --write-code-cache as its first argument keeps it; V8 refuses what
// another version compiled, and the folder's name changes with the bundles.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { Script } = require('node:vm');

/* global FOLDER -- set by the build */
const folder = `${__dirname}/${FOLDER}`;
const isToWrite = process.argv[2] === '--write-code-cache';
if (isToWrite) process.argv.splice(2, 1);

load('./start.cjs');

/** What Node's `require` does, for one of the bundles or a module of Node. */
function load(name) {
  if (!name.startsWith('./')) return require(name);
  const path = `${folder}/${name.slice(2)}`;
  const cache = `${path}.${process.version}-${process.arch}.cache`;
  const cachedData = isToWrite ? undefined : readCache(cache);
  const script = new Script(readFileSync(path, 'latin1'), { filename: path, cachedData });
  if (isToWrite) process.once('exit', () => writeCache(cache, script.createCachedData()));
  const module = { exports: {} };
  script.runInThisContext()(load, module, path);
  return module.exports;
}

function readCache(cache) {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

/** In one step, so that no other call reads half of it. */
function writeCache(cache, data) {
  const unfinished = `${cache}.${process.pid}`;
  writeFileSync(unfinished, data);
  renameSync(unfinished, cache);
}
