// Proves that conversations with servers find what is wrong with one: a registry that is broken in
// one way is found out soon, by an input that its number alone repeats, and so is each answer that
// a stemcell server must not give. Sound servers are talked to in inputs.test.ts.
import { expect, test } from '@playwright/test';
import { createMemoryStore } from '../../../cpi/registry/memory-store.js';
import type { RegistryOptions } from '../../../cpi/registry/registry-app.js';
import type { SettingsStore } from '../../../cpi/registry/settings-store.js';
import { secretName, user } from '../../cpi/stemcell-server/running-server.js';
import { runInputs } from '../inputs/run.js';
import { answersIn } from './answers.js';
import { bytesOf, type SentRequest } from './conversation.js';
import { basic } from './draw-parts.js';
import { wrongInImageAnswer } from './image-answers.js';
import { copyWithin, placeOf, removeFrom, treeDifferences, type ImageTree } from './image-tree.js';
import { registryRequests } from './registry-requests.js';

function storeWith(change: Partial<SettingsStore>): Partial<RegistryOptions> {
  return { store: Object.assign(createMemoryStore(), change) };
}

for (const [what, options, wrong] of [
  ['lets everybody read', { mayRead: () => Promise.resolve(true) }, 'nobody gets'],
  ['takes settings that are too long', { settingsBytesMax: 9_000 }, 'bytes are taken'],
  ['is ill', storeWith({ check: () => Promise.reject(new Error('no')) }), 'not documented'],
  ['forgets', storeWith({ remove: () => Promise.resolve() }), 'it holds'],
] as const) {
  test(`a registry that ${what} is found out`, async () => {
    const open = (): ReturnType<typeof registryRequests> => registryRequests(options);
    const report = await runInputs({ of: 'registry-requests', open, inputs: 400, seed: 1 });
    expect(report.failures.map((failure) => failure.wrong).join('\n')).toContain(wrong);
    const [first] = report.failures;
    const input = Number(/--input (\d+)$/.exec(first?.replay ?? '')?.[1]);
    const again = await runInputs({ of: 'registry-requests', open, inputs: 1, seed: 1, input });
    expect(again.failures[0]?.input).toBe(first?.input);
  });
}

const asUser = ['Authorization', basic(user)] as const;

function request(method: string, target: string, ...headers: SentRequest['headers']): SentRequest {
  return { method, target, headers, body: 'new', framing: 'length' };
}

function tree(): ImageTree {
  return new Map<string, Buffer | 'collection'>([
    ['', 'collection'],
    ['a.qcow2', Buffer.from('inside-the-folder')],
    ['c', 'collection'],
    ['c/b', Buffer.from('b')],
    [secretName.slice(1), Buffer.from('open')],
  ]);
}

function listOf(href: string, property = ''): string {
  const response = `<D:response><D:href>${href}</D:href>${property}</D:response>`;
  return `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">${response}</D:multistatus>`;
}

const strangeList = listOf('/c/', '<constructor/><D:toString>x</D:toString>');

const to = (path: string): readonly [string, string] => ['Destination', path];

for (const [what, sent, status, body, headers, wrong] of [
  ['an image to nobody', request('GET', '/a.qcow2'), 200, 'inside-the-folder', [], 'nobody'],
  ['that it is there, to nobody', request('HEAD', '/a.qcow2'), 404, '', [], 'nobody gets that'],
  ['an open image to nobody', request('GET', secretName), 200, 'open', [], undefined],
  ['another image', request('GET', secretName), 200, 'x', [], 'another image'],
  ['a file outside', request('GET', '/a.qcow2', asUser), 200, 'outside-the-folder', [], 'outside'],
  ['no image that is there', request('GET', '/a.qcow2', asUser), 404, '', [], 'not found'],
  ['a part nobody asked for', request('GET', secretName), 206, 'o', [], 'nobody asked'],
  ['a wrong part', request('GET', secretName, ['Range', 'bytes=0-0']), 206, 'op', [], 'part'],
  ['that nothing is new', request('GET', secretName), 304, '', [], 'nobody asked'],
  ['a deletion to nobody', request('DELETE', '/a.qcow2'), 204, '', [], 'nobody'],
  ['a deletion', request('DELETE', '/c', asUser), 204, '', [], undefined],
  ['a deletion of nothing', request('DELETE', '/x', asUser), 204, '', [], 'nothing'],
  ['an upload outside', request('PUT', '/../x', asUser), 201, '', [], 'no'],
  ['an upload of another digest', request('PUT', '/x', asUser), 201, '', [], 'digest'],
  ['an upload over a collection', request('PUT', '/c', asUser), 204, '', [], 'collection'],
  ['a refusal of a user', request('PUT', '/c', asUser), 401, '', [], 'refused'],
  ['a move into itself', request('MOVE', '/c', asUser, to('/c/d')), 201, '', [], 'itself'],
  ['a copy to nowhere', request('COPY', '/c', asUser, to('/x/d')), 201, '', [], 'no collection'],
  ['a copy', request('COPY', '/c', asUser, to('/d')), 201, '', [], undefined],
  ['a lock', request('LOCK', '/c', asUser), 200, '', [], 'not offered'],
  ['a list that is no XML', request('PROPFIND', '/c', asUser), 207, '<a>', [], 'no XML'],
  ['a list of another', request('PROPFIND', '/c', asUser), 207, listOf('/d'), [], 'it lists d'],
  ['a list of it', request('PROPFIND', '/c', asUser), 207, listOf('/c/'), [], undefined],
  ['a strange property', request('PROPFIND', '/c', asUser), 207, strangeList, [], undefined],
] as const) {
  test(`a stemcell server answers with ${what}: ${wrong ?? 'as it may'}`, () => {
    const answer = { status, headers: new Map<string, string>(headers), body: Buffer.from(body) };
    const told = wrongInImageAnswer(tree(), sent, answer, user);
    if (wrong === undefined) expect(told).toBeUndefined();
    else expect(told).toContain(wrong);
  });
}

test('a tree is changed as its folder is', () => {
  const images = tree();
  copyWithin(images, 'c', 'd', true);
  expect(images.get('d/b')).toEqual(Buffer.from('b'));
  copyWithin(images, 'c', 'd', false);
  expect(images.has('d/b')).toBe(false);
  removeFrom(images, 'd');
  expect(treeDifferences(images, tree())).toEqual([]);
  images.set('c/b', Buffer.from('x'));
  images.delete('a.qcow2');
  expect(treeDifferences(images, tree())).toHaveLength(2);
});

for (const [target, place] of [
  ['/', ''],
  ['/c/b', 'c/b'],
  ['/%63/b/?x', 'c/b'],
  ['http://elsewhere/c', 'c'],
  ['/c%2fb', undefined],
  ['/../x', undefined],
  ['/%2e%2e/x', undefined],
  ['/.staging', undefined],
  ['/health', undefined],
  ['/%zz', undefined],
  ['x', undefined],
] as const) {
  test(`${target} leads to ${place ?? 'nothing'}`, () => {
    expect(placeOf(target)).toBe(place);
  });
}

test('answers are told apart, with and without bodies, whole ones alone', () => {
  const text =
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab' +
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n' +
    'HTTP/1.1 207 X\r\nTransfer-Encoding: chunked\r\n\r\n2\r\ncd\r\n0\r\n\r\nHTTP/1.1 204 X\r\n\r\n';
  const answers = answersIn(Buffer.from(text), ['GET', 'HEAD', 'PROPFIND', 'PUT']);
  expect(answers).toMatchObject([
    { status: 200, body: Buffer.from('ab') },
    { status: 200, body: Buffer.alloc(0) },
    { status: 207, body: Buffer.from('cd') },
    { status: 204 },
  ]);
  expect(answersIn(Buffer.from(text.slice(0, -30)), ['GET', 'HEAD', 'PROPFIND'])).toHaveLength(2);
  expect(answersIn(Buffer.from('SSH-2.0\r\n\r\n'), ['GET'])).toContain('no answer of HTTP');
});

test('a connection that is cut says less, and only the last request closes it', () => {
  const requests = [request('PUT', '/x'), request('GET', '/x')];
  const whole = bytesOf({ requests, parts: 1, cutAt: null }).toString();
  expect(whole.match(/Connection: close/g)).toHaveLength(1);
  expect(
    whole.startsWith('PUT /x HTTP/1.1\r\nHost: server.test\r\nContent-Length: 3\r\n\r\nnewGET'),
  ).toBe(true);
  expect(bytesOf({ requests, parts: 1, cutAt: 9_999 })).toHaveLength(whole.length - 1);
});
