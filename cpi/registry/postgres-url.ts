import { isDecodable } from '../config/property.js';

/**
 * What is wrong with the URL of a database, completing "its url …"; undefined if nothing is. One
 * with an unencoded password would be read as one of another host: a part of the password.
 */
export function problemOfPostgresUrl(url: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(url)) return 'does not begin with postgres://';
  if (!/^\S+$/.test(url) || !URL.canParse(url) || !isEncoded(url)) {
    return (
      'cannot be read: percent-encode what is in its user name and password besides letters and ' +
      'digits (@ is %40, / is %2F, : is %3A, # is %23, ? is %3F, % is %25)'
    );
  }
  return tlsParameters(url).length === 0 ? undefined : 'says something of TLS, which is for tls';
}

/** Whether the only `@` ends user name and password, and these can be decoded. */
function isEncoded(url: string): boolean {
  const { username, password } = new URL(url);
  const signs = url.split('@').length - 1;
  return signs === (username + password === '' ? 0 : 1) && isDecodable(username + password);
}

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

/** A URL with more options for the server; those that it has stay. */
export function withOptions(url: string, more: string): string {
  const extended = new URL(url);
  const own = extended.searchParams.get('options');
  extended.searchParams.set('options', own === null ? more : `${own} ${more}`);
  return extended.href;
}
