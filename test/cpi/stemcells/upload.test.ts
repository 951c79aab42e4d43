// Proves that an image reaches the secondary storage VM byte for byte, that the template is waited
// for, and that a failure at any step leaves no template behind. One loopback server plays both the
// API and the secondary storage VM.
import { expect, test } from '@playwright/test';
import type { IncomingHttpHeaders } from 'node:http';
import { createNodeTransport } from '../../../cpi/cloudstack/transport-node.js';
import { Saga } from '../../../cpi/flow/saga.js';
import type { StemcellImage } from '../../../cpi/stemcells/image.js';
import { ImageError } from '../../../cpi/stemcells/image-error.js';
import { removeTemplate } from '../../../cpi/stemcells/remove-template.js';
import { uploadTemplate, type UploadRequest } from '../../../cpi/stemcells/upload.js';
import { bodyOf, startServer, startTlsServer } from '../support/loopback-server.js';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import {
  cloudError,
  scriptedCloud,
  type Answer,
  type ScriptedCloud,
} from '../support/scripted-cloud.js';
import { patientClock } from '../support/virtual-clock.js';

const templateId = '00000000-0000-4000-8000-000000000001';
const content = Buffer.alloc(300_000, 'the image ');

const image: StemcellImage = {
  format: 'QCOW2',
  fileName: 'root.qcow2',
  bytes: content.length,
  open: async function* () {
    for (let at = 0; at < content.length; at += 50_000) {
      yield content.subarray(at, at + 50_000);
      await Promise.resolve();
    }
  },
};

interface Upload {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Zone {
  /** What listTemplates says about the template, look by look; the last stays. */
  readonly looks: readonly object[];
  /** How the secondary storage VM takes the upload. */
  readonly post?: 'accept' | 'refuse' | 'lose the answer' | 'break off' | 'time out';
  readonly params?: Answer;
  readonly deleted?: object;
  readonly tls?: boolean;
}

interface Scene extends AsyncDisposable {
  readonly cloud: ScriptedCloud;
  readonly saga: Saga;
  readonly uploads: Upload[];
  upload(changes?: Partial<UploadRequest>): Promise<string>;
  commands(): string[];
}

async function scene(zone: Zone): Promise<Scene> {
  const uploads: Upload[] = [];
  const listen = zone.tls ? startTlsServer.bind(undefined, loopbackTls) : startServer;
  const ssvm = await listen((request, response) => {
    if (zone.post === 'break off') {
      request.once('data', () => request.socket.resetAndDestroy());
      return;
    }
    void bodyOf(request).then((body) => {
      uploads.push({ headers: request.headers, body });
      if (zone.post === 'lose the answer') request.socket.resetAndDestroy();
      else if (zone.post === 'time out') response.writeHead(504).end('<html>');
      else if (zone.post === 'refuse') response.writeHead(400).end('signature validation failed.');
      else response.end('upload successful.');
    });
  });
  let looks = 0;
  const getuploadparams = {
    id: templateId,
    postURL: `${ssvm.url}/upload/u1`,
    metadata: 'the metadata',
    expires: '2026-01-01T12:00:00.000Z',
    signature: 'the signature',
  };
  const cloud = await scriptedCloud((parameters): Answer => {
    switch (parameters['command'] ?? '') {
      case 'getUploadParamsForTemplate':
        return zone.params ?? { postuploadtemplateresponse: { getuploadparams } };
      case 'listTemplates': {
        const item = zone.looks[Math.min(looks, zone.looks.length - 1)];
        looks += 1;
        if (item === undefined) return { listtemplatesresponse: {} };
        const template = { id: templateId, name: 'stemcell-1', ...item };
        return { listtemplatesresponse: { count: 1, template: [template] } };
      }
      case 'listTags':
        return { listtagsresponse: {} };
      case 'createTags':
        return { createtagsresponse: { jobid: 'tags' } };
      case 'deleteTemplate':
        return { deletetemplateresponse: { jobid: 'j' } };
      default: {
        const done = { jobstatus: 1, jobresult: { success: true } };
        const job = parameters['jobid'] === 'tags' ? done : (zone.deleted ?? done);
        return { queryasyncjobresultresponse: job };
      }
    }
  });
  const transport = createNodeTransport();
  const saga = new Saga({ clock: patientClock(), undoWithinMs: 20_000 });
  const request: UploadRequest = {
    image,
    templateName: 'stemcell-1',
    displayText: 'jammy/1',
    zoneId: 'z1',
    hypervisor: 'KVM',
    osTypeId: 'os1',
    requiresHvm: true,
    isPublic: false,
    tags: {},
    readyWithinMs: 120_000,
  };
  return {
    cloud,
    saga,
    uploads,
    upload: (changes) =>
      uploadTemplate(
        { client: cloud.client, transport, saga, newId: () => 'boundary-1' },
        { ...request, ...changes },
      ),
    commands: () => cloud.requests.map(({ command }) => command ?? ''),
    [Symbol.asyncDispose]: async () => {
      transport.close();
      await cloud[Symbol.asyncDispose]();
      await ssvm[Symbol.asyncDispose]();
    },
  };
}

const progress = [
  { isready: false, status: 'NotUploaded' },
  { isready: false, status: 'UploadInProgress' },
  { isready: false, status: '37% Downloaded' },
  { isready: false, status: 'Installing Template' },
  { isready: true, status: 'Download Complete' },
];

test('the image arrives byte for byte and the ready template is returned', async () => {
  await using s = await scene({ looks: progress });
  expect(await s.upload()).toBe(templateId);
  expect(s.cloud.requests[0]).toEqual({
    command: 'getUploadParamsForTemplate',
    name: 'stemcell-1',
    displaytext: 'jammy/1',
    format: 'QCOW2',
    hypervisor: 'KVM',
    zoneid: 'z1',
    ostypeid: 'os1',
    ispublic: 'false',
    requireshvm: 'true',
  });
  const [upload] = s.uploads;
  expect(upload?.headers).toMatchObject({
    'x-signature': 'the signature',
    'x-metadata': 'the metadata',
    'x-expires': '2026-01-01T12:00:00.000Z',
    'content-length': String(upload?.body.length),
  });
  const form = await new Response(new Uint8Array(upload!.body), {
    headers: { 'content-type': upload!.headers['content-type'] ?? '' },
  }).formData();
  const file = [...form.values()][0] as File;
  expect([...form.keys()]).toHaveLength(1);
  expect(file.name).toBe('root.qcow2');
  expect(content.equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
  expect(s.cloud.requests[1]).toEqual({
    command: 'listTemplates',
    templatefilter: 'self',
    id: templateId,
    zoneid: 'z1',
  });
  expect(s.cloud.logged.join('\n')).toContain('uploaded 100 %');
});

test('what happens between the upload and the ready template is told', async () => {
  await using s = await scene({
    looks: [...progress.slice(0, 3), progress[2]!, ...progress.slice(3)],
  });
  await s.upload();
  const afterUpload = s.cloud.logged.slice(
    s.cloud.logged.findIndex((line) => line.startsWith('uploaded 100 %')) + 1,
  );
  expect(afterUpload[0]).toBe('waiting for the secondary storage VM to take the template over');
  const told = afterUpload.flatMap((line) => /is not ready yet: (.*)/.exec(line)?.[1] ?? []);
  expect(told).toEqual(progress.slice(0, 4).map(({ status }) => status));
});

test('a status that stays is told now and then, not at each look', async () => {
  await using s = await scene({ looks: [{ isready: false, status: 'UploadInProgress' }] });
  await expect(s.upload()).rejects.toMatchObject({ kind: 'deadline' });
  const told = s.cloud.logged.filter((line) => line.includes('is not ready yet'));
  const looks = s.commands().filter((name) => name === 'listTemplates');
  // 120 s long, at most every 15 s.
  expect(told.length).toBeGreaterThan(3);
  expect(told.length).toBeLessThanOrEqual(9);
  expect(looks.length).toBeGreaterThan(told.length);
});

test('a template has its tags before its image is sent', async () => {
  await using s = await scene({ looks: progress, post: 'refuse' });
  await expect(s.upload({ tags: { 'bosh-cpi-purpose': 'stemcell' } })).rejects.toThrow();
  expect(s.cloud.requests.find(({ command }) => command === 'createTags')).toMatchObject({
    resourceids: templateId,
    'tags[0].key': 'bosh-cpi-purpose',
  });
});

for (const post of ['lose the answer', 'time out'] as const) {
  test(`an upload is judged by the template when its servers ${post}`, async () => {
    await using s = await scene({ looks: progress, post });
    expect(await s.upload()).toBe(templateId);
    expect(s.uploads).toHaveLength(1);
  });
}

for (const status of ['UploadError', 'UploadAbandoned', 'Failed post download script: no space']) {
  test(`the status "${status}" ends the wait at once, and the template goes`, async () => {
    await using s = await scene({ looks: [{ isready: false, status }] });
    await expect(s.upload()).rejects.toThrow(`ended as "${status}"`);
    expect(s.commands().filter((name) => name === 'listTemplates')).toHaveLength(1);
    expect(await s.saga.undoAll()).toEqual([]);
    const deletion = s.cloud.requests.find(({ command }) => command === 'deleteTemplate');
    expect(deletion).toMatchObject({ id: templateId, forced: 'true' });
  });
}

test('a template that is never ready is an error after the given time', async () => {
  await using s = await scene({ looks: [{ isready: false, status: 'UploadInProgress' }] });
  await expect(s.upload()).rejects.toMatchObject({ kind: 'deadline' });
});

test('a template that somebody deletes meanwhile is an error', async () => {
  await using s = await scene({ looks: [] });
  const failure = s.upload();
  await expect(failure).rejects.toMatchObject({ kind: 'not-found' });
  await expect(failure).rejects.toThrow(/does not exist any more.*somebody has deleted it/);
  expect(await s.saga.undoAll()).toEqual([]);
  expect(s.commands()).not.toContain('deleteTemplate');
});

test('a refusal of the secondary storage VM is passed on, without waiting', async () => {
  await using s = await scene({ looks: progress, post: 'refuse' });
  await expect(s.upload()).rejects.toThrow(/code 400.*signature validation failed\./);
  expect(s.commands()).toEqual(['getUploadParamsForTemplate']);
});

test('an upload that breaks off is not waited for', async () => {
  await using s = await scene({ looks: progress, post: 'break off' });
  const large = { ...image, bytes: 60_000_000, open: repeated };
  await expect(s.upload({ image: large })).rejects.toMatchObject({ kind: 'unreachable' });
  expect(s.commands()).toEqual(['getUploadParamsForTemplate']);
});

async function* repeated(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 200; i += 1) {
    yield content;
    await Promise.resolve();
  }
}

test('an image that is damaged on the way fails as an image', async () => {
  await using s = await scene({ looks: progress });
  // eslint-disable-next-line require-yield -- a file that fails before its first byte
  const open = async function* (): AsyncGenerator<Uint8Array> {
    await Promise.reject(new ImageError('/tmp/image', 'the gzip file is damaged'));
  };
  await expect(s.upload({ image: { ...image, open } })).rejects.toThrow(ImageError);
});

test('a certificate that does not fit: the message names the setting', async () => {
  await using s = await scene({ looks: progress, tls: true });
  await expect(s.upload()).rejects.toThrow(/upload_verify_tls/);
  expect(s.uploads).toHaveLength(0);
});

test('when the answer that names the template is lost, it is found by its name', async () => {
  await using s = await scene({
    looks: [{ isready: false, status: 'NotUploaded' }],
    params: (response) => response.socket?.resetAndDestroy(),
  });
  await expect(s.upload()).rejects.toMatchObject({ kind: 'outcome-unknown' });
  expect(await s.saga.undoAll()).toEqual([]);
  expect(s.cloud.requests[1]).toEqual({
    command: 'listTemplates',
    templatefilter: 'self',
    name: 'stemcell-1',
  });
  expect(s.commands()).toContain('deleteTemplate');
});

test('a template that still waits for its upload cannot be deleted: the error says when', async () => {
  const errortext =
    'The template is either getting uploaded or it may be initiated shortly, please wait for it to be completed';
  await using s = await scene({
    looks: [{ isready: false, status: 'NotUploaded' }],
    post: 'refuse',
    deleted: { jobstatus: 2, jobresult: { errorcode: 431, errortext } },
  });
  await expect(s.upload()).rejects.toThrow(/signature validation failed/);
  const [failure] = await s.saga.undoAll();
  expect(failure?.name).toBe('create template stemcell-1');
  expect(String(failure?.cause)).toMatch(new RegExp(`${templateId}.*upload\\.operation\\.timeout`));
});

test('deleting a template that is gone is a success; another failure is not', async () => {
  const job = (errortext: string): Zone => ({
    looks: [],
    deleted: { jobstatus: 2, jobresult: { errorcode: 431, errortext } },
  });
  await using gone = await scene(job('unable to find template with id 203'));
  await removeTemplate(gone.cloud.client, templateId);
  await using busy = await scene(
    job('Please specify a template that is not currently being downloaded.'),
  );
  await expect(removeTemplate(busy.cloud.client, templateId)).rejects.toMatchObject({
    kind: 'in-use',
  });
});

test('a limit is told as CloudStack tells it', async () => {
  const text = 'exception while registering template: Maximum amount of resources of Type = x';
  await using s = await scene({ looks: [], params: cloudError(530, text) });
  await expect(s.upload()).rejects.toMatchObject({ kind: 'limit' });
});
