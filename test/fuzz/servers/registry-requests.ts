// Requests to the registry: settings are put, read and deleted, by users and by nobody, with
// conditions and without. What it may answer follows from what was acknowledged before.
import { isDeepStrictEqual } from 'node:util';
import type { RegistryOptions } from '../../../cpi/registry/registry-app.js';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import { registryCredentials, startSettingsRegistry } from '../../support/settings-registry.js';
import type { Draw } from '../inputs/damage.js';
import type { Subject } from '../inputs/subject.js';
import type { ServerAnswer } from './answers.js';
import { headerOf, isWhole, type SentRequest } from './conversation.js';
import {
  coded,
  drawConditions,
  drawConversation,
  drawCredentials,
  drawExpectation,
  drawJson,
  drawOtherHeaders,
  isOfUser,
  pick,
  strangeTargets,
} from './draw-parts.js';
import { serverSubject } from './server-subject.js';

const user = `${registryCredentials.username}:${registryCredentials.password}`;
/** Few, so that long settings are drawn often. */
const settingsBytesMax = 2_000;
const statuses = new Set([200, 304, 400, 401, 404, 405, 408, 412, 413, 417, 431]);
/** What nobody may read is in these settings. */
const inside = 'inside-the-registry';
const initial = { 'vm-1': `{"vm":{"name":"vm-1"},"${inside}":1}` };

/** Settings by instance, each with the tag that an answer told of it. */
type Held = Map<string, { readonly text: string; readonly etag: string | undefined }>;

/** Conversations with a registry; tests break it by its options. */
export async function registryRequests(options: Partial<RegistryOptions> = {}): Promise<Subject> {
  const store = createMemoryStore();
  const failures: unknown[] = [];
  const registry = await startSettingsRegistry({
    store,
    settingsBytesMax,
    ...options,
    onFailure: (failure) => failures.push(failure),
  });
  return serverSubject<Held>({
    port: Number(new URL(registry.endpoint).port),
    failures,
    statuses,
    draw: (draw) => drawConversation(draw, (kind) => drawRequest(draw, kind)),
    begin: async () => {
      await registry.restore(initial);
      return new Map(Object.entries(initial).map(([id, text]) => [id, { text, etag: undefined }]));
    },
    problemOf,
    atTheEnd: async (held) => {
      const there = await registry.entries();
      const told = Object.fromEntries([...held].map(([id, { text }]) => [id, text]));
      return isDeepStrictEqual({ ...there }, told)
        ? undefined
        : `it holds ${JSON.stringify(there)} and acknowledged ${JSON.stringify(told)}`;
    },
    close: () => registry[Symbol.asyncDispose](),
  });
}

const ids = [
  'vm-1',
  'vm-1',
  'vm-1',
  'vm-2',
  'vm-2',
  'a.b:c_D',
  'constructor',
  'x'.repeat(255),
  'x'.repeat(256),
];

function drawRequest(draw: Draw, kind: 'plain' | 'odd'): Omit<SentRequest, 'framing'> {
  const method = pick(draw, [
    ...['PUT', 'PUT', 'PUT', 'PUT', 'GET', 'GET', 'GET', 'DELETE', 'DELETE', 'HEAD', 'POST'],
    ...['PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'LOCK'],
  ]);
  const isOdd = kind === 'odd' && draw(2) === 0;
  const path = pick(draw, [
    ...Array.from({ length: 30 }, () => `/instances/${pick(draw, ids)}/settings`),
    ...['/instances', '/instances/', '/health', '/', '/instances/vm-1', '/instances/..'],
    ...['/instances//settings', '/instances/../settings', '/INSTANCES/vm-1/settings'],
    ...['/instances/vm-1/settings/', '/instances/vm-1%2fsettings', '/instances/%2e%2e/settings'],
  ]);
  const settings = {
    vm: { name: 'vm-1', id: 'i' },
    disks: { system: '/dev/vda', persistent: { d: { path: '/dev/vdb' } } },
    networks: { private: { type: 'manual', ip: '10.0.0.5', default: ['dns', 'gateway'] } },
  };
  // What is to be deleted or read is so before a body has come.
  const body = method === 'PUT' || draw(8) === 0 ? drawJson(settings, draw) : '';
  return {
    method,
    target: isOdd ? pick(draw, strangeTargets) : coded(path, draw),
    headers: [
      ...drawCredentials(draw, user),
      ...drawConditions(draw),
      ...drawExpectation(draw),
      ...(isOdd ? drawOtherHeaders(draw) : []),
    ],
    body: ['DELETE', 'GET', 'HEAD'].includes(method) ? '' : body,
  };
}

/** What is wrong with an answer; what it acknowledges is held from now on. */
function problemOf(held: Held, request: SentRequest, answer: ServerAnswer): string | undefined {
  const { method } = request;
  const { status } = answer;
  if (status >= 400 && status !== 412) return wrongInRefusal(request, answer);
  const path = request.target.replace(/^https?:\/\/[^/?]*/i, '').split('?')[0] ?? '';
  if (/^\/health\/?$/.test(path) && ['GET', 'HEAD'].includes(method)) return undefined;
  if (!isOfUser(request, user)) return `nobody gets ${status}`;
  if (!isWhole(request)) return `a request that has no end gets ${status}`;
  if (/^\/instances\/?$/.test(path)) return wrongInList(held, request, answer);
  const id = idIn(path);
  if (id === undefined) return `${status} for a path that nothing has`;
  const there = held.get(id);
  const may = isMet(request, there);
  if (status === 412) return may === true ? 'a condition that is met is refused' : undefined;
  if (method === 'GET' || method === 'HEAD') return wrongInReading(held, id, request, answer);
  if (status !== 200) return `${method} gets ${status}`;
  if (may === false) return 'it is done though its condition is not met';
  if (method === 'DELETE') held.delete(id);
  else if (method === 'PUT') {
    const etag = answer.headers.get('etag');
    held.set(id, { text: Buffer.from(request.body, 'latin1').toString(), etag });
    return wrongInSettings(request.body);
  } else return `${method} is done`;
  return undefined;
}

function wrongInRefusal(request: SentRequest, { status, body }: ServerAnswer): string | undefined {
  const text = body.toString();
  if (text.includes(inside)) return `who is refused is told ${text}`;
  if (isOfUser(request, user) && status === 401) return 'a user is refused as unknown';
  // What HTTP itself refuses is told in a sentence that holds nothing of it.
  if ([400, 408, 417, 431].includes(status) && /^[\w ./:,'-]+\n$/.test(text)) return undefined;
  return text === '' || /^\{"status":"[a-z_]+","reason":"[^"]+"\}$/.test(text)
    ? undefined
    : `it says ${text}`;
}

function wrongInList(
  held: Held,
  { method }: SentRequest,
  { status, body }: ServerAnswer,
): string | undefined {
  if (method === 'HEAD' || status === 304) return undefined;
  const { instances = [] } = JSON.parse(body.toString()) as { readonly instances?: string[] };
  const isSame = isDeepStrictEqual([...instances].sort(), [...held.keys()].sort());
  return isSame ? undefined : `it lists ${instances.join()} and holds ${[...held.keys()].join()}`;
}

function wrongInReading(
  held: Held,
  id: string,
  request: SentRequest,
  { status, headers, body }: ServerAnswer,
): string | undefined {
  const there = held.get(id);
  if (there === undefined) return `${status} for what was not put`;
  if (status === 304) {
    const isAsked = headerOf(request, 'if-none-match') !== undefined;
    return isAsked ? undefined : 'that nothing is new was not asked';
  }
  held.set(id, { text: there.text, etag: headers.get('etag') });
  if (request.method === 'HEAD') return undefined;
  const { settings } = JSON.parse(body.toString()) as { readonly settings?: string };
  return settings === there.text ? undefined : `it reads ${String(settings).slice(0, 200)}`;
}

function idIn(path: string): string | undefined {
  const coded = /^\/instances\/([^/]+)\/settings\/?$/.exec(path)?.[1];
  try {
    return coded === undefined ? undefined : decodeURIComponent(coded);
  } catch {
    return undefined;
  }
}

/** Whether its condition is met, as far as one can tell who may not know the tag of what is there. */
function isMet(
  request: SentRequest,
  there: { readonly etag: string | undefined } | undefined,
): boolean | 'unknown' {
  const match = headerOf(request, 'if-match');
  const noneMatch = headerOf(request, 'if-none-match');
  const list = match ?? noneMatch;
  if (list === undefined) return true;
  if (there === undefined) return match === undefined;
  if (list === '*') return match === '*';
  if (there.etag === undefined) return 'unknown';
  const tags = list.split(',').map((tag) => tag.trim());
  const strong = match === undefined ? tags.map((tag) => tag.replace(/^W\//, '')) : tags;
  return strong.includes(there.etag) === (match !== undefined);
}

function wrongInSettings(body: string): string | undefined {
  const bytes = Buffer.from(body, 'latin1');
  if (bytes.length > settingsBytesMax) return `${bytes.length} bytes are taken`;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const value: unknown = JSON.parse(decoder.decode(bytes));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? undefined : 'settings that are no object are taken';
  } catch {
    return 'settings that are no JSON are taken';
  }
}
