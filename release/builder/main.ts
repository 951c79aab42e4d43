// npm run release [-- --platforms host] [-- --release-version V]: makes the tarball that operators deploy.
// Its path is the last line on stdout.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { packageFor, type NodePackages } from './node-packages.js';
import { originOf } from './origin.js';
import { readReleaseTree } from './release-tree.js';
import { releaseTarball } from './release-tarball.js';
import { stageRelease } from './stage.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Flags {
  readonly releaseVersion?: string;
  readonly platforms: 'all' | 'host';
  readonly output: string;
}

const teaching = `
Node comes from the npm registry, as release/node.json pins it; npm keeps it in its cache. The tree
that the tarball is made of stays in dist/bosh-release: \`bosh create-release --force\` there gives the
same fingerprints.`;

await new Command('release')
  .description('Makes the BOSH release: bosh-cloudstack-cpi-VERSION.tgz.')
  .option('--release-version <version>', 'version of the release, instead of that of package.json')
  .addOption(
    new Option('--platforms <which>', 'with Node for all platforms, or for this machine only')
      .choices(['all', 'host'])
      .default('all'),
  )
  .option('--output <folder>', 'where the tarball goes', join(root, 'dist'))
  .allowExcessArguments(false)
  .addHelpText('after', teaching)
  .action(make)
  .parseAsync();

async function make({ releaseVersion, platforms, output }: Flags): Promise<void> {
  const nodes = json('release/node.json') as NodePackages;
  const folder = join(root, 'dist/bosh-release');
  await stageRelease({
    root,
    folder,
    nodes,
    platforms: platforms === 'all' ? nodes.packages : [packageFor(nodes, process)],
  });
  const tree = readReleaseTree(folder);
  const version = releaseVersion ?? (json('package.json') as { version: string }).version;
  const tarball = await releaseTarball(tree, originOf(root, version));
  mkdirSync(output, { recursive: true });
  const file = join(output, `${tree.name}-${version}.tgz`);
  writeFileSync(file, tarball);
  for (const { name, fingerprint } of [...tree.jobs, ...tree.packages]) {
    process.stderr.write(`${name} ${fingerprint}\n`);
  }
  process.stderr.write(`${(tarball.length / 1e6).toFixed(1)} MB\n`);
  process.stdout.write(`${file}\n`);
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
