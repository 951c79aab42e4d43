import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import type { CpiUnderTest } from '../../contract/cpi-under-test.js';
import { judge } from '../../director/response-rules.js';
import { isObject, type JsonObject, type JsonValue } from '../../json.js';

/** What a response is, whatever was asked and however badly. */
export const envelopeCases = [
  contractCase(
    {
      id: 'ENV-01',
      title: 'Envelope keys',
      proves: 'A response has exactly the keys result, error and log, and the exit code is 0.',
    },
    async ({ cpi, newId }) => {
      for (const [method, args] of [
        ['info', []],
        ['has_vm', [newId()]],
        ['delete_vm', [newId()]],
        ['reboot_vm', [newId()]],
      ] as const) {
        const { document, exitCode } = await cpi.call(method, args);
        expect(Object.keys(document).sort(), method).toEqual(['error', 'log', 'result']);
        expect(exitCode, method).toBe(0);
      }
    },
  ),
  contractCase(
    {
      id: 'ENV-02',
      title: 'Error still exits 0',
      proves: 'A call that fails exits 0 with a null result, an error, and a log that tells of it.',
    },
    async ({ cpi, newId }) => {
      const { error, result, log, exitCode } = await cpi.call('reboot_vm', [newId()]);
      expect(exitCode).toBe(0);
      expect(result).toBeNull();
      expect(error?.message).not.toBe('');
      expect(log).toContain(error?.message);
    },
  ),
  contractCase(
    {
      id: 'ENV-07',
      title: 'Wrong argument count',
      proves: 'A call with too few or too many arguments is refused before anything is sent.',
    },
    async ({ cpi, door, newId }) => {
      for (const [method, args] of [
        ['create_vm', [newId()]],
        ['has_vm', []],
        ['has_vm', [newId(), newId()]],
      ] as const) {
        // CPIs in Ruby say InvalidCall, a type that Directors do not know: for them it is CpiError.
        const { type, message, okToRetry } = await cpi.error(method, args);
        expect(type, method).toBe('Bosh::Clouds::CpiError');
        expect(message, method).toContain('Arguments are not correct');
        expect(okToRetry, method).toBe(false);
      }
      expect(door.requests).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'ENV-08',
      title: 'Unknown method',
      proves: 'A method that the CPI does not have is answered with NotImplemented.',
    },
    async ({ cpi }) => {
      const { type, message } = await cpi.error('zzz', []);
      expect(type).toBe('Bosh::Clouds::NotImplemented');
      expect(message).toContain('zzz');
    },
  ),
  contractCase(
    {
      id: 'ENV-09',
      title: 'Malformed JSON',
      proves: 'Input that is no JSON, or half of one, is answered with CpiError.',
    },
    async ({ cpi }) => {
      for (const input of ['garbage', '', '{"method":"info","arguments":[', '[]', '"info"']) {
        await expectRefusedRequest(cpi, input, /request|JSON|input/i);
      }
    },
  ),
  contractCase(
    {
      id: 'ENV-10',
      title: 'Malformed request',
      proves:
        'A request with a method, arguments, version or context of a wrong kind is answered with ' +
        'CpiError, which names the part.',
    },
    async ({ cpi, newId }) => {
      const good: JsonObject = {
        method: 'has_vm',
        arguments: [newId()],
        context: { director_uuid: newId() },
        api_version: 2,
      };
      const faults: readonly (readonly [string, JsonValue])[] = [
        ['method', 7],
        ['arguments', { vm_cid: newId() }],
        ['api_version', 'two'],
        ['api_version', 1.5],
        ['context', null],
        ['context', {}],
      ];
      for (const [part, value] of faults) {
        const input = JSON.stringify({ ...good, [part]: value });
        await expectRefusedRequest(cpi, input, new RegExp(part));
      }
      expect(await cpi.result('has_vm', [newId()])).toBe(false);
    },
  ),
];

/** The request's fault is told in a response that a Director understands. */
async function expectRefusedRequest(
  cpi: CpiUnderTest,
  input: string,
  message: RegExp,
): Promise<void> {
  const exchange = await cpi.send(input);
  const request = { method: '', arguments: [], context: {} };
  const { complaints, response } = judge('bosh-director', request, exchange);
  expect(complaints, input).toEqual([]);
  expect(exchange.exitCode, input).toBe(0);
  expect(response?.error?.type, input).toBe('Bosh::Clouds::CpiError');
  expect(response?.error?.message, input).toMatch(message);
  expect(isObject(JSON.parse(exchange.stdout) as JsonValue), input).toBe(true);
}
