// CPIs that break promises about envelope, protocol and configuration.
import {
  answers,
  argument,
  asked,
  errs,
  first,
  gives,
  insteadOf,
  swallows,
  withVersion,
  type BrokenCpis,
} from '../broken-cpi.js';

export const brokenEnvelope: BrokenCpis = {
  'ENV-01': [
    'has one key more',
    answers((response) => ({ ...response, more: true })),
    /^info; .*more/,
  ],
  'ENV-02': [
    'exits 1 after an error',
    gives(({ stdout }) => ({ exitCode: stdout.includes('"error":{') ? 1 : 0 })),
    'expect(exitCode).toBe(0)',
  ],
  'ENV-03': ['takes a refusal for absence', swallows(false), 'expect(result).toBeNull()'],
  'ENV-04': [
    'repeats the wrong key',
    errs((error, { context }) => ({ ...error, message: `${error.message} ${context.api_key}` })),
    'expect(message).not.toMatch(/wrong-/)',
  ],
  'ENV-05': [
    'needs no configuration to know',
    swallows(false),
    'it should fail, and answered false',
  ],
  'ENV-06': [
    'ignores the context',
    asked(({ context: { director_uuid, request_id }, ...request }) => ({
      ...request,
      context: { director_uuid, request_id },
    })),
    'Invalid CPI configuration',
  ],
  'ENV-07': [
    'ignores arguments that are too many',
    asked((request) => ({ ...request, arguments: request.arguments.slice(0, 1) })),
    'it should fail, and answered false',
  ],
  'ENV-08': ['has every method', insteadOf('zzz'), 'it should fail, and answered null'],
  'ENV-09': [
    'dies of garbage',
    gives((exchange, input) => (input.startsWith('{"method":"has') ? exchange : { stdout: '' })),
    /^garbage; .*stdout is empty/,
  ],
  'ENV-10': [
    'rounds versions',
    asked((request) => ({
      ...request,
      api_version: Math.floor(Number(request.api_version)) || request.api_version,
    })),
    /Expected: "Bosh::Clouds::CpiError"; Received: undefined/,
  ],
  'ENV-11': [
    'needs a home',
    gives((_exchange, _input, { environment }) =>
      environment['HOME'] === undefined ? { stdout: '' } : {},
    ),
    'stdout is empty',
  ],
  'ENV-12': [
    'talks on stdout',
    gives(({ stdout, stderr }) => ({ stdout: `${stderr}${stdout}` })),
    /stdout is not one JSON document: "\[cpi-\d+ create_stemcell/,
  ],
  'ENV-13': [
    'forgets the request id',
    answers((response) => ({ ...response, log: response.log.replace(/cpi-\d+/, '') })),
    "expect((await cpi.call('has_vm', [newId()], id)).log).toContain('cpi-987654')",
  ],
  'ENV-14': [
    'logs its request',
    gives(({ stderr }, input) => ({ stderr: `${stderr}${input}` })),
    'expect(output).not.toContain(secret)',
  ],
  'ENV-15': [
    'tells everything twice',
    gives(({ stdout, stderr }) => ({
      stdout: JSON.stringify({ ...JSON.parse(stdout), log: stderr }),
    })),
    'expect(log).not.toContain(command)',
  ],
  'ENV-16': ['adds a protocol by itself', swallows(false), 'it should fail, and answered false'],
  'ENV-17': [
    'takes another zone',
    asked((request) => ({ ...request, context: { ...request.context, default_zone: 'zone1' } })),
    /it should fail, and answered "\S+"/,
  ],
  'ENV-18': [
    'takes a bad certificate for absence',
    swallows(false),
    'it should fail, and answered false',
  ],
  'ENV-20': [
    'passes on half characters',
    errs((error) => ({ ...error, message: '\ud83d' })),
    'expect(message.isWellFormed()).toBe(true)',
  ],
  'ENV-21': [
    'knows its version only when told one',
    answers((response, { api_version }) =>
      api_version === undefined ? withVersion(response, 1) : response,
    ),
    'for (const answer of answers) expect(answer).toEqual(first)',
  ],
  'ENV-22': [
    'asks the cloud before info',
    first('info', () => ({ method: 'has_vm', arguments: ['any'] })),
    'expect(door.requests).toEqual([])',
  ],
  'ENV-23': [
    'takes bad weather for absence',
    swallows(false),
    'it should fail, and answered false',
  ],
  'ENV-24': [
    'makes all disks of one size',
    argument('create_disk', 0, () => 1024),
    "expect(Number(volume?.['size'])).toBe((index + 1) * 1024 ** 3)",
  ],
};
