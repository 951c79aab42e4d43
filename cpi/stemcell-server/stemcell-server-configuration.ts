import { readProgramConfiguration } from '../config/program-configuration.js';
import type { ValuesOf } from '../config/property.js';
import { stemcellServerProperties } from './stemcell-server-properties.js';

export interface StemcellServerConfiguration {
  readonly server: ValuesOf<typeof stemcellServerProperties>;
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
}

/**
 * Reads stemcell-server.json.
 *
 * @param file its path, for messages
 * @throws InvalidConfiguration that names every problem.
 */
export function readStemcellServerConfiguration(
  text: string,
  file = 'stemcell-server.json',
): StemcellServerConfiguration {
  const { values, warnings, secrets } = readProgramConfiguration(text, file, {
    stemcell_server: stemcellServerProperties,
  });
  return { server: values.stemcell_server, warnings, secrets };
}
