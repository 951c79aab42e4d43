// A configuration that a server cannot use is told by the path that was given, with the place in it and
// what to do; where none was given, with the path that is read then and how to give another.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { registryFolder } from '../../support/registry-process.js';
import { spawnServer } from '../../support/server-process.js';

const remedy = (section: string): string =>
  `write a JSON object with the section ${section}; --help shows a smallest one`;

for (const [name, job, section] of [
  ['registry', 'cloudstack_registry', 'registry'],
  ['stemcell-server', 'cloudstack_stemcell_server', 'stemcell_server'],
] as const) {
  /** What the server says of a file of this text, or of one that is elsewhere. */
  const saidOf = async (text: string, elsewhere?: string): Promise<string> => {
    using folder = registryFolder();
    const path = join(folder.path, 'mine.json');
    writeFileSync(path, text);
    const args = ['--config', elsewhere ?? path];
    const { ended, output } = spawnServer({ name, folder: folder.path, configuration: {}, args });
    expect(await ended).toBe(3);
    const { level, msg } = JSON.parse(output()) as { level: string; msg: string };
    expect(level).toBe('error');
    return msg.replace(path, 'MINE');
  };

  for (const [what, text, problem] of [
    ['empty', '', `it is empty: ${remedy(section)}`],
    ['of white space', ' \n', `it is empty: ${remedy(section)}`],
    [
      'no JSON',
      `{\n  "${section}": {\n    "password": canary\n  }\n}`,
      `it is not valid JSON (line 3, column 17): mend it there, or ${remedy(section)}`,
    ],
    ['a list', '[]', `it must hold a JSON object, not an array: ${remedy(section)}`],
    [
      'a section that is none',
      JSON.stringify({ [section]: 'canary' }),
      `${section} must be an object, got a string`,
    ],
  ] as const) {
    test(`${name}: a file that is ${what}`, async () => {
      expect(await saidOf(text)).toBe(`Invalid configuration (MINE): (1) ${problem}`);
    });
  }

  test(`${name}: a wrong property, in the file that was given`, async () => {
    const user = { username: 'u', password: 'canary' };
    const told = await saidOf(JSON.stringify({ [section]: { ...user, port: 0 } }));
    expect(told).toMatch(
      new RegExp(`^Invalid configuration \\(MINE\\): \\(1\\) ${section}\\.port must be a port`),
    );
    expect(told).not.toContain('canary');
  });

  test(`${name}: a certificate that is none, in the file that was given`, async () => {
    const tls = { certificate: 'x', private_key: 'canary' };
    const user = { username: 'u', password: 'canary' };
    const told = await saidOf(JSON.stringify({ [section]: { ...user, tls } }));
    expect(told).toContain(
      `Invalid configuration (MINE): (1) ${section}.tls.certificate is no certificate (`,
    );
    expect(told).not.toContain('canary');
  });

  test(`${name}: a file that is not there, given or not`, async () => {
    expect(await saidOf('', '/nowhere/x.json')).toBe(
      '--config names a file that cannot be read: /nowhere/x.json: it is not there (ENOENT)',
    );
    const usual = `/var/vcap/jobs/${job}/config/${name}.json`;
    expect(await saidOf('', usual)).toBe(
      `the default configuration cannot be read: ${usual}: it is not there (ENOENT); name another ` +
        'with --config',
    );
  });
}
