// A recording keeps what the CPI asks of a cloud and what that answers, without what differs from run
// to run and without secrets: recordings of two simulators with other ids are equal shape by shape,
// and a field, a type, a state or an error that is changed on the way is found and named.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { sendHttp } from '../../../bats-runner/cloud/http.js';
import { openApiDoor } from '../../../bats-runner/contract/api-door.js';
import { manualNetwork } from '../../../bats-runner/contract/case-tools.js';
import { contractCase, type ContractCase } from '../../../bats-runner/contract/contract-case.js';
import { loopbackTls } from '../../../bats-runner/contract/loopback-tls.js';
import { runCase, type Session } from '../../../bats-runner/contract/run-case.js';
import { compareRecordings, type Comparison } from '../../../bats-runner/record/compare.js';
import {
  comparisonReport,
  type NamedRecording,
} from '../../../bats-runner/record/comparison-report.js';
import { recordInto } from '../../../bats-runner/record/recorder.js';
import { readRecording, type Recording } from '../../../bats-runner/record/recording.js';
import { contractCases } from '../../../bats-runner/specs/cases.js';
import { openSession } from '../contract/in-process-session.js';

/** A whole life in little. */
const life = contractCase(
  { id: 'X-01', title: 'Life', proves: 'Nothing.' },
  async ({ cpi, createVm, createDisk }) => {
    const vm = await createVm();
    const disk = await createDisk(1024, vm);
    await cpi.result('attach_disk', [vm, disk]);
    await cpi.result('snapshot_disk', [disk, {}]);
    await cpi.result('set_vm_metadata', [vm, { deployment: 'd', job: 'j', index: '0' }]);
    await cpi.error('create_disk', [1024, { disk_offering: 'none' }, null]);
  },
);
/** Beside it a case in which answers are made up, and one with a request that is refused. */
const cases = [life, ...contractCases.filter(({ id }) => ['ENV-14', 'VM-16'].includes(id))];

const folders: string[] = [];
let usual: Recording;
test.beforeAll(async () => {
  usual = await recordingOf({ seed: 1 });
});
test.afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

type Account = Session['target']['account'];

/** What stands between the runner and the simulator. */
type Way = (account: Account) => Promise<{ account: Account; close: () => Promise<void> }>;

interface Wishes {
  readonly seed: number;
  readonly behind?: Way;
  readonly cases?: readonly ContractCase[];
}

async function recordingOf(wishes: Wishes): Promise<Recording> {
  return readRecording(await recordedFolder(wishes));
}

async function recordedFolder({ seed, behind, cases: run = cases }: Wishes): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'bats-runner-record-'));
  folders.push(folder);
  const session = await openSession({ seed });
  const way = await behind?.(session.target.account);
  const target = { ...session.target, account: way?.account ?? session.target.account };
  const record = await recordInto(folder, target);
  try {
    // A changed answer may fail a case; it is recorded all the same.
    const work = run.flatMap((one) => one.versions.map((version) => ({ one, version })));
    for (const { one, version } of work) {
      const ended = runCase({ ...session, target, record }, one, version);
      await (behind === undefined ? ended : ended.catch(() => undefined));
    }
  } finally {
    await way?.close();
    await session.close();
  }
  return folder;
}

/** A cloud some of whose answers are otherwise. */
function withAnswers(change: (command: string, answer: string) => string): Way {
  return async (account) => {
    const server = createServer((incoming, outgoing) => {
      void text(incoming).then(async (body) => {
        const url = `${account.endpoint}${new URL(incoming.url ?? '', account.endpoint).search}`;
        const headers = { 'content-type': 'application/x-www-form-urlencoded' };
        const method = incoming.method ?? '';
        const answer = await sendHttp({ url, method, headers, body });
        const query = new URLSearchParams(`${new URL(url).search.slice(1)}&${body}`);
        const changed = change(query.get('command') ?? '', answer.body.toString());
        outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(changed);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      account: { ...account, endpoint: `http://127.0.0.1:${port}/client/api` },
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };
}

/** The same cloud behind TLS with a certificate of an authority of its own. */
const behindTls: Way = async (account) => {
  const { endpoint, close } = await openApiDoor({ ...account, tls: loopbackTls });
  return { account: { ...account, endpoint, caCertificate: loopbackTls.cert }, close };
};

function named(a: Recording, b: Recording): [NamedRecording, NamedRecording] {
  return [
    { name: 'a', recording: a },
    { name: 'b', recording: b },
  ];
}

function told({ differences }: Comparison): string[] {
  return differences.map(({ command, outcome, what }) => `${command}, ${outcome}: ${what}`);
}

test('two simulators of different seeds, one of them behind TLS, differ in nothing', async () => {
  const other = await recordingOf({ seed: 2, behind: behindTls });
  const comparison = compareRecordings(usual, other);
  expect(told(comparison)).toEqual([]);
  expect(comparison.compared.length).toBeGreaterThanOrEqual(3);
  expect(comparison.commands).toBeGreaterThan(15);
  const report = comparisonReport(...named(usual, other), comparison);
  expect(report).toMatch(/^A: a \(simulator, CloudStack 4\.\S+, KVM\)\nB: b /);
  expect(report).toMatch(/\nno difference\n$/);
});

test('what is changed on the way is found and named, and nothing else', async () => {
  const other = await recordingOf({
    seed: 3,
    behind: withAnswers((command, answer) => {
      if (command === 'queryAsyncJobResult') {
        return answer
          .replace(/"vmdisplayname":"[^"]*",?/, '')
          .replace(/"vmstate":"Running"/, '"vmstate":"Up"');
      }
      if (command === 'listVolumes') return answer.replace(/"miniops":(\d+)/g, '"miniops":"$1"');
      if (command === 'deployVirtualMachine') return answer.replace('"jobid"', '"job":"","jobid"');
      return answer;
    }),
  });
  const comparison = compareRecordings(usual, other);
  expect(told(comparison)).toEqual([
    expect.stringMatching(/^attachVolume, job done: \S+\.volume\.vmdisplayname in A only$/),
    expect.stringMatching(/^attachVolume, job done: \S+\.volume\.vmstate is Running in A only$/),
    expect.stringMatching(/^attachVolume, job done: \S+\.volume\.vmstate is Up in B only$/),
    expect.stringMatching(/^deployVirtualMachine, answered: \S+\.job in B only$/),
  ]);
  expect(comparisonReport(...named(usual, other), comparison)).toMatch(
    /^deployVirtualMachine, answered:\n {2}\S+\.job in B only \(.*X-01\.2.*\)$[^]*4 differences\n$/m,
  );
});

test('refusals are compared by status, codes and text, whatever the ids in it', async () => {
  const refused = contractCase(
    { id: 'X-01', title: 'Refused', proves: 'Nothing.' },
    async ({ cpi, offers, address, createVm, vmArguments }) => {
      const networks = { private: manualNetwork(offers.network, address(offers.network)) };
      const vm = await createVm({ networks });
      // Without it the VM would count as a leftover, and make room.
      await cpi.result('set_vm_metadata', [vm, { deployment: 'd', job: 'j', index: '0' }]);
      await cpi.error('create_vm', await vmArguments({ networks }));
    },
  );
  const [first, second, third] = await Promise.all([
    recordingOf({ seed: 4, cases: [refused] }),
    recordingOf({ seed: 8, cases: [refused], behind: withAnswers((_, answer) => answer) }),
    recordingOf({
      seed: 9,
      cases: [refused],
      behind: withAnswers((_, answer) => answer.replace(/"errortext":"/, '$&Sorry: ')),
    }),
  ]);
  expect(told(compareRecordings(first, second))).toEqual([]);
  const differences = told(compareRecordings(first, third)).join('\n');
  expect(differences).toMatch(/^deployVirtualMachine, refused: in A only: 53\d[\d/]*: [^S]/m);
  expect(differences).toMatch(/^deployVirtualMachine, refused: in B only: 53\d[\d/]*: Sorry: /m);
});

test('cases that only one recording has are left out, and told', () => {
  const some = { ...usual, transcripts: new Map([...usual.transcripts].slice(1)) };
  const comparison = compareRecordings(usual, some);
  expect(comparison.onlyInFirst).toEqual([[...usual.transcripts.keys()][0]]);
  expect(comparison.differences).toEqual([]);
  const report = comparisonReport(...named(usual, some), comparison);
  expect(report).toMatch(/left out, because only A has them: /);
});

test('a recording holds no id, date, key or password, even where the cloud repeats one', async () => {
  const password = 'canary-password-0123';
  const secretive = contractCase(
    { id: 'X-02', title: 'Secrets', proves: 'Nothing.' },
    async ({ createVm }) => {
      await createVm({ env: { bosh: { password, mbus: { cert: { private_key: password } } } } });
    },
  );
  let keys: Account | undefined;
  const folder = await recordedFolder({
    seed: 7,
    cases: [secretive, ...cases.filter(({ id }) => id === 'ENV-14')],
    behind: (account) => {
      keys = account;
      const talkative = withAnswers((_, answer) =>
        answer.replace(
          /"displaytext":"/,
          `$&${account.secretKey} ${Buffer.from(account.apiKey).toString('base64')} `,
        ),
      );
      return talkative(account);
    },
  });
  const all = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
  expect(all.length).toBeGreaterThan(2);
  const recorded = all.join('\n');
  expect(recorded).toContain('"command":"deployVirtualMachine"');
  expect(recorded).toContain('"userdata":"<secret>"');
  expect(recorded).toMatch(/"displaytext":"<secret> <secret> /);
  for (const secret of [keys!.apiKey, keys!.secretKey, password, 'bus-password']) {
    for (const spelling of [secret, Buffer.from(secret).toString('base64').slice(2, -4)]) {
      expect(recorded.includes(spelling), spelling).toBe(false);
    }
  }
  expect(recorded).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/);
  expect(recorded).not.toMatch(/\d{4}-\d\d-\d\dT/);
  expect(recorded).not.toMatch(/"(apikey|signature|expires)"/i);
});

test('a folder that is no recording is named with the reason', () => {
  expect(() => readRecording('/nowhere')).toThrow(/\/nowhere\/recording\.json is not of a rec/);
});
