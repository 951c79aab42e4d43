import { readProgramConfiguration } from '../config/program-configuration.js';
import { sections } from '../config/properties.js';
import { notRequired, type ValuesOf } from '../config/property.js';
import { registryProperties } from './registry-properties.js';
import { registryRules } from './registry-rules.js';

/** What of the CPI's section `cloudstack` the registry needs, to ask for addresses of VMs. */
export const cloudStackProperties = {
  endpoint: notRequired(sections.cloudstack.endpoint),
  api_key: notRequired(sections.cloudstack.api_key),
  secret_access_key: notRequired(sections.cloudstack.secret_access_key),
  ca_cert: sections.cloudstack.ca_cert,
} as const;

/** How to reach CloudStack. */
export interface CloudStackAccess {
  readonly endpoint: string;
  readonly apiKey: string;
  readonly secretKey: string;
  readonly caCert: string | undefined;
}

export interface RegistryConfiguration {
  readonly registry: ValuesOf<typeof registryProperties>;
  /** Only where addresses are to be checked. */
  readonly cloudStack: CloudStackAccess | undefined;
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
}

/**
 * Reads registry.json.
 *
 * @param file its path, for messages
 * @throws InvalidConfiguration that names every problem.
 */
export function readRegistryConfiguration(
  text: string,
  file = 'registry.json',
): RegistryConfiguration {
  const tables = { registry: registryProperties, cloudstack: cloudStackProperties };
  const { values, warnings, secrets } = readProgramConfiguration(text, file, tables, registryRules);
  const { registry, cloudstack } = values;
  const cloudStack = registry.check_source_address ? accessOf(cloudstack) : undefined;
  return { registry, cloudStack, warnings, secrets };
}

/** All of it, as the rules want it. */
function accessOf(given: ValuesOf<typeof cloudStackProperties>): CloudStackAccess | undefined {
  const { endpoint, api_key: apiKey, secret_access_key: secretKey, ca_cert: caCert } = given;
  if (endpoint === undefined || apiKey === undefined || secretKey === undefined) return undefined;
  return { endpoint, apiKey, secretKey, caCert };
}
