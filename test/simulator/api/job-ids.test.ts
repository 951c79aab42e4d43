// Jobs under an id that the caller wishes for: anybody may wish for one, with every command that has
// a job and no other; what is no uuid, and what another job has, is refused once the rest is done.
import { expect, test } from '@playwright/test';
import {
  asyncCommand,
  asyncCreateCommand,
  done,
  everyRole,
  objectOf,
  succeeded,
  success,
  syncCommand,
} from '../../../simulator/declare/command.js';
import { text } from '../../../simulator/declare/parameter.js';
import { responseObject, stringField } from '../../../simulator/declare/response.js';
import { invalidParameter } from '../../../simulator/world/cloud-exception.js';
import type { OsTypeRow } from '../../../simulator/world/entities.js';
import { smallApi, type SmallApi } from '../../support/small-api.js';
import { assertSound } from '../../support/sound-world.js';

const WISH = '11111111-2222-4333-8444-555555555555';

const createThing = asyncCreateCommand({
  name: 'createThing',
  summary: 'Creates a thing.',
  roles: everyRole,
  parameters: { name: text({ required: true }) },
  response: objectOf(
    responseObject<OsTypeRow>('ostype', { description: stringField((row) => row.description) }),
  ),
  subjectType: 'Thing',
  create: ({ world }, { name }) => {
    if (name === 'bad') throw invalidParameter('no such thing');
    return world.osTypes.insert({ description: name, categoryId: 'Thing' });
  },
  steps: [({ world }, _args, job) => done(world.osTypes.require(job.createdId))],
});

const touchThing = asyncCommand({
  name: 'touchThing',
  summary: 'Does nothing in a job.',
  roles: everyRole,
  parameters: {},
  response: success,
  steps: [() => succeeded],
});

const lookAtThing = syncCommand({
  name: 'lookAtThing',
  summary: 'Does nothing at once.',
  roles: everyRole,
  parameters: {},
  response: success,
  run: () => undefined,
});

const things = ({ world }: SmallApi): string[] =>
  world.osTypes
    .all()
    .filter((row) => row.categoryId === 'Thing')
    .map((row) => row.description);

const small = (): SmallApi => smallApi([createThing, touchThing, lookAtThing]);

for (const account of ['bosh', 'admin']) {
  test(`${account} chooses the id of a job, and asks for the job by it`, () => {
    for (const [command, values] of [
      ['createThing', { name: 'x' }],
      ['touchThing', {}],
    ] as const) {
      const api = small();
      const client = api.clientOf(account);
      expect(client.call(command, { ...values, customjobid: WISH })['jobid']).toBe(WISH);
      expect(client.job(WISH).status).toBe(0);
      api.kernel.advanceUntilIdle();
      expect(client.job(WISH).status).toBe(1);
      assertSound(api);
    }
  });
}

for (const [what, customjobid, problem] of [
  ['no uuid', 'my-job', "doesn't follow the UUID format"],
  ['nothing', '', "doesn't follow the UUID format"],
  ['of another job', WISH, "already exists so can't create/update with custom id"],
] as const) {
  test(`a wished id that is ${what} is refused, and there is no job`, () => {
    const api = small();
    api.clientOf('other').call('touchThing', { customjobid: WISH });
    expect(api.clientOf('bosh').fails('touchThing', { customjobid })).toMatchObject({
      httpStatus: 431,
      errortext: `UUID: ${customjobid} ${problem}`,
    });
    expect(api.world.jobs.all()).toHaveLength(1);
    assertSound(api);
  });
}

test('what a command creates before its job is there although the id of the job is refused', () => {
  const api = small();
  const client = api.clientOf('bosh');
  const refused = client.fails('createThing', { name: 'x', customjobid: 'my-job' });
  expect(refused.errortext).toBe("UUID: my-job doesn't follow the UUID format");
  expect(things(api)).toEqual(['x']);
  expect(api.world.jobs.all()).toEqual([]);
});

test('what the command itself refuses comes first', () => {
  const api = small();
  const refused = api.clientOf('bosh').fails('createThing', { name: 'bad', customjobid: 'my-job' });
  expect(refused.errortext).toBe('no such thing');
  expect(things(api)).toEqual([]);
});

test('the id of a job that is forgotten is free again', () => {
  const api = small();
  const client = api.clientOf('bosh');
  client.call('touchThing', { customjobid: WISH });
  api.kernel.advanceBy(2 * 86_400_000);
  expect(client.call('touchThing', { customjobid: WISH })['jobid']).toBe(WISH);
});

test('the number of an event is read and has no effect', () => {
  const api = small();
  const client = api.clientOf('bosh');
  client.done('touchThing', { starteventid: '7' });
  expect(client.fails('touchThing', { starteventid: 'seven' })).toMatchObject({ httpStatus: 431 });
  expect(api.world.jobs.all()).toHaveLength(1);
});

test('a command without a job takes neither', () => {
  for (const name of ['customjobid', 'starteventid']) {
    const refused = small()
      .clientOf('bosh')
      .fails('lookAtThing', { [name]: WISH });
    expect(refused.errortext).toContain(`the parameter ${name} of lookAtThing`);
  }
});
