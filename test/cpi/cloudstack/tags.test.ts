// Proves that a resource ends with the wanted tags after the fewest calls, and keeps those of
// others. A store of tags on loopback plays CloudStack: it cannot change a tag, compares keys
// without case, and refuses empty values, duplicates, and deletions that match nothing.
import { expect, test } from '@playwright/test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyTags, differences, marksOf, readTags, tagNew } from '../../../cpi/cloudstack/tags.js';
import { scriptedCloud, type Answer, type ScriptedCloud } from '../support/scripted-cloud.js';

const vm = { type: 'UserVm', id: 'vm-1' } as const;

type Store = Map<string, { key: string; value: string }>;

/** Changes the store as CloudStack would; undefined when it would refuse. */
function change(store: Store, command: string, tags: { key: string; value: string }[]): boolean {
  const fold = (text: string): string => text.toLowerCase();
  if (command === 'createTags') {
    if (tags.some(({ key, value }) => store.has(fold(key)) || value === '')) return false;
    if (new Set(tags.map(({ key }) => fold(key))).size < tags.length) return false;
    for (const tag of tags) store.set(fold(tag.key), tag);
    return true;
  }
  const doomed = tags.filter(({ key, value }) => store.get(fold(key))?.value === value);
  for (const { key } of doomed) store.delete(fold(key));
  return doomed.length > 0;
}

function mapOf(parameters: Readonly<Record<string, string>>): { key: string; value: string }[] {
  const tags: { key: string; value: string }[] = [];
  for (let i = 0; `tags[${i}].key` in parameters; i += 1) {
    tags.push({ key: parameters[`tags[${i}].key`]!, value: parameters[`tags[${i}].value`]! });
  }
  return tags;
}

async function cloudWith(
  tags: Record<string, string>,
  onRequest: (store: Store, command: string) => void = () => undefined,
): Promise<ScriptedCloud & { readonly tags: () => Record<string, string> }> {
  const store: Store = new Map(
    Object.entries(tags).map(([key, value]) => [key.toLowerCase(), { key, value }]),
  );
  let refusal = '';
  const cloud = await scriptedCloud((parameters): Answer => {
    const command = parameters['command'] ?? '';
    onRequest(store, command);
    if (command === 'listTags') return { r: { count: store.size, tag: [...store.values()] } };
    if (command === 'queryAsyncJobResult') {
      const failed = { jobstatus: 2, jobresult: { errorcode: 530, errortext: refusal } };
      return { r: refusal === '' ? { jobstatus: 1, jobresult: { success: true } } : failed };
    }
    const isDone = change(store, command, mapOf(parameters));
    const reason = command === 'createTags' ? 'tag x already on UserVm with id vm-1' : 'Failed';
    refusal = isDone ? '' : reason;
    return { r: { jobid: 'j' } };
  });
  return {
    ...cloud,
    tags: () => Object.fromEntries([...store.values()].map(({ key, value }) => [key, value])),
  };
}

const changes = (cloud: ScriptedCloud): string[] =>
  cloud.requests
    .map(({ command }) => command ?? '')
    .filter((command) => command === 'createTags' || command === 'deleteTags');

test('new tags take one call', async () => {
  await using cloud = await cloudWith({});
  await applyTags(cloud.client, vm, { director: 'd', job: 'db' });
  expect(cloud.tags()).toEqual({ director: 'd', job: 'db' });
  expect(changes(cloud)).toEqual(['createTags']);
});

test('tags that are right already take none', async () => {
  await using cloud = await cloudWith({ job: 'db', mine: 'x' });
  await applyTags(cloud.client, vm, { job: 'db' });
  expect(changes(cloud)).toEqual([]);
});

test('changed tags are deleted and made anew; those of others stay', async () => {
  await using cloud = await cloudWith({ job: 'db', Owner: 'ops', index: '1' });
  await applyTags(cloud.client, vm, { job: 'web', index: '1' });
  expect(cloud.tags()).toEqual({ Owner: 'ops', index: '1', job: 'web' });
  expect(changes(cloud)).toEqual(['deleteTags', 'createTags']);
});

test('a key in another case is the same key', async () => {
  await using cloud = await cloudWith({ Job: 'db' });
  await applyTags(cloud.client, vm, { job: 'web', JOB: 'ignored' });
  expect(cloud.tags()).toEqual({ job: 'web' });
});

test('an empty value removes the tag, and creates none', async () => {
  await using cloud = await cloudWith({ job: 'db' });
  await applyTags(cloud.client, vm, { job: '', index: '' });
  expect(cloud.tags()).toEqual({});
  expect(changes(cloud)).toEqual(['deleteTags']);
});

test('keys and values are cut at 255 characters', async () => {
  await using cloud = await cloudWith({});
  await applyTags(cloud.client, vm, { long: 'x'.repeat(300), ['ü'.repeat(256)]: 'y' });
  expect(cloud.tags()).toEqual({ long: 'x'.repeat(255), ['ü'.repeat(255)]: 'y' });
});

test('characters that the database of tags cannot hold are replaced, the rest stays', async () => {
  await using cloud = await cloudWith({});
  await applyTags(cloud.client, vm, { '🚀 team': 'Grüße, 漢字 💾', odd: `${'y'.repeat(254)}💾` });
  expect(cloud.tags()).toEqual({
    '\uFFFD team': 'Grüße, 漢字 \uFFFD',
    odd: `${'y'.repeat(254)}\uFFFD`,
  });
});

test('somebody tags at the same time: read again, and go on', async () => {
  let isRaced = false;
  await using cloud = await cloudWith({}, (store, command) => {
    if (command !== 'createTags' || isRaced) return;
    isRaced = true;
    store.set('job', { key: 'job', value: 'theirs' });
  });
  await applyTags(cloud.client, vm, { job: 'web' });
  expect(cloud.tags()).toEqual({ job: 'web' });
});

test('somebody takes a tag off at the same time: read again, and go on', async () => {
  let isRaced = false;
  await using cloud = await cloudWith({ job: 'old' }, (store, command) => {
    if (command !== 'deleteTags' || isRaced) return;
    isRaced = true;
    store.delete('job');
  });
  await applyTags(cloud.client, vm, { job: 'web' }, { job: 'old' });
  expect(cloud.tags()).toEqual({ job: 'web' });
});

test('somebody who always is faster: an error, not an endless fight', async () => {
  let n = 0;
  await using cloud = await cloudWith({}, (store, command) => {
    if (command === 'createTags') store.set('job', { key: 'job', value: `theirs ${(n += 1)}` });
  });
  await expect(applyTags(cloud.client, vm, { job: 'web' })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(n).toBe(5);
});

test('tags are read as keys and values', async () => {
  await using cloud = await cloudWith({ a: '1', b: '2' });
  expect(await readTags(cloud.client, vm)).toEqual({ a: '1', b: '2' });
  expect(cloud.requests).toEqual([
    { command: 'listTags', resourcetype: 'UserVm', resourceid: 'vm-1' },
  ]);
});

test('marks name director, agent and purpose', () => {
  expect(marksOf({ directorUuid: 'd', agentId: 'a', purpose: 'vm' })).toEqual({
    'bosh-cpi-director': 'd',
    'bosh-cpi-agent': 'a',
    'bosh-cpi-purpose': 'vm',
  });
  expect(marksOf({ directorUuid: 'd', purpose: 'stemcell' })).not.toHaveProperty('bosh-cpi-agent');
});

const anyTags = fc.dictionary(fc.constantFrom('a', 'A', 'b', 'c'), fc.constantFrom('', '1', '2'));

test('any differences lead from any tags to the wanted ones', () => {
  fc.assert(
    fc.property(anyTags, anyTags, (before, wanted) => {
      const store: Store = new Map();
      for (const [key, value] of Object.entries(before)) {
        if (value !== '') store.set(key.toLowerCase(), { key, value });
      }
      const current = Object.fromEntries([...store.values()].map((t) => [t.key, t.value]));
      const { remove, create } = differences(current, wanted);
      const list = (tags: Readonly<Record<string, string>>): { key: string; value: string }[] =>
        Object.entries(tags).map(([key, value]) => ({ key, value }));
      if (list(remove).length > 0) assert.ok(change(store, 'deleteTags', list(remove)));
      if (list(create).length > 0) assert.ok(change(store, 'createTags', list(create)));
      const after = Object.fromEntries([...store.values()].map((t) => [t.key, t.value]));
      assert.deepEqual(differences(after, wanted), { remove: {}, create: {} });
    }),
  );
});

test('what is new gets its tags in one call, without a look', async () => {
  await using cloud = await cloudWith({});
  await tagNew(cloud.client, vm, { director: 'd', job: 'db' });
  expect(cloud.tags()).toEqual({ director: 'd', job: 'db' });
  expect(cloud.requests.map(({ command }) => command)).not.toContain('listTags');
});

test('tags that are there already, as after a lost answer, are added to', async () => {
  await using cloud = await cloudWith({ director: 'd' });
  await tagNew(cloud.client, vm, { director: 'd', job: 'db' });
  expect(cloud.tags()).toEqual({ director: 'd', job: 'db' });
  expect(changes(cloud)).toEqual(['createTags', 'createTags']);
});

test('tags of somebody else are never taken off what was thought to be new', async () => {
  await using cloud = await cloudWith({ Director: 'another' });
  await expect(tagNew(cloud.client, vm, { director: 'd', job: 'db' })).rejects.toMatchObject({
    kind: 'conflict',
  });
  expect(cloud.tags()).toEqual({ Director: 'another' });
  expect(changes(cloud)).toEqual(['createTags']);
});
