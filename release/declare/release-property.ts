import type { Form, Property } from '../../cpi/config/property.js';

/** A property of a job, as its spec shows it and its template checks it. */
export interface ReleaseProperty {
  /** With dots, as in manifests. Its first part is the section of the configuration file. */
  readonly name: string;
  readonly description: string;
  readonly example: unknown;
  readonly absent: Property<unknown>['absent'];
  /** Completes "must be …". */
  readonly expected: string;
  readonly form: Form | undefined;
  /** Names that earlier releases had for it: where one of them is set, it is not missing. */
  readonly older: readonly string[];
}

/** The properties of a section of a configuration file, under the section's name. */
export function propertiesOfSection(
  section: string,
  table: Readonly<Record<string, Property<unknown>>>,
): ReleaseProperty[] {
  return Object.entries(table).map(([key, property]) => ({
    name: `${section}.${key}`,
    description: property.description,
    example: property.example,
    absent: property.absent,
    expected: property.expected,
    form: property.form,
    older: [],
  }));
}
