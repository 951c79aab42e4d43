import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { fetchNode, type NodePackage, type NodePackages } from './node-packages.js';
import { programFiles } from './program-files.js';

/** What of the package's files each server needs: its bundle, and what it finds beside itself. */
const servers = {
  cloudstack_registry: {
    programs: ['cloudstack-registry.js', 'registry-compaction.js'],
    beside: ['sql-wasm.wasm'],
  },
  cloudstack_stemcell_server: { programs: ['cloudstack-stemcell-server.js'], beside: [] },
} as const;

export interface Staging {
  /** The root of this repository, after a build. */
  readonly root: string;
  /** Where the tree goes; what is there is removed. */
  readonly folder: string;
  readonly nodes: NodePackages;
  /** For which platforms Node is put in. */
  readonly platforms: readonly NodePackage[];
}

/** Lays out a tree from which `bosh create-release` makes the release, too. */
export async function stageRelease({ root, folder, nodes, platforms }: Staging): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const name of ['jobs', 'packages', 'config']) {
    cpSync(join(root, 'release', name), join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'config/blobs.yml'), '--- {}\n');
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  const sources = join(folder, 'src');
  for (const one of platforms) fetchNode(one, nodes.version, join(sources, 'cloudstack_node'));
  const bundles = join(root, 'dist/bundle');
  await stageCpi(root, bundles, join(sources, 'cloudstack_cpi'));
  for (const [name, { programs, beside }] of Object.entries(servers)) {
    const files = [...programFiles(bundles, programs), ...beside];
    for (const file of files) copy(join(bundles, file), join(sources, name, file));
    writeManifest(root, join(sources, name), { type: 'module' });
  }
}

/** Without what V8 compiled for the Node that built: the packaging script does that again. */
async function stageCpi(root: string, bundles: string, folder: string): Promise<void> {
  const parts = readdirSync(bundles).filter((name) => name.startsWith('cloudstack-cpi'));
  for (const part of parts) {
    cpSync(join(bundles, part), join(folder, part), {
      recursive: true,
      filter: (source) => !source.endsWith('.cache'),
    });
  }
  await build({
    entryPoints: [join(root, 'ci/scripts/write-code-cache.js')],
    outfile: join(folder, 'write-code-cache.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  writeManifest(root, folder, {});
}

/** From where a program knows its version, and Node that of its modules. */
function writeManifest(root: string, folder: string, more: object): void {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const text = JSON.stringify({ name, version, ...more }, null, 2);
  writeFileSync(join(folder, 'package.json'), `${text}\n`);
}

function copy(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to);
}
