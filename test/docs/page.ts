// The pages of docs/ as tests read them: their headings and links, blocks of code, and tables.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export const readPage = (path: string): string => readFileSync(join(root, path), 'utf8');

export const isThere = (path: string): boolean => existsSync(join(root, path));

/** Every page of docs/, by its path from the root. */
export const pagesOfDocs: readonly string[] = readdirSync(join(root, 'docs'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`)
  .sort();

/** The text without blocks of code, whose lines are none of the page's. */
export function prose(page: string): string {
  return page.replace(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** What stands in blocks of a language, without the indentation of lists. */
export function blocksOf(page: string, language: string): string[] {
  const block = new RegExp(`^( *)\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\`$`, 'gm');
  return [...page.matchAll(block)].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** What stands below a heading, up to the next one of its rank or above. */
export function sectionOf(page: string, heading: string): string {
  const start = new RegExp(`^(#+) ${heading.replaceAll(/[.*+?()[\]{}|\\^$]/g, '\\$&')}$`, 'm');
  const found = start.exec(page);
  if (found === null) throw new Error(`there is no heading ${heading}`);
  const rest = page.slice(found.index + found[0].length);
  const end = new RegExp(`^#{1,${found[1]!.length}} `, 'm').exec(rest);
  return end === null ? rest : rest.slice(0, end.index);
}

/** The rows of all tables of a text. */
export function rowsOf(text: string, heads: 'with its head' | 'without' = 'without'): string[][] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!line.startsWith('|') || isRule(line)) return [];
    return heads === 'without' && isRule(lines[index + 1]) ? [] : [cellsOf(line)];
  });
}

function isRule(line: string | undefined): boolean {
  return line !== undefined && /^\|[ |:-]+\|$/.test(line);
}

function cellsOf(line: string): string[] {
  return line
    .replaceAll('\\|', '\u0000')
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.replaceAll('\u0000', '|').trim());
}

/** Where GitHub lets links lead to in a page. */
export function anchorsOf(page: string): Set<string> {
  const taken = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of prose(page).matchAll(/^#+ (.*)$/gm)) {
    const name = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
    const times = taken.get(name) ?? 0;
    taken.set(name, times + 1);
    anchors.add(times === 0 ? name : `${name}-${times}`);
  }
  return anchors;
}
