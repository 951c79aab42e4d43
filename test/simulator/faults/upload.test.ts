// What a fault plan does to an upload: before it is applied the template's URL stays usable, after
// it the image is there though the client does not know; only rules that name /upload come upon it,
// and only effects that make sense on the way to a secondary storage VM.
import { expect, test } from '@playwright/test';
import { FaultPlanError } from '../../../simulator/faults/parse-fault-plan.js';
import type { FaultRuleInput } from '../../../simulator/faults/plan-schema.js';
import { faultyZone, fired } from '../../support/faulty-zone.js';
import type { TestWorld } from '../../support/simulator-client.js';
import {
  formWith,
  overHttp,
  qcow2Image,
  sendRaw,
  uploadHeaders,
  uploadParams,
  uploadStatus,
  type RawAnswer,
  type UploadParams,
} from '../../support/template-uploads.js';

const form = formWith(qcow2Image());
const once = { command: '/upload', times: 1 } as const;
const late = { ...once, phase: 'after-apply-before-reply' } as const;

interface Attempt {
  readonly world: TestWorld;
  readonly params: UploadParams;
  /** Undefined where the connection ended without an answer. */
  readonly answer: RawAnswer | undefined;
  readonly again: RawAnswer | undefined;
}

/** Uploads an image under a plan, and once more. */
async function uploadedTwice(rule: FaultRuleInput): Promise<Attempt> {
  const world = faultyZone([rule]);
  let attempt: Attempt | undefined;
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const send = (): Promise<RawAnswer | undefined> =>
      sendRaw(params.postURL, uploadHeaders(params, form), form).then(
        (one) => (Number.isNaN(one.status) ? undefined : one),
        () => undefined,
      );
    const answer = await send();
    attempt = { world, params, answer, again: await send() };
  });
  return attempt!;
}

test('connection-reset before it is applied: the URL can be used again', async () => {
  const then = { effect: 'connection-reset' } as const;
  const { answer, again, world, params } = await uploadedTwice({ when: once, then });
  expect(answer).toBeUndefined();
  expect(again).toMatchObject({ status: 200, text: 'upload successful.' });
  expect(uploadStatus(world, params.id)).toBe('COMPLETED');
  expect(world.simulator.faults[0]!.last).toMatchObject({
    command: '/upload',
    answered: 'connection-reset',
  });
});

test('connection-reset after it: the image is there, and the URL used up', async () => {
  const then = { effect: 'connection-reset' } as const;
  const { answer, again, world, params } = await uploadedTwice({ when: late, then });
  expect(answer).toBeUndefined();
  expect(again!.status).not.toBe(200);
  expect(uploadStatus(world, params.id)).toBe('COMPLETED');
});

test('truncated-body: half of the text, and the image is there', async () => {
  const then = { effect: 'truncated-body' } as const;
  const { answer, world, params } = await uploadedTwice({ when: once, then });
  expect(answer).toMatchObject({ status: 200, text: 'upload su' });
  expect(answer!.headers.toLowerCase()).toContain('content-length: 18');
  expect(uploadStatus(world, params.id)).toBe('COMPLETED');
});

for (const [when, isThere] of [
  [once, false],
  [late, true],
] as const) {
  test(`proxy-error, the image ${isThere ? 'there' : 'not passed on'}: a page in HTML`, async () => {
    const then = { effect: 'proxy-error' } as const;
    const { answer, again } = await uploadedTwice({ when, then });
    expect(answer!.status).toBe(502);
    expect(answer!.text).toContain('502 Bad Gateway');
    expect(again!.status === 200).toBe(!isThere);
  });
}

test('no-secondary-storage-vm: the connection ends, and nothing more can be uploaded', async () => {
  const then = { effect: 'no-secondary-storage-vm' } as const;
  const { answer, again, world } = await uploadedTwice({ when: once, then });
  expect([answer, again]).toEqual([undefined, undefined]);
  expect(world.simulator.world.zones.all().map((zone) => zone.secondaryStorageVmUp)).toEqual([
    false,
  ]);
});

test('only rules that name /upload, and this template, come upon it', async () => {
  const world = faultyZone([
    { then: { effect: 'proxy-error' }, when: { nth: 2 } },
    { then: { effect: 'proxy-error' }, when: { command: '/upload', resource: 'another' } },
  ]);
  await overHttp(world, async () => {
    const params = uploadParams(world, world.user);
    const answer = await sendRaw(params.postURL, uploadHeaders(params, form), form);
    expect(answer.status).toBe(200);
  });
  expect(fired(world)).toEqual([0, 0]);
});

for (const [rule, text] of [
  [
    { when: { command: '/upload' }, then: { effect: 'applied-twice' } },
    'applied-twice does not come on /upload',
  ],
  [
    { when: { command: '/upload' }, then: { effect: 'unauthorized' } },
    'unauthorized does not come on /upload',
  ],
  [
    { when: { command: '/upload' }, then: { effect: 'job-never-ends' } },
    'job-never-ends does not come on /upload',
  ],
  [
    {
      when: { command: '/upload', phase: 'job-step' },
      then: { effect: 'no-secondary-storage-vm' },
    },
    '/upload has no job',
  ],
] as const) {
  test(`a plan is refused: ${text}`, () => {
    const parse = (): TestWorld => faultyZone([rule]);
    expect(parse).toThrow(FaultPlanError);
    expect(parse).toThrow(text);
  });
}
