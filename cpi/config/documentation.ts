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
    '## A complete file',
    '```json\n' + JSON.stringify(exampleFile(), null, 2) + '\n```',
  ];
  return `${parts.join('\n\n')}\n`;
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

function exampleFile(): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(sections).map(([name, properties]) => [
      name,
      Object.fromEntries(
        Object.entries(properties)
          .filter(([, property]) => (property as Property<unknown>).absent.is === 'an error')
          .map(([key, property]) => [key, (property as Property<unknown>).example]),
      ),
    ]),
  );
}
