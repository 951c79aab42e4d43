// Proves that the README and the page about requests by hand do what they say, as it stands there: each
// program of the page deploys a VM by requests that it signs itself, and what the README shows of the
// simulator ends, with a simulator in the background that answers.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { unmeasured } from '../../support/coverage.js';
import { qcow2Image } from '../../support/qcow2-image.js';

const root = new URL('../../..', import.meta.url).pathname;
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The programs of this checkout, as npx would find them. */
const NPX = `npx() { local program=$1; shift; node ${root}dist/bundle/"$program".js "$@"; }`;

/** Runs a script of bash in a folder of its own, with these files in it; answers what it told. */
function told(script: string, files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    writeFileSync(join(folder, 'all.sh'), `set -em\n${NPX}\n${script}`);
    // A simulator in the background must not hold a pipe that somebody reads to its end.
    const output = openSync(join(folder, 'output'), 'w');
    const { status } = spawnSync('bash', ['all.sh'], {
      cwd: folder,
      stdio: ['ignore', output, output],
      env: { ...unmeasured, GO111MODULE: 'off' },
    });
    const text = readFileSync(join(folder, 'output'), 'utf8');
    expect(status, text).toBe(0);
    return text;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const page = read('docs/simulator/requests.md');

/** The program that the page shows under a language. */
function programIn(language: string): string {
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
  if (code === undefined) throw new Error(`the page has lost its ${language}`);
  return code;
}

const [starts = '', environment = ''] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, text]) => text!,
);

for (const [language, file, needed] of [
  ['bash', 'deploy.sh', ['curl', 'openssl']],
  ['python', 'deploy.py', ['python3']],
  ['go', 'deploy.go', ['go']],
] as const) {
  test(`${file} deploys a VM and prints its address`, () => {
    const isThere = (program: string): boolean =>
      spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
    // Go compiles its libraries first, where nobody has done so before.
    test.setTimeout(180_000);
    test.skip(!needed.every(isThere), `needs ${needed.join(' and ')}`);
    const line = starts.split('\n').find((text) => text.endsWith(file));
    expect(line).toContain('--clock auto exec -- ');
    expect(told(line!, { [file]: programIn(language) })).toMatch(/^10\.203\.[67]\.\d+\n$/);
  });
}

test('upload.sh sends an image with the headers that the page tells of, once', () => {
  const [deploy = '', upload = ''] = [...page.matchAll(/```bash\n([\s\S]*?)```/g)].map(
    ([, text]) => text!,
  );
  const functions = deploy.slice(0, deploy.indexOf('job='));
  const again = 'curl -sS "$(param postURL)" -F files[]=@disk.qcow2 -H "X-signature: wrong"';
  const output = told('npx cloudstack-simulator --clock auto exec -- bash upload.sh', {
    'upload.sh': `${functions}${upload}${again}`,
    'disk.qcow2': qcow2Image(1_024 ** 3),
  });
  expect(output.split('\n').slice(0, 2)).toEqual(['upload successful.', 'Download Complete']);
  expect(output).toContain('signature, metadata and expires are compulsory fields.');
});

test('deploy.sh works against a simulator that runs already, and says when its keys are wrong', () => {
  const script = programIn('bash');
  const wrong =
    'CLOUDSTACK_SECRET=wrong bash -c "$(sed /^job=/,\\$d deploy.sh); cloudstack listZones"';
  const output = told(`${environment}\nbash deploy.sh\n${wrong}\nkill %1`, { 'deploy.sh': script });
  expect(output).toMatch(/^10\.203\.[67]\.\d+$/m);
  expect(output).toContain('unable to verify user credentials and/or request signature');
});

test("the README's commands end, and none of them waits for somebody to press Ctrl-C", async () => {
  const readme = read('README.md').split('\n## The simulator\n')[1] ?? '';
  const [, commands = ''] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
  // Another program may have the port that the README names.
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const moved = commands
    .replaceAll('8080', String(port))
    .replace('why network NET_CS', `why network NET_CS --at http://127.0.0.1:${port}`);
  const output = told(moved);
  for (const text of [
    'Usage: cloudstack-simulator',
    '/client/api\n',
    '"pendingTasks":',
    '"events":',
  ]) {
    expect(output).toContain(text);
  }
  expect(output).toContain('It is Allocated: it has neither router nor source NAT address');
});
