import { listField, responseObject, stringField } from '../../declare/response.js';
import type { NetworkService } from '../../world/entities.js';
import { capabilityResponse, type Capability } from './service-capabilities.js';

/** A service, and who can do it for the networks of an offering. */
export interface ShownService {
  readonly service: NetworkService;
  readonly providers: readonly string[];
  readonly capabilities?: readonly Capability[];
}

const providerResponse = responseObject<string>('provider', {
  name: stringField((provider) => provider),
});

/** ServiceResponse inside an offering, with who provides the service; the gateway is left out. */
export const offeredServiceResponse = responseObject<ShownService>('service', {
  name: stringField(({ service }) => service),
  provider: listField(providerResponse, ({ providers }) => providers),
  capability: listField(capabilityResponse, ({ capabilities }) => capabilities),
});

/** The services as responses show them: CloudStack does not count the gateway among them. */
export function shownServices(services: readonly ShownService[]): readonly ShownService[] {
  return services.filter(({ service }) => service !== 'Gateway');
}
