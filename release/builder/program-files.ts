import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

/**
 * The files that bundled programs consist of: themselves and the chunks that they lead to, however
 * far around.
 *
 * @param folder the folder of the bundles, to which all paths are relative
 */
export function programFiles(folder: string, programs: readonly string[]): string[] {
  const reached = new Set(programs);
  for (const path of reached) {
    const text = readFileSync(join(folder, path), 'utf8');
    for (const { fileName } of ts.preProcessFile(text, true, true).importedFiles) {
      if (fileName.startsWith('.')) reached.add(normalize(join(dirname(path), fileName)));
    }
  }
  return [...reached].sort();
}
