import { MASKED_TEXT, type CloudException } from '../world/cloud-exception.js';
import { isRootAdmin, type Caller } from '../declare/caller.js';
import type { AnyCommand, ResponseShape } from '../declare/command.js';
import { pageOf } from '../declare/list-parameters.js';
import { render, type View } from '../declare/response.js';
import type { JsonObject } from '../kernel/json.js';
import { CREDENTIALS_TEXT } from './authenticate.js';
import type { ApiResponse } from './http.js';

/** The answer of a synchronous command, as it stands under the response wrapper. */
export function renderResult(
  command: AnyCommand,
  out: unknown,
  paging: { page: number | undefined; pageSize: number | undefined; maxPageSize: number },
  view: View,
): JsonObject {
  const shape: ResponseShape<unknown> = command.response;
  if (shape.kind === 'success') return { success: true };
  if (shape.kind === 'flat') return render(shape.object, out as never, view);
  if (shape.kind === 'object')
    return { [shape.object.name]: render(shape.object, out as never, view) };
  const rows = out as readonly never[];
  const page = pageOf(rows, paging.page, paging.pageSize, paging.maxPageSize);
  if (rows.length === 0) return {};
  if (page.length === 0) return { count: rows.length };
  return {
    count: rows.length,
    [shape.object.name]: page.map((row) => render(shape.object, row, view)),
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

export function jsonReply(wrapper: string, content: JsonObject, worldMs: number): ApiResponse {
  return reply(200, JSON.stringify({ [wrapper]: content }), worldMs);
}

/** An error as the caller may read it. */
export function errorReply(
  wrapper: string,
  error: CloudException,
  caller: Caller | undefined,
  worldMs: number,
): ApiResponse {
  const hidden = error.masked && caller !== undefined && !isRootAdmin(caller);
  const text = hidden ? MASKED_TEXT : error.message;
  const content = {
    uuidList: error.uuidList.map(({ uuid, description }) => ({ uuid, description })),
    errorcode: error.httpStatus,
    cserrorcode: error.csErrorCode,
    errortext: text,
  };
  return reply(error.httpStatus, JSON.stringify({ [wrapper]: content }), worldMs, text);
}

/** 401 has no `cserrorcode`. */
export function credentialsReply(wrapper: string, worldMs: number): ApiResponse {
  const content = { uuidList: [], errorcode: 401, errortext: CREDENTIALS_TEXT };
  return reply(401, JSON.stringify({ [wrapper]: content }), worldMs, CREDENTIALS_TEXT);
}

function reply(status: number, body: string, worldMs: number, description?: string): ApiResponse {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=UTF-8',
      date: new Date(worldMs).toUTCString(),
      'x-content-type-options': 'nosniff',
      'x-xss-protection': '1;mode=block',
      ...(description === undefined ? {} : { 'x-description': headerText(description) }),
    },
    body,
  };
}

/** A header takes printable ASCII only. */
function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}
