// Proves that the job of every asynchronous command tells what it is about as CloudStack's does: the
// type of the resource and which of the request's parameters names it, or nothing at all.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { commands } from '../../../../simulator/commands/index.js';
import type { AnyCommand } from '../../../../simulator/declare/command.js';

type Subject = readonly [type: string, parameter: string] | null;

const file = new URL('../../../vectors/api/job-subjects.json', import.meta.url);
const { subjects } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly subjects: Readonly<Record<string, Subject>>;
};

/** What a command says when every parameter is a resource whose id is the parameter's name. */
function subjectOf(command: AnyCommand): Subject {
  if (command.kind === 'sync') throw new Error(`${command.name} has no job`);
  if (command.kind === 'async-create') return [command.subjectType, 'created'];
  const named = Object.keys(command.parameters).map((name) => [name, { id: name }]);
  const subject = command.subject?.(Object.fromEntries(named) as never);
  return subject === undefined ? null : [subject.type, subject.id];
}

const asynchronous = commands.filter(({ kind }) => kind !== 'sync');

test('every job tells what it is about as in CloudStack', () => {
  expect(asynchronous.length).toBeGreaterThan(60);
  const told = Object.fromEntries(
    asynchronous.map((command) => [command.name, subjectOf(command)]),
  );
  const expected = asynchronous.map(({ name }) => [name, subjects[name]]);
  expect(told).toEqual(Object.fromEntries(expected));
});

test('a command is asynchronous exactly where it is in CloudStack', () => {
  const names = asynchronous.map(({ name }) => name);
  const known = commands.map(({ name }) => name).filter((name) => Object.hasOwn(subjects, name));
  expect(names.sort()).toEqual(known.sort());
});
