import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import { loopbackTls } from '../../contract/loopback-tls.js';

/** What the CPI tells beside its answer: on stderr as it goes, and at the end in `log`. */
export const logCases = [
  contractCase(
    {
      id: 'ENV-12',
      title: 'Purity of stdout',
      proves: 'A call that has much to tell writes one JSON document to stdout and nothing else.',
    },
    async ({ cpi, vmArguments }) => {
      const args = await vmArguments({ properties: { no_such_property: true } });
      const { stderr } = await cpi.call('create_vm', args);
      expect(stderr).toContain('no_such_property');
      const stdout = cpi.calls.at(-1)?.exchange.stdout ?? '';
      expect(stdout).toMatch(/^\{.*\}\n?$/);
      expect(() => JSON.parse(stdout) as unknown).not.toThrow();
    },
  ),
  contractCase(
    {
      id: 'ENV-13',
      title: 'Request id in the log',
      proves: 'The log of a call has the request id that the Director gave it, and none otherwise.',
    },
    async ({ cpi, newId }) => {
      const id = { context: { request_id: 'cpi-987654' } };
      expect((await cpi.call('has_vm', [newId()], id)).log).toContain('cpi-987654');

      const without = { context: { request_id: null } };
      expect((await cpi.call('has_vm', [newId()], without)).log).not.toContain('cpi-');
    },
  ),
  contractCase(
    {
      id: 'ENV-14',
      title: 'Credentials are never logged',
      proves:
        'Keys, passwords and private keys of configuration and request are in no output, not even ' +
        'when the cloud repeats them.',
    },
    async ({ cpi, door, vmArguments }) => {
      const secrets = {
        api_key: 'api-key-0123456789',
        secret_access_key: 'secret-key-0123456789',
      };
      const env = {
        bosh: {
          password: 'password-0123456789',
          mbus: { cert: { private_key: loopbackTls.key } },
        },
      };
      const args = await vmArguments({ env });
      const body = JSON.stringify({
        listzonesresponse: { errorcode: 431, errortext: JSON.stringify([secrets, env, mbus]) },
      });
      door.intercept(() => ({ status: 431, body }));
      const { stderr } = await cpi.call('create_vm', args, { context: secrets });
      const output = `${stderr}${cpi.calls.at(-1)?.exchange.stdout ?? ''}`;
      expect(output).toContain('redacted');
      for (const secret of [
        secrets.api_key,
        secrets.secret_access_key,
        env.bosh.password,
        mbusPassword,
        ...loopbackTls.key.split('\n').slice(1, 3),
      ]) {
        expect(output).not.toContain(secret);
      }
    },
  ),
  contractCase(
    {
      id: 'ENV-15',
      title: 'Requests in the log',
      proves:
        'Each CloudStack command of a call stands on stderr as it goes, and a failure in `log`; ' +
        'neither repeats the other.',
    },
    async ({ cpi, door, createDisk }) => {
      // Some CPIs log requests on demand only. This one always tells their names, and never their
      // parameters; both texts reach the same log, so `log` has none of them.
      await createDisk(1024);
      const { stderr, stdout } = cpi.calls.at(-1)?.exchange ?? { stderr: '', stdout: '' };
      const { log } = JSON.parse(stdout) as { log: string };
      for (const { command } of door.requests) {
        if (command !== 'queryAsyncJobResult') expect(stderr).toContain(command);
        expect(log).not.toContain(command);
      }
      const failed = await cpi.call('create_disk', [1024, { disk_offering: 'none' }, null]);
      expect(failed.log).toContain(failed.error?.message);
    },
  ),
  contractCase(
    {
      id: 'ENV-20',
      title: 'Bytes that are no UTF-8',
      proves:
        'An error text of the cloud that is no UTF-8 ends up in a response that is valid JSON.',
    },
    async ({ cpi, door, newId }) => {
      const head = '{"listvirtualmachinesresponse":{"errorcode":431,"errortext":"caf';
      const bytes = [Buffer.from(head), Buffer.from([0xe9, 0xff, 0x00]), Buffer.from('!"}}')];
      door.intercept(() => ({ status: 431, body: Buffer.concat(bytes) }));
      const { message } = await cpi.error('has_vm', [newId()]);
      expect(message).not.toBe('');
      expect(message.isWellFormed()).toBe(true);
    },
  ),
];

const mbusPassword = 'bus-password';
const mbus = { mbus: `nats://nats:${mbusPassword}@10.0.0.6:4222` };
