import { InvalidConfiguration, readProgramConfiguration } from '../config/program-configuration.js';
import { sections } from '../config/properties.js';
import { notRequired, type ValuesOf } from '../config/property.js';
import { registryProperties } from './registry-properties.js';

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
 * @throws InvalidConfiguration that names every problem.
 */
export function readRegistryConfiguration(text: string): RegistryConfiguration {
  const { values, warnings, secrets } = readProgramConfiguration(text, 'registry.json', {
    registry: registryProperties,
    cloudstack: cloudStackProperties,
  });
  const { registry, cloudstack } = values;
  const cloudStack = registry.check_source_address ? accessOf(cloudstack) : undefined;
  return { registry, cloudStack, warnings, secrets };
}

function accessOf(given: ValuesOf<typeof cloudStackProperties>): CloudStackAccess {
  const { endpoint: url, api_key: key, secret_access_key: secret } = given;
  if (url === undefined || key === undefined || secret === undefined) {
    throw new InvalidConfiguration(
      'Invalid configuration (registry.json): registry.check_source_address needs ' +
        'cloudstack.endpoint, cloudstack.api_key and cloudstack.secret_access_key',
    );
  }
  return { endpoint: url, apiKey: key, secretKey: secret, caCert: given.ca_cert };
}
