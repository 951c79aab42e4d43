import { MASKED_TEXT, type CloudException } from '../world/cloud-exception.js';
import { isRootAdmin, type Caller } from '../declare/caller.js';
import type { AnyCommand, PagingRule, ResponseShape } from '../declare/command.js';
import { pageOf } from '../declare/list-parameters.js';
import { render, type View } from '../declare/response.js';
import type { JsonObject } from '../kernel/json.js';
import { CREDENTIALS_TEXT } from './authenticate.js';
import type { ApiResponse } from './http.js';
import { xmlText } from './xml.js';

/** The answer of a synchronous command, as it stands under the response wrapper. */
export function renderResult(
  command: AnyCommand,
  out: unknown,
  paging: {
    readonly page: number | undefined;
    readonly pageSize: number | undefined;
    readonly maxPageSize: number;
    /** The rows themselves are left out (BaseListRetrieveOnlyResourceCountCmd). */
    readonly onlyCount: boolean;
    readonly rule: PagingRule;
  },
  view: View,
): JsonObject {
  const shape: ResponseShape<unknown> = command.response;
  if (shape.kind === 'success') return { success: true };
  if (shape.kind === 'flat') return render(shape.object, out as never, view);
  if (shape.kind === 'object')
    return { [shape.object.name]: render(shape.object, out as never, view) };
  const rows = out as readonly never[];
  const page =
    paging.rule === 'whole' ? rows : pageOf(rows, paging.page, paging.pageSize, paging.maxPageSize);
  const count = paging.rule === 'counts the page' ? page.length : rows.length;
  if (count === 0) return {};
  if (page.length === 0 || paging.onlyCount) return { count };
  return {
    count,
    [shape.keyOf?.(rows) ?? shape.object.name]: page.map((row) => render(shape.object, row, view)),
  };
}

/** What a job answers with when it succeeds. */
export function renderJobResult(command: AnyCommand, out: unknown, view: View): JsonObject {
  const shape: ResponseShape<unknown> = command.response;
  if (shape.kind === 'success') return { success: true };
  if (shape.kind === 'list') throw new Error(`${command.name}: a job does not answer with a list`);
  const value = render(shape.object, out as never, view);
  return shape.kind === 'flat' ? value : { [shape.object.name]: value };
}

/** How the answer to one request is written. */
export interface Writing {
  readonly format: Format;
  /** The version of CloudStack, which every XML document names. */
  readonly version: string;
  readonly worldMs: number;
  /** The names of fields that hold maps, which XML writes in a form of their own. */
  readonly mapFields: ReadonlySet<string>;
}

export type Format = 'json' | 'xml';

/** JSON for who asks for it, and XML for everybody else (ApiServlet, ApiResponseSerializer). */
export function formatOf(parameters: ReadonlyMap<string, string>): Format {
  return parameters.get('response')?.toLowerCase() === 'json' ? 'json' : 'xml';
}

export function contentReply(wrapper: string, content: JsonObject, writing: Writing): ApiResponse {
  return reply(200, wrapper, content, writing);
}

/** An error as the caller may read it. */
export function errorReply(
  wrapper: string,
  error: CloudException,
  caller: Caller | undefined,
  writing: Writing,
): ApiResponse {
  const hidden = error.masked && caller !== undefined && !isRootAdmin(caller);
  const text = hidden ? MASKED_TEXT : error.message;
  const content = {
    uuidList: error.uuidList.map(({ uuid, description }) => ({ uuid, description })),
    errorcode: error.httpStatus,
    cserrorcode: error.csErrorCode,
    errortext: text,
  };
  return reply(error.httpStatus, wrapper, content, writing, { 'x-description': headerText(text) });
}

/** A refused signature throws nothing in CloudStack: no `cserrorcode`, no X-Description. */
export function credentialsReply(wrapper: string, writing: Writing): ApiResponse {
  const content = { uuidList: [], errorcode: 401, errortext: CREDENTIALS_TEXT };
  return reply(401, wrapper, content, writing);
}

function reply(
  status: number,
  wrapper: string,
  content: JsonObject,
  { format, version, worldMs, mapFields }: Writing,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  const body =
    format === 'json'
      ? unescaped(JSON.stringify({ [wrapper]: content }))
      : xmlText({ wrapper, version, content, mapFields });
  return {
    status,
    headers: {
      'content-type': CONTENT_TYPES[format],
      date: new Date(worldMs).toUTCString(),
      ...SECURITY_HEADERS,
      ...headers,
    },
    body,
  };
}

const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json; charset=UTF-8',
  xml: 'text/xml; charset=UTF-8',
};

/** HttpUtils.addSecurityHeaders; the policy is six headers of one name there. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '1;mode=block',
  'content-security-policy':
    '1, default-src=none, script-src=self, connect-src=self, img-src=self, style-src=self',
} as const;

/**
 * CloudStack puts characters in place of what looks like their escapes in the finished JSON
 * (ApiResponseSerializer.unescape): a value in which somebody wrote a backslash, `u` and four digits
 * comes out as something else, or makes the answer no JSON at all.
 */
function unescaped(json: string): string {
  return json.replace(/\\u([0-9A-Fa-f]{4})/g, (_, digits: string) =>
    String.fromCharCode(parseInt(digits, 16)),
  );
}

/** A header takes printable ASCII only, and loses the spaces at its ends on the way. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').trim();
}
