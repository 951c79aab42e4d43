// What cannot be sent as recorded gets what stands for it: the image of a stemcell, and the cloud in
// the properties of a cpi-config, whose zone stays. Everything else is sent as it is.
import { expect, test } from '@playwright/test';
import type { CpiRequest } from '../../../bats-runner/director/recording.js';
import { sendable } from '../../../bats-runner/director/sendable.js';

const standIns = {
  imagePath: '/there/image',
  account: { endpoint: 'http://cloud/client/api', apiKey: 'key', secretKey: 'secret' },
};

function request(method: string, context: CpiRequest['context'] = {}): CpiRequest {
  return { method, arguments: ['/gone/image', { name: 'x' }], context, api_version: 2 };
}

test('only create_stemcell gets the image', () => {
  const sent = sendable(request('create_stemcell'), standIns);
  expect(sent).toEqual({
    ...request('create_stemcell'),
    arguments: ['/there/image', { name: 'x' }],
  });
  expect(sendable(request('has_vm'), standIns)).toEqual(request('has_vm'));
});

test('a cpi-config leads to the cloud that there is, under the names of the CPI', () => {
  const recorded = {
    endpoint: 'https://cloud-a.example.com/client/api',
    api_key: 'key-a',
    secret_key: 'not-a-secret-a',
    default_zone: 'zone-2',
  };
  const context = { director_uuid: 'uuid', cloudstack: recorded };
  expect(sendable(request('has_vm', context), standIns).context).toEqual({
    director_uuid: 'uuid',
    cloudstack: {
      endpoint: 'http://cloud/client/api',
      api_key: 'key',
      secret_access_key: 'secret',
      default_zone: 'zone-2',
    },
  });
});
