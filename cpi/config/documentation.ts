import { cpiRules } from './cpi-rules.js';
import { olderNames, retiredNames } from './older-names.js';
import { sections } from './properties.js';
import type { Property } from './property.js';

/** The page about cpi.json, rendered from the declaration of its properties. */
export function configurationPage(): string {
  const parts = [
    '# Configuration of the CPI',
    '<!-- Generated from cpi/config/properties.ts by `npm run build`. -->',
    'The CPI reads one JSON file, `cpi.json`. The properties of a CPI configuration of the Director ' +
      '(`bosh update-cpi-config`) arrive with each request and override the file: objects named ' +
      'like a section override that section, every other key overrides `cloudstack`. The whole is ' +
      'checked before CloudStack is asked anything, and an error names every problem at once. ' +
      'Absent, `null` and `""` mean the same.',
    ...Object.entries(sections).flatMap(([name, properties]) => [
      `## ${name}`,
      ...Object.entries(properties).map(([key, property]) =>
        propertyText(key, property as Property<unknown>),
      ),
    ]),
    '## What is refused of several at once',
    'Besides what each property may be by itself, where the template of the job is rendered and in ' +
      'each call:',
    [...new Set(cpiRules.map(({ problem }) => `- ${problem}`))].join('\n'),
    '## Names of the earlier releases',
    'Properties of the Java and the Go release are read under the names that they had there; where ' +
      'the present name is set, too, it wins.',
    tableText([['there', 'here', ''], ...olderNameRows()]),
    'These have no effect; where one is set, each call says so on stderr, with the reason.',
    tableText([
      ['there', 'why'],
      ...Object.entries(retiredNames).map(([name, why]) => [`\`${name}\``, why]),
    ]),
    '## A smallest file',
    fileText(fileOf(isRequired)),
    '## A fuller file',
    'A cloud with certificates of its own, behind a proxy, whose secondary storage takes no uploads: ' +
      'stemcells go by a stemcell server.',
    fileText(fuller),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** One row for each of the older names, with all that it stands for. */
function olderNameRows(): string[][] {
  const names = [...new Set(olderNames.map(({ older }) => older))];
  return names.map((name) => {
    const meanings = olderNames.filter(({ older }) => older === name);
    const present = meanings.map((meaning) => `\`${meaning.present}\``).join(', ');
    return [`\`${name}\``, present, meanings[0]?.how ?? ''];
  });
}

/** A table whose first row is its head, in columns of even width. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

/** A property as a section of a page: what it is, what it may be, and what it is when absent. */
export function propertyText(name: string, property: Property<unknown>): string {
  const facts = [
    `- value: ${property.expected}`,
    `- ${absentText(property)}`,
    ...(property.secret ? ['- secret: never appears in any output'] : []),
    `- example: \`${JSON.stringify(property.example)}\``,
  ];
  return [`### ${name}`, property.description, facts.join('\n')].join('\n\n');
}

function absentText({ absent }: Property<unknown>): string {
  if (absent.is === 'an error') return 'required';
  return absent.value === undefined ? 'optional' : `default: \`${JSON.stringify(absent.value)}\``;
}

type File = Record<string, Record<string, unknown>>;

/** A file of the examples of the properties that are chosen, without empty sections. */
function fileOf(isIn: (name: string, property: Property<unknown>) => boolean): File {
  const file = Object.entries(sections).map(([section, properties]): [string, object] => {
    const chosen = Object.entries(properties as Record<string, Property<unknown>>).filter(
      ([key, property]) => isIn(`${section}.${key}`, property),
    );
    return [section, Object.fromEntries(chosen.map(([key, { example }]) => [key, example]))];
  });
  return Object.fromEntries(file.filter(([, values]) => Object.keys(values).length > 0)) as File;
}

function isRequired(_: string, { absent }: Property<unknown>): boolean {
  return absent.is === 'an error';
}

const inFullerFile =
  /^(cloudstack\.(ca_cert|proxy_\w+|default_\w+)|stemcell_server\.(url|username|password))$/;

const fuller: File = fileOf(
  (name, property) => isRequired(name, property) || inFullerFile.test(name),
);
fuller['stemcell'] = { publish: 'webdav' };

function fileText(file: File): string {
  return '```json\n' + JSON.stringify(file, null, 2) + '\n```';
}
