// What a server says on a connection, taken apart.

export interface ServerAnswer {
  readonly status: number;
  /** By their names in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/**
 * The answers to requests of these methods, in turn; a text, where what came is no HTTP. An answer
 * that the connection has ended in the middle of is left out.
 */
export function answersIn(bytes: Buffer, methods: readonly string[]): ServerAnswer[] | string {
  const answers: ServerAnswer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end < 0) return answers;
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(`${first} `)?.[1]);
    if (Number.isNaN(status)) return `no answer of HTTP: ${JSON.stringify(first.slice(0, 200))}`;
    at = end + 4;
    // `100 Continue` comes before the answer.
    if (status < 200) continue;
    const headers = new Map(lines.map((line) => nameAndValue(line)));
    const method = methods[answers.length] ?? 'GET';
    const hasNone = method === 'HEAD' || status === 204 || status === 304;
    const read = hasNone ? { body: Buffer.alloc(0), end: at } : bodyAt(bytes, at, headers);
    if (read === undefined) return answers;
    answers.push({ status, headers, body: read.body });
    at = read.end;
  }
  return answers;
}

function nameAndValue(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

interface Read {
  readonly body: Buffer;
  readonly end: number;
}

function bodyAt(bytes: Buffer, at: number, headers: ReadonlyMap<string, string>): Read | undefined {
  if (headers.get('transfer-encoding') === 'chunked') return chunksAt(bytes, at);
  const length = headers.get('content-length');
  const end = length === undefined ? bytes.length : at + Number(length);
  return end > bytes.length ? undefined : { body: bytes.subarray(at, end), end };
}

function chunksAt(bytes: Buffer, start: number): Read | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    at = lineEnd + 2;
    if (Number.isNaN(size) || at + size + 2 > bytes.length) return undefined;
    chunks.push(bytes.subarray(at, at + size));
    at += size + 2;
    if (size === 0) return { body: Buffer.concat(chunks), end: at };
  }
}
