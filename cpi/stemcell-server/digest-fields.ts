import type { IncomingHttpHeaders } from 'node:http';

/** What a request says of its body's digest. */
export interface SentDigest {
  readonly isMalformed: boolean;
  /** In lower-case hexadecimal digits; undefined where it says none. */
  readonly sha256: string | undefined;
}

/**
 * The SHA-256 that a request says its body has: in `Repr-Digest` or `Content-Digest` (RFC 9530), or
 * in `Digest` as it was before (RFC 3230). Other algorithms are passed over, as both demand.
 */
export function sentDigest(headers: IncomingHttpHeaders): SentDigest {
  const fields = ['repr-digest', 'content-digest', 'digest'].flatMap((name) => headers[name] ?? []);
  const values = fields
    .join(',')
    .split(',')
    .filter((part) => /^\s*sha-256\s*=/i.test(part));
  const digests = values.map((value) => {
    const encoded = /^\s*sha-256\s*=\s*:?([A-Za-z0-9+/]{43}=):?\s*$/i.exec(value)?.[1];
    return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('hex');
  });
  const [sha256] = digests;
  const isMalformed = digests.some((digest) => digest === undefined || digest !== sha256);
  return { isMalformed, sha256 };
}

/** The `Repr-Digest` of something with this SHA-256. */
export function reprDigest(sha256: string): string {
  return `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`;
}
