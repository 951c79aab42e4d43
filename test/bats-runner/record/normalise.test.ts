// What is kept of requests and answers: ids and addresses as references that say of what, the same
// one wherever it comes up again; dates and secrets not at all; everything else as it was.
import { expect, test } from '@playwright/test';
import type { ApiRequest } from '../../../bats-runner/contract/api-door.js';
import { Normaliser } from '../../../bats-runner/record/normalise.js';

const vm = '5d7a1b9c-5a5a-4b6f-9a0e-6f3f7f2f9a11';
const zone = '6e8b2c0d-5a5a-4b6f-9a0e-6f3f7f2f9a12';
const volume = '7f9c3d1e-5a5a-4b6f-9a0e-6f3f7f2f9a13';

function request(command: string, parameters: Record<string, string>): ApiRequest {
  return { command, parameters: new Map(Object.entries(parameters)), status: 200, answer: '' };
}

test('ids become references by the place they were seen at first', () => {
  const normaliser = new Normaliser([]);
  const asked = request('deployVirtualMachine', { zoneid: zone, name: `vm-${vm}` });
  expect(normaliser.parameters(asked)).toEqual({ zoneid: '<zone 1>', name: 'vm-<id 1>' });
  const rows = [{ id: volume, virtualmachineid: vm.toUpperCase(), zoneid: zone, size: 5 }];
  const answer = JSON.stringify({ listvolumesresponse: { count: 1, volume: rows } });
  expect(normaliser.answer('listVolumes', answer)).toEqual({
    listvolumesresponse: {
      count: 1,
      volume: [{ id: '<volume 1>', virtualmachineid: '<id 1>', zoneid: '<zone 1>', size: 5 }],
    },
  });
  const created = JSON.stringify({
    createvolumeresponse: { id: vm.replace('5', '4'), jobid: null },
  });
  expect(normaliser.answer('createVolume', created)).toEqual({
    createvolumeresponse: { id: '<volume 2>', jobid: null },
  });
});

test('addresses, MACs and dates go; versions stay', () => {
  const fields = {
    ipaddress: '10.1.1.7',
    cidr: '10.1.1.7/24',
    macaddress: '02:00:4c:1f:00:0a',
    created: '2026-11-26T20:00:00+0000',
    cloudstackversion: '4.20.1.0',
    note: 'since 2026-11-26T20:00:00Z at 10.1.1.8',
  };
  const answer = JSON.stringify({ r: fields });
  expect(new Normaliser([]).answer('listNics', answer)['r']).toEqual({
    ipaddress: '<address 1>',
    cidr: '<address 1>/24',
    macaddress: '<mac 1>',
    created: '<date>',
    cloudstackversion: '4.20.1.0',
    note: 'since <date> at <address 2>',
  });
});

test('secrets go by their names, and by their values wherever these stand', () => {
  const normaliser = new Normaliser(['top secret']);
  const asked = request('registerTemplate', {
    userdata: 'eyJh',
    url: 'https://me:pass@images.example.com/a.qcow2?token=abc',
    displaytext: `it is top secret, top%20secret, ${Buffer.from('top secret').toString('base64')}`,
  });
  expect(normaliser.parameters(asked)).toEqual({
    userdata: '<secret>',
    url: 'https://images.example.com/a.qcow2?<query>',
    displaytext: 'it is <secret>, <secret>, <secret>',
  });
  const answer = JSON.stringify({ r: { password: 'a', privatekey: 'b', metadata: 'c', pin: 7 } });
  expect(normaliser.answer('createSSHKeyPair', answer)['r']).toEqual({
    password: '<secret>',
    privatekey: '<secret>',
    metadata: '<secret>',
    pin: 7,
  });
});

test('an answer that is no JSON is kept as text', () => {
  const normaliser = new Normaliser([]);
  expect(normaliser.answer('listZones', `<html>${vm}</html>`)).toEqual({
    text: '<html><id 1></html>',
  });
});
