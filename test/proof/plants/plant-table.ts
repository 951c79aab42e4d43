// The table of planted bugs on the page about the proof.
import type { FoundPlant } from './hunt.js';
import { plants } from './index.js';

/** All that are planted; no number where no case has found one yet. */
export function plantTable(found: readonly FoundPlant[]): string {
  const rows = plants.map(({ about }) => {
    const { cases = 'not yet', promise = '' } = found.find((one) => one.about === about) ?? {};
    return `| ${about} | ${cases} | ${promise.replaceAll('|', '\\|')} |`;
  });
  return ['| planted bug | cases | what is seen |', '| --- | --- | --- |', ...rows].join('\n');
}

const begin = '<!-- plants -->';
const end = '<!-- /plants -->';

/** The page with this table in its place. */
export function withPlantTable(page: string, found: readonly FoundPlant[]): string {
  const [before, rest = ''] = page.split(begin);
  const [, after] = rest.split(end);
  if (after === undefined) throw new Error(`the page has no place for the table: ${begin} ${end}`);
  return `${before}${begin}\n\n${plantTable(found)}\n\n${end}${after}`;
}
