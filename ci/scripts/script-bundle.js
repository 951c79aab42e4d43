// How a program that is written in TypeScript and not part of the package is bundled: to run where it
// finds the packages, with the URLs of its modules those of their sources.
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} file the program
 * @param {(path: string) => Promise<string>} [textOf] the text of a source, by its path
 * @returns {import('esbuild').BuildOptions}
 */
export function scriptBundle(file, textOf = (path) => readFile(path, 'utf8')) {
  return {
    entryPoints: [file],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [
      {
        name: 'the texts of the sources, and their URLs',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
            loader: 'ts',
            contents: (await textOf(path)).replaceAll(
              'import.meta.url',
              JSON.stringify(pathToFileURL(path).href),
            ),
          }));
        },
      },
    ],
  };
}
