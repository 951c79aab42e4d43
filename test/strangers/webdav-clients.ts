// WebDAV clients that others wrote, and a suite that judges servers, each with a flow of its own in
// `flows/`. A flow is a program: it reads STEMCELLS_URL, STEMCELLS_USER and STEMCELLS_PASSWORD, runs
// in an empty folder, fails if anything is not as it expects, and removes what it made.
import { flowPath } from './clients.js';

export interface WebdavClient {
  readonly name: string;
  /** Where it is had from. */
  readonly source: 'npm' | 'Debian';
  readonly install: string;
  /** Programs that say which version is installed, if one is; the first that succeeds counts. */
  readonly probes: readonly (readonly string[])[];
  /** The file in `flows/`. */
  readonly flow: string;
  readonly command: readonly string[];
  /** What the flow does. */
  readonly does: string;
  /** Whether it is quick enough to run in `npm test`, where it is installed. */
  readonly isQuick: boolean;
}

/** The package does not let its package.json be required. */
const tellVersionOfWebdav =
  "import { readFileSync } from 'node:fs';" +
  "const path = new URL('../../package.json', import.meta.resolve('webdav'));" +
  'console.log(JSON.parse(readFileSync(path)).version);';

export const webdavClients: readonly WebdavClient[] = [
  {
    name: 'litmus',
    source: 'Debian',
    install: 'apt-get install litmus',
    probes: [['dpkg-query', '--show', '--showformat=${Version}\n', 'litmus']],
    flow: 'litmus.sh',
    command: ['sh', flowPath('litmus.sh')],
    does: 'judges whether a server conforms to RFC 4918; what it found stands below',
    isQuick: false,
  },
  {
    name: 'webdav',
    source: 'npm',
    install: 'npm ci',
    probes: [[process.execPath, '--input-type=module', '--eval', tellVersionOfWebdav]],
    flow: 'webdav.js',
    command: [process.execPath, flowPath('webdav.js')],
    does: 'puts, refuses to replace, lists, stats, reads the whole and a part, copies, moves, makes and removes collections; a wrong password',
    isQuick: true,
  },
  {
    name: 'curl',
    source: 'Debian',
    install: 'apt-get install curl',
    probes: [['curl', '--version']],
    flow: 'curl.sh',
    command: ['sh', flowPath('curl.sh')],
    does: 'uploads with a digest, with `Expect: 100-continue` and in chunks; downloads as nobody, goes on with a broken download, asks only for what is newer; a wrong digest, a wrong password, a name that can be guessed',
    isQuick: true,
  },
  {
    name: 'cadaver',
    source: 'Debian',
    install: 'apt-get install cadaver',
    probes: [['dpkg-query', '--show', '--showformat=${Version}\n', 'cadaver']],
    flow: 'cadaver.sh',
    command: ['sh', flowPath('cadaver.sh')],
    does: 'an operator at a terminal: puts, lists, gets, makes a collection, copies, moves and removes',
    isQuick: true,
  },
  {
    name: 'rclone',
    source: 'Debian',
    install: 'apt-get install rclone',
    probes: [['rclone', 'version']],
    flow: 'rclone.sh',
    command: ['sh', flowPath('rclone.sh')],
    does: 'copies a folder there, checks it, copies it back, moves and purges',
    isQuick: false,
  },
];

/** A test of litmus that this server does not pass, and why that is so. */
export interface Shortfall {
  readonly suite: string;
  readonly tests: readonly string[];
  readonly why: string;
}

export const shortfalls: readonly Shortfall[] = [
  {
    suite: 'props',
    tests: ['propset', 'propmanyns', 'propget'],
    why: '`PROPPATCH` is answered 405: an image has no properties of its own, and a server that takes some and forgets them would be worse than one that says no. The tests that read what these set are skipped.',
  },
  {
    suite: 'locks',
    tests: ['precond'],
    why: 'skipped, and with it all that tries locks; what passes makes ready for it. The server claims class 1 (`DAV: 1`): nothing is changed in its place, so there is nothing to lock.',
  },
];
