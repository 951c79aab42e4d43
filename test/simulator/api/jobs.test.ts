// Asynchronous jobs: what is answered at once and what later, the shapes of a pending, a succeeded
// and a failed job, queues in which one job waits for another, polling, and when a job is forgotten.
import { expect, test } from '@playwright/test';
import {
  asyncCommand,
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  proceed,
  succeeded,
  success,
  wait,
  type AnyCommand,
} from '../../../simulator/declare/command.js';
import { text } from '../../../simulator/declare/parameter.js';
import { responseObject, stringField } from '../../../simulator/declare/response.js';
import {
  CloudException,
  invalidParameter,
  permissionDenied,
  serverApiError,
} from '../../../simulator/world/cloud-exception.js';
import type { OsTypeRow } from '../../../simulator/world/entities.js';
import { smallApi, type SmallApi } from '../../support/small-api.js';
import { assertSound } from '../../support/sound-world.js';

const osType = responseObject<OsTypeRow>('ostype', {
  id: stringField((row) => row.id),
  description: stringField((row) => row.description),
});

/** Creates an OS type at once; its job takes two waits and renames it. */
const createThing = asyncCreateCommand({
  name: 'createThing',
  summary: 'Creates a thing.',
  roles: everyRole,
  parameters: { name: text({ required: true }) },
  response: objectOf(osType),
  subjectType: 'Thing',
  create: ({ world }, { name }) => {
    if (name === 'bad') throw invalidParameter('no such thing');
    return world.osTypes.insert({ description: name, categoryId: 'Thing' });
  },
  steps: [
    (_context, _args, job) => {
      job.remember({ seen: 'first' });
      return wait('duration.vm.start');
    },
    () => proceed,
    ({ world }, { name }, job) => {
      const row = world.osTypes.require(job.createdId);
      world.osTypes.change(row, { description: `${name} ${job.memo['seen'] as string}` });
      return done(row);
    },
  ],
});

/** Writes its text into the event log when its time has come; jobs of one queue take turns. */
const note = asyncCommand({
  name: 'note',
  summary: 'Notes a text.',
  roles: everyRole,
  parameters: { text: text({ required: true }), queue: text() },
  response: success,
  subject: (args) => ({ type: 'VirtualMachine', id: args.text }),
  queue: (_context, args) => args.queue ?? null,
  steps: [
    () => wait('duration.vm.stop'),
    ({ world }, args) => {
      world.osTypes.insert({ description: args.text, categoryId: 'Note' });
      return succeeded;
    },
  ],
});

function failing(error: unknown): AnyCommand {
  return asyncCommand({
    name: 'fail',
    summary: 'Fails in its job.',
    roles: everyRole,
    parameters: { queue: text() },
    response: success,
    queue: (_context, args) => args.queue ?? null,
    steps: [
      () => {
        throw error;
      },
    ],
  });
}

function notes(api: SmallApi): string[] {
  const noted = api.world.osTypes.all().filter((row) => row.categoryId === 'Note');
  return noted.map((row) => row.description);
}

function submit(api: SmallApi, command: string, values: Record<string, string>): string {
  return api.clientOf('bosh').call(command, values)['jobid'] as string;
}

test('an async command answers with its job, nothing else', () => {
  const api = smallApi([note]);
  const answer = api.clientOf('bosh').send('note', { text: 'a' });
  expect(answer).toEqual({
    status: 200,
    body: { noteresponse: { jobid: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown } },
  });
});

test('an async-create command creates at once, and its job goes on from there', () => {
  const api = smallApi([createThing]);
  const client = api.clientOf('bosh');
  const { id, jobid } = client.call('createThing', { name: 'x' });
  expect(api.world.osTypes.require(id as string).description).toBe('x');
  const pending = client.call('queryAsyncJobResult', { jobid: jobid as string });
  expect(pending).toMatchObject({
    account: 'bosh',
    jobstatus: 0,
    jobprocstatus: 0,
    jobresultcode: 0,
    jobinstancetype: 'Thing',
    jobinstanceid: id,
    created: '2026-01-01T00:00:00+0000',
    jobid,
  });
  for (const later of ['jobresult', 'jobresulttype', 'completed']) {
    expect(pending).not.toHaveProperty(later);
  }
  api.kernel.advanceUntilIdle();
  expect(client.call('queryAsyncJobResult', { jobid: jobid as string })).toMatchObject({
    jobstatus: 1,
    jobprocstatus: 0,
    jobresultcode: 0,
    jobresulttype: 'object',
    jobresult: { ostype: { id, description: 'x first' } },
    completed: '2026-01-01T00:00:04+0000',
  });
});

test('what create refuses is an HTTP error, and no job exists', () => {
  const api = smallApi([createThing]);
  const before = api.kernel.log.lastSeq;
  for (const values of [{ name: 'bad' }, {}]) {
    expect(api.clientOf('bosh').fails('createThing', values)).toMatchObject({
      httpStatus: 431,
      wrapper: 'createthingresponse',
    });
  }
  expect(api.kernel.log.lastSeq).toBe(before);
  expect(api.world.jobs.all()).toEqual([]);
});

test('a success without an object says so', () => {
  const outcome = smallApi([note]).clientOf('bosh').run('note', { text: 'a' });
  expect(outcome).toMatchObject({ status: 1, resultcode: 0, result: { success: true } });
});

test.describe('failures in a job have two keys, the real text, and few codes', () => {
  for (const [error, code, errortext] of [
    [invalidParameter('bad value'), 431, 'bad value'],
    [serverApiError(533, 'no room'), 533, 'no room'],
    [permissionDenied('not yours'), 530, 'not yours'],
    [new CloudException('ResourceAllocationException', 'a limit'), 530, 'a limit'],
    [new CloudException('InsufficientCapacityException', 'no host'), 530, 'no host'],
    [new CloudException('CloudRuntimeException', 'a reason'), 530, 'a reason'],
  ] as const) {
    test(`${error.exception}: ${code}`, () => {
      const api = smallApi([failing(error)]);
      expect(api.clientOf('bosh').run('fail')).toMatchObject({
        status: 2,
        resultcode: code,
        result: { errorcode: code, errortext },
      });
      expect(api.faults).toEqual([]);
      assertSound(api);
    });
  }

  test('a mistake of the simulator fails the job and is reported', () => {
    const mistake = new TypeError('x is not a function');
    const api = smallApi([failing(mistake)]);
    expect(api.clientOf('bosh').run('fail').result).toEqual({
      errorcode: 530,
      errortext: 'Unexpected exception: TypeError: x is not a function',
    });
    expect(api.faults).toEqual([mistake]);
  });
});

test.describe('queues', () => {
  test('jobs of one queue run one after the other, others beside them', () => {
    const api = smallApi([note]);
    submit(api, 'note', { text: 'a', queue: 'vm:1' });
    submit(api, 'note', { text: 'b', queue: 'vm:1' });
    submit(api, 'note', { text: 'c', queue: 'vm:2' });
    submit(api, 'note', { text: 'd' });
    api.kernel.advanceBy(2_600);
    expect(notes(api)).toEqual(['a', 'c', 'd']);
    assertSound(api);
    api.kernel.advanceBy(2_600);
    expect(notes(api)).toEqual(['a', 'c', 'd', 'b']);
  });

  test('both show as pending while one waits for the other', () => {
    const api = smallApi([note]);
    const jobs = ['a', 'b'].map((name) => submit(api, 'note', { text: name, queue: 'q' }));
    const states = (): number[] => jobs.map((jobid) => api.clientOf('bosh').job(jobid).status);
    expect(states()).toEqual([0, 0]);
    api.kernel.advanceBy(2_600);
    expect(states()).toEqual([1, 0]);
    api.kernel.advanceUntilIdle();
    expect(states()).toEqual([1, 1]);
  });

  test('a job that fails lets the next one run', () => {
    const api = smallApi([failing(invalidParameter('no')), note]);
    submit(api, 'fail', { queue: 'q' });
    submit(api, 'note', { text: 'after', queue: 'q' });
    api.kernel.advanceUntilIdle();
    expect(notes(api)).toEqual(['after']);
    assertSound(api);
  });

  test('polling a job that waits moves the one that it waits for', () => {
    const api = smallApi([note], { clock: 'on-poll' });
    const [first, second] = ['a', 'b'].map((name) =>
      submit(api, 'note', { text: name, queue: 'q' }),
    );
    let polls = 0;
    while (api.clientOf('bosh').job(second!).status === 0 && polls < 10) polls += 1;
    expect(notes(api)).toEqual(['a', 'b']);
    expect(polls).toBe(3);
    expect(api.clientOf('bosh').job(first!).status).toBe(1);
  });
});

test.describe('who may see a job', () => {
  test('its owner and root admins', () => {
    const api = smallApi([note]);
    const jobid = submit(api, 'note', { text: 'a' });
    expect(api.clientOf('admin').job(jobid).status).toBe(0);
    expect(api.clientOf('other').fails('queryAsyncJobResult', { jobid })).toMatchObject({
      httpStatus: 531,
      wrapper: 'queryasyncjobresultresponse',
    });
  });

  test('an unknown job has the text of an unknown id', () => {
    const jobid = '11111111-2222-4333-8444-555555555555';
    expect(
      smallApi([]).clientOf('bosh').fails('queryAsyncJobResult', { jobid }).errortext,
    ).toContain(
      `Unable to execute API command queryasyncjobresult due to invalid value. Invalid parameter jobid value=${jobid} due to incorrect long value format`,
    );
  });
});

test.describe('expiry', () => {
  const DAY_MS = 86_400_000;

  test('a job is forgotten a day after it ended, and not before', () => {
    const api = smallApi([note]);
    const jobid = submit(api, 'note', { text: 'a' });
    api.kernel.advanceUntilIdle();
    api.kernel.advanceBy(DAY_MS - 1);
    expect(api.clientOf('bosh').job(jobid).status).toBe(1);
    api.kernel.advanceBy(1);
    expect(api.clientOf('bosh').fails('queryAsyncJobResult', { jobid }).httpStatus).toBe(431);
    expect(api.kernel.pendingTasks).toBe(0);
  });

  test('a job that never ended goes a day after its submission, and the next of its queue runs', () => {
    const api = smallApi([note]);
    api.world.settings.set('duration.vm.stop', 2 * DAY_MS);
    const jobid = submit(api, 'note', { text: 'a', queue: 'q' });
    api.kernel.advanceBy(DAY_MS / 2);
    api.world.settings.set('duration.vm.stop', 1_000);
    const next = submit(api, 'note', { text: 'b', queue: 'q' });
    api.kernel.advanceBy(DAY_MS / 2);
    expect(api.clientOf('bosh').fails('queryAsyncJobResult', { jobid }).httpStatus).toBe(431);
    api.kernel.advanceBy(2_000);
    expect(api.clientOf('bosh').job(next).status).toBe(1);
    api.kernel.advanceBy(2 * DAY_MS);
    expect(notes(api)).toEqual(['b']);
    expect(api.faults).toEqual([]);
  });
});

test('credentials and values of a request never reach the event log', () => {
  const api = smallApi([note]);
  submit(api, 'note', { text: 'a very private text' });
  const log = JSON.stringify(
    api.kernel.log.after(0).filter((event) => event.entity === 'asyncjob'),
  );
  expect(log).toContain('(secret)');
  expect(api.world.jobs.all()[0]!.parameters).toEqual({
    command: 'note',
    response: 'json',
    text: 'a very private text',
  });
  for (const secret of ['bosh-key', 'bosh-secret', '"parameters":{']) {
    expect(log).not.toContain(secret);
  }
});
