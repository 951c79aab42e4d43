/** What a parameter may be; undefined ones are not sent. Lists are joined by commas. */
export type ParameterValue =
  string | number | boolean | readonly string[] | MapParameter | undefined;

/** A parameter of CloudStack's map form: one record per index. */
export type MapParameter = readonly Readonly<Record<string, string | number | undefined>>[];

/** Parameters of a call, by CloudStack's names. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/**
 * Parameters as they are sent: maps become `name[0].field`, lists are joined by commas, undefined
 * values are dropped. An empty list is dropped, too: CloudStack refuses empty values.
 */
export function flattenParameters(parameters: Parameters): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    if (typeof value !== 'object') flat[name] = String(value);
    else if (!isStringList(value)) addMap(flat, name, value);
    else if (value.length > 0) flat[name] = value.join(',');
  }
  return flat;
}

/** `tags[0].key=…&tags[0].value=…`: CloudStack's form for keys and values. */
export function keyValueMap(entries: Readonly<Record<string, string>>): MapParameter {
  return Object.entries(entries).map(([key, value]) => ({ key, value }));
}

function addMap(flat: Record<string, string>, name: string, map: MapParameter): void {
  for (const [index, record] of map.entries()) {
    for (const [field, value] of Object.entries(record)) {
      if (value !== undefined) flat[`${name}[${index}].${field}`] = String(value);
    }
  }
}

function isStringList(value: readonly string[] | MapParameter): value is readonly string[] {
  return value.every((item) => typeof item === 'string');
}
