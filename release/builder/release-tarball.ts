import { stringify } from 'yaml';
import { archive, type Member } from './archive.js';
import { digestOf, inOrder } from './fingerprint.js';
import type { Origin } from './origin.js';
import { contentOf } from './release-file.js';
import type { Part, ReleaseTree } from './release-tree.js';

/** A part with its archive. */
interface Packed extends Part {
  readonly content: Buffer;
  readonly digest: string;
}

const smallest = 9;
/** For what holds compressed files, and hardly becomes smaller. */
const fastest = 1;

/** The tarball of a release, as `bosh create-release --tarball` lays it out. */
export async function releaseTarball(tree: ReleaseTree, origin: Origin): Promise<Buffer> {
  const jobs = await packed(tree.jobs);
  const packages = await packed(tree.packages);
  const [license] = await packed(tree.license === undefined ? [] : [tree.license]);
  const manifest = releaseManifest(tree.name, origin, { jobs, packages, license });
  const members = [
    member('release.MF', Buffer.from(manifest)),
    ...jobs.map(({ name, content }) => member(`jobs/${name}.tgz`, content)),
    ...packages.map(({ name, content }) => member(`packages/${name}.tgz`, content)),
    ...(license === undefined ? [] : licenseMembers(license)),
  ];
  return archive(members, { prefix: '', level: fastest });
}

async function packed(parts: readonly Part[]): Promise<Packed[]> {
  const done: Packed[] = [];
  // One after the other: an archive of Node for all platforms has 200 MB.
  for (const part of parts) {
    const files = inOrder(part.files);
    const isCompressed = files.some(({ path }) => path.endsWith('.tgz'));
    const content = await archive(
      files.map((file) => ({ ...file, content: contentOf(file) })),
      { prefix: './', level: isCompressed ? fastest : smallest },
    );
    done.push({ ...part, content, digest: digestOf(content) });
  }
  return done;
}

/** The texts lie beside their archive, for whoever looks into the release. */
function licenseMembers(license: Packed): Member[] {
  return [
    member('license.tgz', license.content),
    ...license.files.map((file) => member(file.path, contentOf(file))),
  ];
}

function member(path: string, content: Buffer): Member {
  return { path, content, isExecutable: false };
}

/** `release.MF`: `version` of parts and `sha1` have kept their names from older times. */
function releaseManifest(
  name: string,
  { version, commitHash, hasUncommittedChanges }: Origin,
  parts: { jobs: Packed[]; packages: Packed[]; license: Packed | undefined },
): string {
  const { jobs, packages, license } = parts;
  const told = ({ fingerprint, digest }: Packed): object => ({
    version: fingerprint,
    fingerprint,
    sha1: digest,
  });
  return stringify(
    {
      name,
      version,
      commit_hash: commitHash,
      uncommitted_changes: hasUncommittedChanges,
      jobs: jobs.map((job) => ({ name: job.name, ...told(job), packages: job.packages })),
      packages: packages.map((one) => ({
        name: one.name,
        ...told(one),
        dependencies: one.packages,
      })),
      ...(license === undefined ? {} : { license: told(license) }),
      no_compression: false,
    },
    { indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false },
  );
}
