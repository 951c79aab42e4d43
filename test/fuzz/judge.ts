// Whether an answer is one that is documented: a success, or an error as CloudStack writes it.

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** CloudStack's codes (ApiErrorCode), and what its servlet says itself. */
const STATUSES = new Set([200, 401, 405, 430, 431, 432, 530, 531, 532, 533, 534, 535, 536, 537]);
/** What an HTTP server refuses before the API sees it. */
const HTTP_STATUSES = new Set([400, 404, 408, 411, 413, 414, 415, 417, 431]);

/** To all others the servlet answers itself, with a page, or with nothing. */
const API_METHODS = new Set(['GET', 'HEAD', 'POST']);
const SERVLET_STATUSES = new Set([200, 400, 405, 501]);

const TRACES = [
  /\n\s+at \S/,
  /\bat \S+ \(?\S+:\d+:\d+\)?/,
  /node:internal|node_modules/,
  /\b(?:Type|Range|Reference|Syntax|Assertion|URI)Error\b/,
  /Unexpected exception/,
];

/** What is wrong with an answer of the API; undefined if nothing is. */
export function wrongInAnswer({ status, body }: Answer, method: string): string | undefined {
  if (!API_METHODS.has(method)) return wrongInServletAnswer(status, body);
  if (!STATUSES.has(status)) return `status ${status} is not documented`;
  const trace = traceIn(body);
  if (trace !== undefined) return trace;
  if (method === 'HEAD') return body === '' ? undefined : 'an answer to HEAD has a body';
  if (body.startsWith('<?xml')) return wrongInXml(status, body);
  return wrongInJson(status, body);
}

/** What is wrong with an answer that the HTTP server gave in the API's place. */
export function wrongInHttpAnswer({ status, body }: Answer): string | undefined {
  return HTTP_STATUSES.has(status) ? traceIn(body) : `status ${status} is not documented`;
}

/** By what answers are counted: `HTTP 200`, `HTTP 431, 9999`. */
export function codeOf({ status, body }: Answer): string {
  const code = /"cserrorcode":(\d+)|<cserrorcode>(\d+)</.exec(status === 200 ? '' : body);
  return `HTTP ${status}${code === null ? '' : `, ${code[1] ?? code[2] ?? ''}`}`;
}

function wrongInServletAnswer(status: number, body: string): string | undefined {
  if (!SERVLET_STATUSES.has(status)) return `status ${status} is not documented`;
  if (status === 200 && body !== '') return 'an answer to OPTIONS has a body';
  return traceIn(body);
}

/** What in a text tells of the inside of a program; undefined if nothing does. */
export function traceIn(body: string): string | undefined {
  // Lists of a world's own texts are long, and nothing in them is an error's.
  const found = TRACES.find((trace) => trace.test(body.slice(0, 20_000)));
  return found === undefined ? undefined : `the answer tells of the inside: ${String(found)}`;
}

function wrongInXml(status: number, body: string): string | undefined {
  if (!/<\/[\w-]+>\s*$/.test(body)) return 'the XML does not end';
  if (status === 200) return undefined;
  return body.includes(`<errorcode>${status}</errorcode>`) ? undefined : 'no errorcode in the XML';
}

/** CloudStack writes control characters of a parameter's name as they are, though JSON forbids it. */
function withEscapes(json: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return json.replace(/[\u0000-\u001f]/g, (one) => JSON.stringify(one).slice(1, -1));
}

function wrongInJson(status: number, body: string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(withEscapes(body));
  } catch {
    return 'the answer is no JSON';
  }
  const contents = Object.values(parsed as object) as Record<string, unknown>[];
  if (contents.length !== 1) return `the answer has ${contents.length} keys instead of a wrapper`;
  if (status === 200) return undefined;
  const { errorcode, errortext } = contents[0]!;
  if (errorcode !== status) return `errorcode ${String(errorcode)} with HTTP status ${status}`;
  return typeof errortext === 'string' && errortext !== '' ? undefined : 'an error without a text';
}
