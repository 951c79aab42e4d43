/** What of the configuration says where the registry is; each part may be left out. */
export interface RegistrySection {
  host?: string | undefined;
  port: number;
  endpoint?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  credentials_in_endpoint: boolean;
}

/** Where the registry is, and who the CPI is there. */
export interface RegistryAccess {
  /** Without credentials and without a slash at its end: `http://10.0.0.6:25777`. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** What agents are told: with credentials, unless the registry knows them by their addresses. */
  readonly agentEndpoint: string;
}

/** Undefined where the section names no registry. */
export function registryAccess(section: RegistrySection): RegistryAccess | undefined {
  const { host, port, endpoint, credentials_in_endpoint: tellsCredentials } = section;
  if (endpoint === undefined && host === undefined) return undefined;
  const url = new URL(endpoint ?? `http://${hostInUrl(host ?? '')}:${port}`);
  const username = section.username ?? decodeURIComponent(url.username);
  const password = section.password ?? decodeURIComponent(url.password);
  const userInfo = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
  return {
    url: `${url.protocol}//${url.host}`,
    username,
    password,
    agentEndpoint: `${url.protocol}//${tellsCredentials ? userInfo : ''}${url.host}`,
  };
}

/**
 * Whether an agent may be told name servers for the registry. It then looks the host up by itself
 * and asks by the address, which certificates seldom name, and takes what stands before the first
 * colon for the host, which of an IPv6 address is a part (http_metadata_service.go,
 * resolveRegistryEndpoint).
 */
export function takesNameServers(endpoint: string): boolean {
  const { protocol, hostname } = new URL(endpoint);
  return protocol === 'http:' && !hostname.startsWith('[');
}

function hostInUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
