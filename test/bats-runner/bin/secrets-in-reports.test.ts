// Whatever a CPI prints of its configuration, and wherever, no report has it: not as it was, nor in
// JSON, in URLs, in Base64; on stdout, on stderr, in HTML, JSON, JUnit, receipt, attachments, worlds.
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { createSimulator } from '../../../simulator/simulator.js';
import { openCloud } from '../contract/in-process-cloud.js';
import { test } from '../support.js';
import { allFilesIn, start } from './program.js';

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** What the template of the CPI's configuration holds beside the keys of the account. */
const own = {
  'of the message bus': 'bus+pass&word',
  'of the registry': 'registry "pass" word/1',
  'of the blobstore': 'blobstore-secret-0123456789',
};

const template = {
  cloudstack: {
    endpoint: '{endpoint}',
    api_key: '{api_key}',
    secret_access_key: '{secret}',
    default_key_name: 'vcap',
    private_key: privateKey,
  },
  agent: {
    mbus: `nats://nats:${encodeURIComponent(own['of the message bus'])}@10.0.0.6:4222`,
    blobstore: { provider: 'dav', options: { user: 'agent', secret: own['of the blobstore'] } },
  },
  registry: { host: '10.0.0.6', port: 25777, user: 'admin', password: own['of the registry'] },
};

/** A CPI that prints all that it knows, in each way that it can: as its error, or instead of it. */
const talkative = `
const fs = require('node:fs');
const config = fs.readFileSync(process.argv[2], 'utf8');
const packed = Buffer.from(config).toString('base64');
const all = [config, packed, packed.replace(/.{76}/g, '$&\\n'), encodeURIComponent(config)].join(' ');
const { method } = JSON.parse(fs.readFileSync(0, 'utf8'));
process.stderr.write(all);
const error = { type: 'Bosh::Clouds::CloudError', message: all, ok_to_retry: false };
const answer = { result: method === 'has_disk' ? all : null, error, log: all };
if (method === 'has_disk') answer.error = null;
// Wherever what was printed is cut off, it may be in the middle of a secret.
const beginning = 'x'.repeat(95 - config.indexOf('"api_key"') % 90);
process.stdout.write(method === 'has_vm' ? beginning + all : JSON.stringify(answer));
`;

for (const target of ['cloud', 'simulator'] as const) {
  test(`a CPI that tells all, on a ${target}`, async ({ folder }) => {
    const cloud = await openCloud();
    const config = join(folder, 'cloud.json');
    writeFileSync(config, JSON.stringify(cloud.file));
    writeFileSync(join(folder, 'template.json'), JSON.stringify(template));
    writeFileSync(join(folder, 'cpi.cjs'), talkative);
    const out = join(folder, 'out');
    const { stdout, stderr, exitCode } = await start(
      ...['contract', '--target', target, '--config', config, '--output', out],
      ...['--cpi-config', join(folder, 'template.json')],
      ...['--cpi', `${process.execPath} ${join(folder, 'cpi.cjs')} {config}`],
      // An error that should not be, a result of a wrong kind, nonsense, and expectations.
      ...['--case', 'DSK-01', 'DSK-02', 'VM-02', 'STM-05', 'ERR-15'],
    ).ended;
    const { simulator } = cloud;
    const user = simulator.userWithRole('User');
    const keys = target === 'cloud' ? [user] : [user, simulator.userWithRole('Admin')];
    await cloud.close();
    expect(exitCode, stdout + stderr).toBe(1);
    expect(stdout).toMatch(/ 5 failed/);
    const secrets = [
      ...keys.flatMap(({ apiKey, secretKey }) => [apiKey, secretKey]),
      ...Object.values(own),
      ...privateKey.split('\n').slice(1, -2),
    ];
    const texts = [['stdout', stdout], ['stderr', stderr], ...allFilesIn(out).map(readReport)];
    for (const [name = '', text = ''] of texts) {
      expect(
        secrets.filter((secret) => isIn(text, secret)),
        name,
      ).toEqual([]);
    }
    const names = texts.map(([name = '']) => name);
    expect(names.join()).toMatch(/receipt\.md.*/);
    const whole = texts.map(([, text]) => text).join('\n');
    expect(whole).toContain('<secret>');
    if (target === 'simulator') expectLoadableWorld(out);
  });
}

/** A saved world is whole without its keys. */
function expectLoadableWorld(out: string): void {
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'));
  const attachments = JSON.stringify(report).match(/\{"name":"world".*?\}/g) ?? [];
  expect(attachments.length).toBeGreaterThan(0);
  const { body } = JSON.parse(attachments[0] ?? '');
  const simulator = createSimulator();
  simulator.load(JSON.parse(Buffer.from(body, 'base64').toString()));
  expect(simulator.world.users.all().length).toBeGreaterThan(1);
}

/** A report as text, with what is packed in a page of HTML. */
function readReport(file: string): string[] {
  const text = readFileSync(file, 'latin1');
  const [, zip] = /data:application\/zip;base64,([A-Za-z0-9+/=]+)/.exec(text) ?? [];
  return [file, zip === undefined ? text : `${text}\n${unzipped(Buffer.from(zip, 'base64'))}`];
}

/** Whether a text holds a secret, in any spelling. */
function isIn(text: string, secret: string, depth = 3): boolean {
  const json = JSON.stringify(secret).slice(1, -1);
  const plain = [secret, json, JSON.stringify(json).slice(1, -1)];
  const spellings = [...plain, ...plain.map(encodeURIComponent)];
  if (spellings.some((one) => text.includes(one))) return true;
  if (depth === 0) return false;
  const joined = text.replace(/(\\+n|\s)+/g, '');
  const packed = joined.match(/[A-Za-z0-9+/_-]{40,}/g) ?? [];
  return packed.some((one) =>
    [0, 1, 2, 3].some((skip) =>
      isIn(Buffer.from(one.slice(skip), 'base64').toString('latin1'), secret, depth - 1),
    ),
  );
}

/** The files of a ZIP archive, one after another (APPNOTE.TXT 4.3.12: the central directory). */
function unzipped(zip: Buffer): string {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  const texts: string[] = [];
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(begin, begin + size);
    texts.push((method === 8 ? inflateRawSync(content) : content).toString('latin1'));
    at += 46 + [28, 30, 32].reduce((sum, offset) => sum + zip.readUInt16LE(at + offset), 0);
  }
  return texts.join('\n');
}
