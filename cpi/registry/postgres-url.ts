/**
 * The parameters of a URL by which pg would do otherwise than it is told about TLS: `sslmode`,
 * `sslrootcert`, `uselibpqcompat`, … (pg-connection-string, which wins over all other options).
 */
export function tlsParameters(url: string): string[] {
  return [...new URL(url).searchParams.keys()].filter((key) => /^ssl|^uselibpqcompat$/.test(key));
}

/** A URL without them. */
export function withoutTls(url: string): string {
  const plain = new URL(url);
  for (const key of tlsParameters(url)) plain.searchParams.delete(key);
  return plain.href;
}
