/** Java's names of digest algorithms (MessageDigest.getInstance), with those of Node's crypto. */
const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  SHA: 'sha1',
  SHA1: 'sha1',
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

interface Checksum {
  /** As Java calls it. */
  readonly algorithm: string;
  readonly digest: string;
}

/**
 * The algorithm, by its name in Node's crypto, with which a checksum is to be compared: that of
 * `{SHA-256}…`, MD5 for bare digits, SHA-512 without a checksum (ChecksumValue). Undefined for one
 * that Java does not know.
 */
export function algorithmFor(checksum: string | null): string | undefined {
  const { algorithm } = parseChecksum(checksum);
  return Object.entries(algorithms).find(([name]) => name === algorithm.toUpperCase())?.[1];
}

/** A checksum without the name of its algorithm, as the API shows it. */
export function bareChecksum(checksum: string): string {
  return parseChecksum(checksum).digest;
}

/** Why a file is refused for its checksum (DownloadManagerImpl.checkOrCreateTheChecksum). */
export function checksumProblem(expected: string | null, digest: string): string | undefined {
  const { algorithm, digest: wanted } = parseChecksum(expected);
  if (isBlank(expected) || wanted === digest) return undefined;
  return `checksum "{${algorithm}}${digest}" didn't match the given value, "{${algorithm}}${wanted}"`;
}

/** The parts of a checksum: without the name of an algorithm it is one of MD5. */
export function parseChecksum(text: string | null): Checksum {
  if (isBlank(text)) return { algorithm: 'SHA-512', digest: '' };
  const stripped = text.trim();
  const [, algorithm, digest] = /^\{([^}]+)\}(.*)$/s.exec(stripped) ?? [];
  return { algorithm: algorithm ?? 'MD5', digest: digest ?? stripped };
}

function isBlank(text: string | null): text is null {
  return text === null || text.trim() === '';
}
