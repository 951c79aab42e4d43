// Proves how the client behaves towards a CloudStack and towards things that are none: an HTTP
// server on loopback plays them, and time is virtual. What matters most: nothing that changes the
// cloud is ever sent twice, and every failure says what to do.
import { expect, test } from '@playwright/test';
import { CloudStackError, isRefusedAtOnce, maskedText } from '../../../cpi/cloudstack/errors.js';
import type { Transport } from '../../../cpi/cloudstack/transport.js';
import { Aborted } from '../../../cpi/flow/errors.js';
import {
  cloudError,
  raw,
  scriptedCloud,
  sendJson,
  testKeys,
  type Answer,
} from '../support/scripted-cloud.js';

const what = 'the test';
const html = raw(200, 'text/html', '<!DOCTYPE html><html><title>Welcome</title></html>');
const reset: Answer = (response) => response.socket?.resetAndDestroy();

async function failureOf(work: Promise<unknown>): Promise<CloudStackError> {
  const failure: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(CloudStackError);
  const error = failure as CloudStackError;
  expect(error.message).not.toContain(testKeys.secretKey);
  expect(error.message).not.toContain(testKeys.apiKey);
  return error;
}

test('a list gives its items; an empty wrapper is an empty list', async () => {
  await using cloud = await scriptedCloud(({ name }) => ({
    listzonesresponse: name === 'zone1' ? { count: 1, zone: [{ id: 'z1', name: 'zone1' }] } : {},
  }));
  expect(await cloud.client.list('listZones', { name: 'zone1' })).toEqual([
    { id: 'z1', name: 'zone1' },
  ]);
  expect(await cloud.client.list('listZones', { name: 'zone2' })).toEqual([]);
  expect(cloud.requests).toHaveLength(2);
});

test('the latest time of the cloud is that of its clock, or of the newest creation where that is later', async () => {
  const noon = Date.parse('2026-01-01T12:00:00Z');
  let date: number | undefined;
  let created = ['2026-01-01T10:00:00+0000', '2026-01-01T12:00:00+0000', '', 'soon'];
  await using cloud = await scriptedCloud(() => (response) => {
    response.sendDate = false;
    if (date !== undefined) response.setHeader('date', new Date(date).toUTCString());
    const volume = created.map((time) => ({ id: 'v', name: 'v', created: time }));
    sendJson(response, 200, { listvolumesresponse: { count: volume.length, volume } });
  });
  const latestMs = async (): Promise<number | undefined> => {
    await cloud.client.list('listVolumes');
    return cloud.client.latestMs();
  };
  expect(cloud.client.latestMs()).toBeUndefined();
  expect(await latestMs()).toBe(noon);
  date = noon - 5_000;
  expect(await latestMs()).toBe(noon);
  date = noon + 5_000;
  created = [];
  expect(await latestMs()).toBe(noon + 5_000);
});

test('a client under another signal knows the time of the cloud, and what it learns the first one knows', async () => {
  let created = '2026-01-01T10:00:00+0000';
  await using cloud = await scriptedCloud(() => (response) => {
    response.sendDate = false;
    const volume = [{ id: 'v', name: 'v', created }];
    sendJson(response, 200, { listvolumesresponse: { count: 1, volume } });
  });
  await cloud.client.list('listVolumes');
  const other = cloud.client.withSignal(new AbortController().signal);
  expect(other.latestMs()).toBe(Date.parse(created));
  created = '2026-01-01T11:00:00+0000';
  await other.list('listVolumes');
  expect(cloud.client.latestMs()).toBe(Date.parse(created));
});

test('a request may be taken for ten minutes, or until it is told to, however often it is sent', async () => {
  const expiries: (string | null)[] = [];
  const answers = [
    { listzonesresponse: {} },
    { associateipaddressresponse: { id: 'a', jobid: 'j' } },
    { queryasyncjobresultresponse: { jobstatus: 1, jobresult: { ipaddress: { id: 'a' } } } },
  ];
  const send: Transport['send'] = ({ body }) => {
    expiries.push(new URLSearchParams(typeof body === 'string' ? body : '').get('expires'));
    const isRefused = expiries.length === 2;
    const answer = isRefused
      ? { associateipaddressresponse: { errorcode: 429, errortext: 'too many requests' } }
      : answers.shift();
    const status = isRefused ? 429 : 200;
    return Promise.resolve({ status, headers: {}, body: JSON.stringify(answer) });
  };
  await using cloud = await scriptedCloud(() => ({}), {
    transport: { close: () => undefined, send },
  });
  const { client, clock } = cloud;
  await client.list('listZones', { name: 'zone1' });
  const validUntilMs = clock.nowMs() + 120_000;
  await client.run('associateIpAddress', { networkid: 'n' }, { what, validUntilMs });
  expect(expiries.slice(0, 3)).toEqual([
    '2026-01-01T00:10:00+0000',
    '2026-01-01T00:02:00+0000',
    '2026-01-01T00:02:00+0000',
  ]);
});

test('a list is paged only when the first answer says that there is more', async () => {
  const all = Array.from({ length: 1100 }, (_, i) => ({ id: `v${i}`, name: `v${i}` }));
  await using cloud = await scriptedCloud(({ page = '1', pagesize = '500' }) => {
    const start = (Number(page) - 1) * Number(pagesize);
    const volume = all.slice(start, start + Number(pagesize));
    return { listvolumesresponse: { count: all.length, volume } };
  });
  expect(await cloud.client.list('listVolumes', { type: 'DATADISK' })).toEqual(all);
  expect(cloud.requests.map(({ page, pagesize }) => [page, pagesize])).toEqual([
    [undefined, undefined],
    ['1', '500'],
    ['2', '500'],
    ['3', '500'],
  ]);
  expect(cloud.requests.every(({ type }) => type === 'DATADISK')).toBe(true);
});

test('pages are as large as the server makes them by itself', async () => {
  const all = Array.from({ length: 250 }, (_, i) => ({ id: `v${i}`, name: 'v' }));
  await using cloud = await scriptedCloud(({ page = '1', pagesize = '100' }) => {
    if (Number(pagesize) > 100) {
      return cloudError(431, "Page size can't exceed max allowed page size value: 100");
    }
    const start = (Number(page) - 1) * Number(pagesize);
    const volume = all.slice(start, start + Number(pagesize));
    return { listvolumesresponse: { count: all.length, volume } };
  });
  expect(await cloud.client.list('listVolumes')).toEqual(all);
});

test('a list that shrinks while it is paged ends', async () => {
  await using cloud = await scriptedCloud(({ page }) =>
    page === '2'
      ? { listvolumesresponse: { count: 700 } }
      : { listvolumesresponse: { count: 700, volume: [{ id: 'a', name: 'a' }] } },
  );
  expect(await cloud.client.list('listVolumes')).toHaveLength(1);
});

test('a sync command gives the object under its key', async () => {
  await using cloud = await scriptedCloud(() => ({
    listcapabilitiesresponse: { capability: { cloudstackversion: '4.20.1.0' } },
  }));
  const capabilities = await cloud.client.call('listCapabilities');
  expect(capabilities.cloudstackversion).toBe('4.20.1.0');
});

test('success: false is a failure', async () => {
  await using cloud = await scriptedCloud(() => ({
    deletevolumeresponse: { success: false, displaytext: 'no' },
  }));
  const error = await failureOf(cloud.client.call('deleteVolume', { id: 'v1' }));
  expect([error.kind, error.text]).toEqual(['internal', 'no']);
});

/** A cloud whose jobs take `polls` looks. */
function jobs(result: object, polls = 2): (parameters: { command?: string }) => Answer {
  let looks = 0;
  return ({ command }) => {
    if (command !== 'queryAsyncJobResult') {
      return { wrapperresponse: { id: 'new-id', jobid: 'job-1' } };
    }
    looks += 1;
    const job = looks < polls ? { jobstatus: 0 } : result;
    return { queryasyncjobresultresponse: { jobid: 'job-1', ...job } };
  };
}

test('jobs on VMs are given seconds, those in the database only a moment', async () => {
  for (const [command, slept] of [
    ['startVirtualMachine', [100, 100, 101]],
    ['createTags', [10, 15, 23]],
  ] as const) {
    const jobresult = { virtualmachine: { id: 'vm' }, success: true };
    await using cloud = await scriptedCloud(jobs({ jobstatus: 1, jobresult }, 3));
    await cloud.client.run(command, {}, { what });
    expect(cloud.clock.sleptMs.map(Math.round), command).toEqual(slept);
  }
});

test('an async command is submitted, announced, waited for and unwrapped', async () => {
  const volume = { id: 'new-id', name: 'disk' };
  await using cloud = await scriptedCloud(jobs({ jobstatus: 1, jobresult: { volume } }, 3));
  const order: string[] = [];
  const result = await cloud.client.run(
    'createVolume',
    { name: 'disk' },
    {
      what,
      onSubmitted: ({ id, jobId }) => order.push(`${id} ${jobId} ${cloud.requests.length}`),
    },
  );
  expect(result).toEqual(volume);
  expect(order).toEqual(['new-id job-1 1']);
  expect(cloud.clock.sleptMs.map(Math.round)).toEqual([10, 15, 23]);
  expect(cloud.observed.map(({ command, outcome }) => `${command} ${outcome}`)).toEqual([
    'createVolume ok',
    'queryAsyncJobResult ok',
    'queryAsyncJobResult ok',
    'queryAsyncJobResult ok',
  ]);
});

test('a failed job fails with its own code and text', async () => {
  const errortext = 'Unable to find volume with ID: 12';
  await using cloud = await scriptedCloud(
    jobs({ jobstatus: 2, jobresultcode: 431, jobresult: { errorcode: 431, errortext } }),
  );
  const error = await failureOf(cloud.client.run('attachVolume', { id: 'v' }, { what }));
  expect(error).toMatchObject({
    kind: 'not-found',
    command: 'attachVolume',
    errorCode: 431,
    text: errortext,
    jobId: 'job-1',
  });
});

test('a job that fails with the code of wrong keys does not fail because of the keys', async () => {
  const jobresult = { errorcode: 401, errortext: 'the host refused it' };
  await using cloud = await scriptedCloud(jobs({ jobstatus: 2, jobresultcode: 401, jobresult }));
  const error = await failureOf(cloud.client.run('attachVolume', { id: 'v' }, { what }));
  expect(error).toMatchObject({ kind: 'internal', errorCode: 401, jobId: 'job-1' });
  expect(error.message).not.toContain('api_key');
});

test('a job that failed without a result was lost with the management server', async () => {
  await using cloud = await scriptedCloud(jobs({ jobstatus: 2, jobresultcode: 530 }));
  const error = await failureOf(cloud.client.run('attachVolume', { id: 'v' }, { what }));
  expect(error.kind).toBe('job-lost');
  expect(error.message).toContain('look before repeating');
});

test('a job that CloudStack does not know any more is lost', async () => {
  const text =
    'Invalid parameter jobid value=job-1 due to incorrect long value format, or entity does not exist';
  await using cloud = await scriptedCloud(({ command }) =>
    command === 'queryAsyncJobResult'
      ? cloudError(431, text)
      : { attachvolumeresponse: { jobid: 'job-1' } },
  );
  const error = await failureOf(cloud.client.run('attachVolume', {}, { what }));
  expect([error.kind, error.command, error.jobId]).toEqual(['job-lost', 'attachVolume', 'job-1']);
});

test('a job result of another shape is no success', async () => {
  await using cloud = await scriptedCloud(jobs({ jobstatus: 1, jobresult: { surprise: 1 } }));
  const error = await failureOf(cloud.client.run('attachVolume', {}, { what }));
  expect(error.kind).toBe('outcome-unknown');
});

test('failing polls do not fail a job', async () => {
  const answer = jobs({ jobstatus: 1, jobresult: { success: true } });
  await using cloud = await scriptedCloud((parameters, nth) => {
    const noDatabase = cloudError(401, 'unable to verify user credentials');
    const broken = [
      ...[reset, html, cloudError(530, maskedText), cloudError(503, 'maintenance')],
      noDatabase,
    ];
    return nth > 1 && nth <= 1 + broken.length ? broken[nth - 2]! : answer(parameters);
  });
  const result = await cloud.client.run('deleteTags', { resourceids: ['a'] }, { what });
  expect(result.success).toBe(true);
  expect(cloud.requests.filter(({ command }) => command === 'deleteTags')).toHaveLength(1);
});

for (const [code, text] of [
  [401, 'unable to verify user credentials and/or request signature'],
  [432, 'The API [queryAsyncJobResult] does not exist'],
] as const) {
  test(`a job that nobody may ask for any more (${code}) may have had an effect`, async () => {
    await using cloud = await scriptedCloud(({ command }) =>
      command === 'queryAsyncJobResult'
        ? cloudError(code, text)
        : { createvolumeresponse: { id: 'v', jobid: 'job-1' } },
    );
    const error = await failureOf(cloud.client.run('createVolume', { name: 'v' }, { what }));
    expect([error.kind, error.jobId]).toEqual(['outcome-unknown', 'job-1']);
    expect(error.message).toContain(text);
    expect(isRefusedAtOnce(error)).toBe(false);
  });
}

test('a job that outlives its deadline is an error, never a success', async () => {
  await using cloud = await scriptedCloud(jobs({ jobstatus: 0 }));
  const error = await failureOf(
    cloud.client.run(
      'startVirtualMachine',
      { id: 'x' },
      { what: 'start of VM x', deadlineMs: 5000 },
    ),
  );
  expect([error.kind, error.jobId]).toEqual(['deadline', 'job-1']);
  expect(error.message).toContain('start of VM x (job job-1) was not finished after 5 s');
});

test('a wait for a job stops when the signal says so', async () => {
  const controller = new AbortController();
  const answer = jobs({ jobstatus: 0 });
  await using cloud = await scriptedCloud(
    (parameters, nth) => {
      if (nth === 3) controller.abort();
      return answer(parameters);
    },
    { signal: controller.signal },
  );
  const stopped = cloud.client.run('stopVirtualMachine', { id: 'x' }, { what });
  await expect(stopped).rejects.toThrow(Aborted);
});

test('a client under another signal works after the first was aborted', async () => {
  await using cloud = await scriptedCloud(() => ({ listzonesresponse: {} }), {
    signal: AbortSignal.abort(),
  });
  await expect(cloud.client.list('listZones')).rejects.toThrow(Aborted);
  const undoing = cloud.client.withSignal(new AbortController().signal);
  expect(await undoing.list('listZones')).toEqual([]);
});

const gone: readonly (readonly [title: string, answer: Answer])[] = [
  ['the connection is reset', reset],
  ['a server answers 500', raw(500, 'text/html', '<html>Internal Server Error</html>')],
  ['a gateway answers 502', raw(502, 'text/html', '<html>Bad Gateway</html>')],
  ['a gateway answers 503', raw(503, 'text/html', '<html>Unavailable</html>')],
  ['a gateway answers 504', raw(504, 'text/html', '<html>Timeout</html>')],
  ['a gateway answers 520', raw(520, 'text/html', '<html>Unknown Error</html>')],
];

for (const [title, answer] of gone) {
  test(`a read is sent again when ${title}`, async () => {
    await using cloud = await scriptedCloud((_, nth) =>
      nth <= 2 ? answer : { listzonesresponse: {} },
    );
    expect(await cloud.client.list('listZones')).toEqual([]);
    expect(cloud.clock.sleptMs).toEqual([250, 500]);
  });

  test(`a change is not sent again when ${title}: its outcome is unknown`, async () => {
    await using cloud = await scriptedCloud(() => answer);
    const error = await failureOf(
      cloud.client.run('deployVirtualMachine', { name: 'vm-1' }, { what }),
    );
    expect(error.kind).toBe('outcome-unknown');
    expect(cloud.requests).toHaveLength(1);
  });
}

test('a change that may be repeated is', async () => {
  await using cloud = await scriptedCloud((_, nth) =>
    nth === 1 ? reset : { deletevolumeresponse: { success: true } },
  );
  await cloud.client.call('deleteVolume', { id: 'v' });
  expect(cloud.requests).toHaveLength(2);
});

test('what CloudStack refused is sent again, changes as well, after the time it asks for', async () => {
  const limit =
    'The given user has reached his/her account api limit, please retry after [1700] ms.';
  await using cloud = await scriptedCloud((_, nth) => {
    if (nth === 1) return cloudError(429, limit);
    if (nth === 2) return cloudError(503, 'Maintenance or shutdown has been initiated');
    return { enablestaticnatresponse: { success: true } };
  });
  await cloud.client.call('enableStaticNat', { ipaddressid: 'i', virtualmachineid: 'v' });
  expect(cloud.clock.sleptMs).toEqual([1700, 500]);
});

test('pauses before another try are spread, by up to half as much again', async () => {
  const slept = async (random: number): Promise<number[]> => {
    await using cloud = await scriptedCloud(() => reset, { random: () => random });
    expect((await failureOf(cloud.client.list('listZones'))).kind).toBe('unreachable');
    return cloud.clock.sleptMs;
  };
  expect(await slept(0)).toEqual([250, 500, 1000, 2000]);
  expect(await slept(0.5)).toEqual([312.5, 625, 1250, 2500]);
});

test('a gateway that is busy says for how long', async () => {
  const busy = (status: number, after: string, date?: string): Answer => {
    return (response) => {
      response.sendDate = false;
      if (date !== undefined) response.setHeader('date', date);
      response.writeHead(status, { 'content-type': 'text/html', 'retry-after': after });
      response.end('<html>Busy</html>');
    };
  };
  const sleptAfter = async (...answers: Answer[]): Promise<number[]> => {
    await using cloud = await scriptedCloud(
      (_, nth) => answers[nth - 1] ?? { listzonesresponse: {} },
    );
    expect(await cloud.client.list('listZones')).toEqual([]);
    return cloud.clock.sleptMs;
  };
  const past = 'Wed, 21 Oct 2015 07:28:00 GMT';
  expect(await sleptAfter(busy(429, '3'), busy(503, '2'), busy(503, past))).toEqual([
    3000, 2000, 1000,
  ]);
  // Time is virtual, and begins with the year.
  expect(await sleptAfter(busy(503, 'Thu, 01 Jan 2026 00:00:07 GMT'))).toEqual([7000]);
  expect(await sleptAfter(busy(503, 'Wed, 21 Oct 2015 07:28:04 GMT', past))).toEqual([4000]);
  expect(await sleptAfter(busy(503, 'Thu, 01 Jan 2026 09:00:00 GMT'))).toEqual([60_000]);
  expect(await sleptAfter(busy(503, 'soon'), busy(503, '-5'))).toEqual([250, 500]);
});

test('trying again has an end', async () => {
  await using cloud = await scriptedCloud(() => reset);
  expect((await failureOf(cloud.client.list('listZones'))).kind).toBe('unreachable');
  expect(cloud.requests).toHaveLength(5);
});

test('errors of CloudStack are not retried', async () => {
  await using cloud = await scriptedCloud(() => cloudError(530, 'boom'));
  const error = await failureOf(cloud.client.list('listZones'));
  expect(error).toMatchObject({ kind: 'internal', errorCode: 530, text: 'boom' });
  expect(cloud.requests).toHaveLength(1);
});

test('wrong keys: the message says which settings to check', async () => {
  await using cloud = await scriptedCloud(() =>
    cloudError(401, 'unable to verify user credentials and/or request signature'),
  );
  const error = await failureOf(cloud.client.list('listZones'));
  expect(error.kind).toBe('auth');
  expect(error.message).toMatch(/api_key and cloudstack\.secret_access_key.*clock/);
});

test('a forbidden command: the message names it', async () => {
  const text = 'The API [expungeVirtualMachine] does not exist or is not available for joe.';
  await using cloud = await scriptedCloud(() => cloudError(432, text));
  const error = await failureOf(cloud.client.run('deleteNetwork', {}, { what }));
  expect(error.kind).toBe('forbidden-api');
  expect(error.message).toMatch(/expungeVirtualMachine.*role of this account/);
});

const strangers: readonly (readonly [title: string, answer: Answer, says: RegExp])[] = [
  ['an HTML page', html, /an HTML page \("Welcome"\)/],
  ['an empty body', raw(200, 'application/json', ''), /an empty body/],
  [
    'half a JSON',
    raw(200, 'application/json', '{"listzonesresponse":{"count":1,"zo'),
    /JSON that breaks off after 35 characters/,
  ],
  ['XML', raw(200, 'text/xml', '<?xml version="1.0"?><listzonesresponse/>'), /XML/],
  ['other JSON', raw(200, 'application/json', '{"ok":true,"version":1}'), /other JSON/],
  ['a JSON list', raw(200, 'application/json', '[]'), /other JSON/],
  ['plain text', raw(404, 'text/plain', 'not here'), /text\/plain/],
  ['a redirect', raw(302, 'text/html', ''), /HTTP 302/],
];

for (const [title, answer, says] of strangers) {
  test(`${title} is no CloudStack: the message names the endpoint`, async () => {
    await using cloud = await scriptedCloud(() => answer);
    const error = await failureOf(cloud.client.list('listZones'));
    expect(error.kind).toBe('not-cloudstack');
    expect(error.message).toMatch(says);
    expect(error.message).toContain(cloud.endpoint);
    expect(error.message).toContain('cloudstack.endpoint');
    expect(cloud.requests).toHaveLength(1);
  });
}

test('credentials in the endpoint do not get into messages', async () => {
  await using cloud = await scriptedCloud(() => html);
  const endpoint = cloud.endpoint.replace('http://', 'http://someone:their-password@');
  await using other = await scriptedCloud(() => html, { endpoint });
  const error = await failureOf(other.client.list('listZones'));
  expect(error.message).toContain(cloud.endpoint);
  expect(error.message).not.toContain('their-password');
});

test('an answer to a change that breaks off leaves its outcome unknown', async () => {
  await using cloud = await scriptedCloud(() =>
    raw(200, 'application/json', '{"deployvirtualmachineresponse":{"id":"'),
  );
  const error = await failureOf(cloud.client.run('deployVirtualMachine', {}, { what }));
  expect(error.kind).toBe('outcome-unknown');
});

test('an answer of another shape is no success', async () => {
  await using cloud = await scriptedCloud(({ command }) =>
    command === 'listZones' ? { r: { zone: {} } } : { r: { surprise: 1 } },
  );
  expect((await failureOf(cloud.client.list('listZones'))).kind).toBe('not-cloudstack');
  expect((await failureOf(cloud.client.run('createVolume', {}, { what }))).kind).toBe(
    'outcome-unknown',
  );
  expect((await failureOf(cloud.client.call('listCapabilities'))).kind).toBe('not-cloudstack');
});

test('nothing listens: unreachable, with the address and what to check', async () => {
  const cloud = await scriptedCloud(() => ({}));
  await cloud[Symbol.asyncDispose]();
  const error = await failureOf(cloud.client.run('deployVirtualMachine', {}, { what }));
  expect(error.kind).toBe('unreachable');
  expect(error.message).toContain('refused the connection');
  expect(error.message).toContain('cloudstack.endpoint');
  expect(cloud.clock.sleptMs).toEqual([250, 500, 1000, 2000]);
});

test('logs name commands and outcomes, never parameters', async () => {
  await using cloud = await scriptedCloud((_, nth) =>
    nth === 1
      ? { updatevirtualmachineresponse: { virtualmachine: { id: 'x' } } }
      : (response) => sendJson(response, 431, { r: { errorcode: 431, errortext: 'no' } }),
  );
  const parameters = { id: 'x', userdata: 'c2VjcmV0' };
  await cloud.client.call('updateVirtualMachine', parameters);
  await failureOf(cloud.client.call('updateVirtualMachine', parameters));
  const log = cloud.logged.join('\n');
  expect(log).toMatch(/updateVirtualMachine ok \d+ ms\n.*updateVirtualMachine invalid \d+ ms/);
  for (const secret of [parameters.userdata, testKeys.secretKey, testKeys.apiKey]) {
    expect(log).not.toContain(secret);
  }
});

test('a job that takes long is told of now and then, a short one never', async () => {
  for (const [looks, told] of [
    [5, 0],
    [195, 1],
  ] as const) {
    let asked = 0;
    await using cloud = await scriptedCloud(({ command }) => {
      if (command !== 'queryAsyncJobResult') return { attachvolumeresponse: { jobid: 'j1' } };
      asked += 1;
      const isDone = asked > looks;
      return {
        queryasyncjobresultresponse: isDone
          ? { jobid: 'j1', jobstatus: 1, jobresult: { volume: { id: 'v1' } } }
          : { jobid: 'j1', jobstatus: 0 },
      };
    });
    await cloud.client.run('attachVolume', { id: 'v1', virtualmachineid: 'vm1' }, { what });
    const lines = cloud.logged.filter((line) => line.includes('is pending for'));
    expect(lines, `${looks} looks`).toHaveLength(told);
    if (told > 0) expect(lines[0]).toMatch(/job j1 of attachVolume is pending for 3\d s$/);
  }
});
