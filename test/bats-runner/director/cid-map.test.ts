// CIDs of a recording become those of the run wherever they stand in later arguments, and nothing
// else is changed.
import { expect, test } from '@playwright/test';
import { CidMap, cidsIn } from '../../../bats-runner/director/cid-map.js';
import type { CpiRequest, RecordedCall } from '../../../bats-runner/director/recording.js';

function recorded(method: string, result: RecordedCall['response']['result']): RecordedCall {
  return {
    caller: 'bosh-cli',
    request: { method, arguments: [], context: {} },
    response: { result, error: null, log: '' },
  };
}

function requestWith(method: string, ...args: CpiRequest['arguments']): CpiRequest {
  return { method, arguments: args, context: { director_uuid: 'old-vm' } };
}

test('results of create_* are learnt in every shape', () => {
  const cids = new CidMap();
  cids.learn(recorded('create_stemcell', 'old-stemcell'), 'new-stemcell');
  cids.learn(recorded('create_disk', 'old-disk'), 'new-disk');
  cids.learn(recorded('create_vm', ['old-vm', { net: {} }]), ['new-vm', {}]);
  cids.learn(recorded('create_network', ['old-net', {}, {}]), ['new-net', {}, {}]);
  cids.learn(recorded('snapshot_disk', 'old-snapshot'), 'new-snapshot');
  cids.learn(recorded('attach_disk', 'not-learnt'), 'x');
  const { arguments: args } = cids.apply(
    requestWith('create_vm', 'agent', 'old-stemcell', { name: 'old-net' }, {}, ['old-disk'], {
      deep: [{ vm: 'old-vm' }],
    }),
  );
  expect(args).toEqual([
    'agent',
    'new-stemcell',
    { name: 'new-net' },
    {},
    ['new-disk'],
    { deep: [{ vm: 'new-vm' }] },
  ]);
  expect(cids.apply(requestWith('x', 'old-snapshot')).arguments).toEqual(['new-snapshot']);
  expect(cids.has('not-learnt')).toBe(false);
});

test('a version may answer a CID where the recording has a list, and the other way round', () => {
  const cids = new CidMap();
  cids.learn(recorded('create_vm', 'old-1'), ['new-1', {}]);
  cids.learn(recorded('create_vm', ['old-2', {}]), 'new-2');
  expect(cids.apply(requestWith('x', 'old-1', 'old-2')).arguments).toEqual(['new-1', 'new-2']);
});

test('a VM in a network that was made gets the cloud_properties that its creation gave', () => {
  const cids = new CidMap();
  const properties = { name: 'new-net', zone: 'z' };
  cids.learn(recorded('create_network', ['old-net', {}, { name: 'old-net' }]), [
    'new-net',
    {},
    properties,
  ]);
  const networks = {
    made: { type: 'manual', cloud_properties: { name: 'old-net' } },
    other: { type: 'manual', cloud_properties: { name: 'other' } },
  };
  const request = cids.apply(requestWith('create_vm', 'agent', 'stemcell', {}, networks, [], {}));
  expect(request.arguments[3]).toEqual({
    ...networks,
    made: { type: 'manual', cloud_properties: properties },
  });
});

test('a disk that update_disk replaced has the new CID from then on', () => {
  const cids = new CidMap();
  cids.set('old-disk', 'new-disk');
  const update = recorded('update_disk', null);
  const call = { ...update, request: requestWith('update_disk', 'old-disk', 2048, {}) };
  cids.learn(call, null);
  expect(cids.actual('old-disk')).toBe('new-disk');
  cids.learn(call, 'newer-disk');
  expect(cids.actual('old-disk')).toBe('newer-disk');
  expect(cids.recordedFor('newer-disk')).toEqual(['old-disk']);
});

test('keys, parts of texts and the context stay', () => {
  const cids = new CidMap();
  cids.set('old-vm', 'new-vm');
  const request = requestWith('x', { 'old-vm': 'the old-vm there' }, 3, null, true);
  expect(cids.apply(request)).toEqual(request);
});

test('the CIDs that a request names are known by kind', () => {
  expect(cidsIn(requestWith('attach_disk', 'vm', 'disk'))).toEqual([
    { cid: 'vm', kind: 'vm' },
    { cid: 'disk', kind: 'disk' },
  ]);
  expect(cidsIn(requestWith('create_disk', 1024, {}, 'vm'))).toEqual([{ cid: 'vm', kind: 'vm' }]);
  expect(cidsIn(requestWith('create_disk', 1024, {}, null))).toEqual([]);
  expect(cidsIn(requestWith('create_vm', 'a', 's', {}, {}, ['d-1', 'd-2'], {}))).toEqual([
    { cid: 's', kind: 'stemcell' },
    { cid: 'd-1', kind: 'disk' },
    { cid: 'd-2', kind: 'disk' },
  ]);
  expect(cidsIn(requestWith('delete_snapshot', 's'))).toEqual([{ cid: 's', kind: 'snapshot' }]);
  expect(cidsIn(requestWith('delete_network', 'n'))).toEqual([{ cid: 'n', kind: 'network' }]);
  expect(cidsIn(requestWith('info'))).toEqual([]);
});
