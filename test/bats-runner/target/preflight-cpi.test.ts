// A CPI that cannot be run, hangs, dies or prints nonsense is told before the first case, with what it
// printed, and without the secrets of its configuration; one that answers, if only an error, is tried.
import { expect } from '@playwright/test';
import { prepareRun } from '../../../bats-runner/contract/contract-run.js';
import { lookAtCpi } from '../../../bats-runner/target/preflight-cpi.js';
import { host, test } from '../support.js';

const configuration = { registry: { password: 'registry-password-1' } };

function lookAt(command: string, withinMs = 60_000): Promise<void> {
  const { environment, nowMs } = host;
  const { signal } = new AbortController();
  return lookAtCpi({ command, configuration, environment, nowMs, withinMs, signal });
}

const error = '{"type":"Bosh::Clouds::CpiError","message":"no","ok_to_retry":false}';

for (const [what, command] of [
  [
    'info',
    `sh -c 'echo "{\\"result\\":{\\"stemcell_formats\\":[\\"x\\"]},\\"error\\":null,\\"log\\":\\"\\"}"'`,
  ],
  ['an error', `printf '%s' '{"result":null,"error":${error},"log":""}'`],
] as const) {
  test(`a CPI that answers ${what} is tried`, async () => {
    await lookAt(command);
  });
}

for (const [what, command, message] of [
  ['is not there', './my-cpi {config}', /stdout is empty; its exit code is 127; stderr: .*my-cpi/],
  ['dies', `sh -c 'kill -9 $$'`, /stdout is empty; it was ended by a signal; nothing on stderr/],
  ['prints nonsense', `echo hello`, /stdout is not one JSON document: "hello.*its exit code is 0/],
  ['prints its configuration', `cat {config}`, /the key "result" is missing/],
  ['prints it on stderr', `sh -c 'cat "$0" >&2' {config}`, /stdout is empty.*"<secret>"/s],
] as const) {
  test(`a CPI that ${what} is told`, async () => {
    const failure = await lookAt(command).catch((reason: unknown) => reason as Error);
    expect(failure?.message).toMatch(/^the CPI does not answer info: .*absolute paths\.$/s);
    expect(failure?.message).toMatch(message);
    expect(failure?.message).not.toContain('registry-password-1');
  });
}

test('a CPI that hangs is ended, and told', async () => {
  await expect(lookAt('sleep 600', 100)).rejects.toThrow(/it had not answered within 0\.1 s/);
});

test('the keys of nobody, which it is given, are no words that it may say by itself', async ({
  folder,
}) => {
  const { environment, nowMs } = host;
  const cpi = `sh -c 'echo "NoneType has no key" >&2'`;
  const wishes = { target: 'simulator', cpi, output: folder } as const;
  const none = { config: undefined, cpiTemplate: undefined, workers: undefined };
  const { signal } = new AbortController();
  const looking = { signal, tell: () => undefined, environment, nowMs };
  await expect(
    prepareRun({ ...wishes, ...none }, { package: '0', node: '0' }, 'run', looking),
  ).rejects.toThrow('stderr: NoneType has no key');
});
