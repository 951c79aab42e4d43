import { z } from 'zod';
import { presetTexts } from '../../world/presets/index.js';
import { worldDescription } from '../../world/description/world-description.js';
import { bulletList, pageOf } from './page.js';

/** What of JSON Schema the description of a world needs. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly exclusiveMinimum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly const?: string | number | boolean;
  readonly anyOf?: readonly Schema[];
}

const INTRO =
  'A JSON file for `cloudstack-simulator --world <file>`, or the `world` of `createSimulator`: ' +
  'names instead of ids, and only what differs from the defaults. Units are in the names: `Mib`, ' +
  '`Gib`, `Mhz`. A file with an unknown field, or one that contradicts itself or asks for more VMs than ' +
  'there is room for, is refused, and the error names every problem with its place, such as ' +
  '`zones.0.networks.1.gateway`: the second network of the first zone. Some worlds come with the simulator: `--world` takes ' +
  'their names, too.';

/** The page about world files, from their schema; `example` is the text of a complete file. */
export function worldsPage(example: string): string {
  const schema = z.toJSONSchema(worldDescription, { io: 'input' }) as Schema;
  return pageOf('World files', 'simulator/world/description/world-description.ts', [
    INTRO,
    '## Presets',
    bulletList(Object.entries(presetTexts).map(([name, text]) => `**${name}**: ${text}`)),
    'On each hypervisor the device id 3 is the CD-ROM’s: data disks have 1, 2, 4 and so on.',
    ...section('The world', '', schema),
    '## A complete file',
    'It is [example-world.json](example-world.json).',
    `\`\`\`json\n${example.trimEnd()}\n\`\`\``,
  ]);
}

/** An object's fields, then the objects that stand in its lists. */
function section(
  title: string,
  path: string,
  { properties = {}, required = [] }: Schema,
): string[] {
  const fields = Object.entries(properties);
  const parts = fields.flatMap(([name, { items }]) => {
    if (items?.properties === undefined) return [];
    const inner = `${path}${name}[]`;
    return section(`\`${inner}\``, `${inner}.`, items);
  });
  const lines = fields.map(([name, field]) => fieldLine(name, field, required.includes(name)));
  return [`## ${title}`, bulletList(lines), ...parts];
}

function fieldLine(name: string, field: Schema, required: boolean): string {
  const presence =
    field.default !== undefined
      ? `default \`${JSON.stringify(field.default)}\``
      : required
        ? 'required'
        : 'optional';
  return `\`${name}\` (${typeText(field)}, ${presence}): ${field.description ?? ''}`;
}

function typeText(schema: Schema): string {
  const { type = '', format } = schema;
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined) {
    return `one of ${schema.enum.map((word) => `\`${String(word)}\``).join(', ')}`;
  }
  if (type === 'array')
    return `${(schema.minItems ?? 0) > 0 ? 'non-empty ' : ''}list of ${itemText(schema.items)}`;
  if (type === 'integer')
    return schema.exclusiveMinimum === 0 ? 'whole number above 0' : 'whole number';
  if (format !== undefined) return FORMATS[format] ?? format;
  return schema.minLength === undefined ? type : `non-empty ${type}`;
}

function itemText(items: Schema | undefined): string {
  return items?.properties === undefined ? 'strings' : 'objects';
}

const FORMATS: Readonly<Record<string, string>> = {
  ipv4: 'IPv4 address',
  cidrv4: 'IPv4 subnet',
  'date-time': 'ISO 8601 time in UTC',
};
