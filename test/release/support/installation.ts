// The tarball of the release, and what becomes of it where it is installed: packages compiled as
// `bosh create-env` does it, jobs rendered, nothing else from this repository.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { packageFor, type NodePackages } from '../../../release/builder/node-packages.js';
import { releaseTarball } from '../../../release/builder/release-tarball.js';
import { readReleaseTree } from '../../../release/builder/release-tree.js';
import { stageRelease } from '../../../release/builder/stage.js';
import { defaultsIn, renderText, type Renderer } from './rendering.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export const nodes = JSON.parse(
  readFileSync(join(root, 'release/node.json'), 'utf8'),
) as NodePackages;

/** Makes a release of what has been built, with Node for this machine; answers the path. */
export async function buildRelease(folder: string): Promise<string> {
  const tree = join(folder, 'tree');
  await stageRelease({ root, folder: tree, nodes, platforms: [packageFor(nodes, process)] });
  const origin = { version: '0.0.1', commitHash: 'abcdef0', hasUncommittedChanges: false };
  const file = join(folder, 'release.tgz');
  writeFileSync(file, await releaseTarball(readReleaseTree(tree), origin));
  return file;
}

/** An environment like that of a process which a Director starts. */
export const barePath = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', NODE_V8_COVERAGE: undefined };

export class Installation {
  /** In the place of /var/vcap. */
  readonly folder: string;
  readonly #unpacked: string;

  /** Unpacks a release into an empty folder. */
  constructor(tarball: string, folder: string) {
    this.folder = folder;
    this.#unpacked = join(folder, 'release');
    unpack(tarball, this.#unpacked);
  }

  /** Name and dependencies of each package, in the order of the release. */
  packages(): { name: string; dependencies: string[] }[] {
    return parse(readFileSync(join(this.#unpacked, 'release.MF'), 'utf8')).packages;
  }

  /**
   * Compiles a package: only what it depends on is there, and it ends up somewhere else. No network
   * but the loopback interface is there, where the system lets us take it away.
   */
  compile(name: string): void {
    const source = join(this.folder, 'source', name);
    unpack(join(this.#unpacked, 'packages', `${name}.tgz`), source);
    const compiling = join(this.folder, 'compiling');
    const { dependencies } = this.packages().find((one) => one.name === name)!;
    for (const one of dependencies) {
      mkdirSync(compiling, { recursive: true });
      renameSync(join(this.folder, 'packages', one), join(compiling, one));
    }
    const target = join(compiling, name);
    mkdirSync(target, { recursive: true });
    execFileSync(offline[0]!, [...offline.slice(1), 'bash', '-x', 'packaging'], {
      cwd: source,
      stdio: 'pipe',
      env: {
        ...barePath,
        BOSH_COMPILE_TARGET: source,
        BOSH_INSTALL_TARGET: target,
        BOSH_PACKAGE_NAME: name,
        BOSH_PACKAGES_DIR: compiling,
      },
    });
    mkdirSync(join(this.folder, 'packages'), { recursive: true });
    for (const one of [...dependencies, name]) {
      renameSync(join(compiling, one), join(this.folder, 'packages', one));
    }
  }

  /** Renders a job of the release; paths below /var/vcap become such below the folder. */
  async render(job: string, properties: object, renderer: Renderer): Promise<void> {
    const source = join(this.#unpacked, 'jobs', job);
    unpack(join(this.#unpacked, 'jobs', `${job}.tgz`), source);
    const spec = readFileSync(join(source, 'job.MF'), 'utf8');
    const { templates } = parse(spec) as { templates: Record<string, string> };
    const defaults = defaultsIn(spec);
    for (const [template, target] of Object.entries(templates)) {
      const text = readFileSync(join(source, 'templates', template), 'utf8');
      const rendered = await renderText({ job, text, defaults, properties, renderer });
      const file = join(this.folder, 'jobs', job, target);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, rendered.replaceAll('/var/vcap', this.folder));
      if (target.startsWith('bin/')) chmodSync(file, 0o755);
    }
  }

  /** The size of all files of a package, in bytes. */
  sizeOf(name: string): number {
    const folder = join(this.folder, 'source', name, name);
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).length)
      .reduce((sum, size) => sum + size, 0);
  }
}

function unpack(archive: string, folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', folder]);
}

/** How to start a command without network; `env` does nothing. */
const offline = withoutNetwork();

function withoutNetwork(): readonly string[] {
  const command = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
  try {
    execFileSync(command[0]!, [...command.slice(1), 'true'], { stdio: 'ignore' });
    return command;
  } catch {
    return ['env'];
  }
}
