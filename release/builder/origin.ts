import { execFileSync } from 'node:child_process';

/** What `release.MF` says of where the release comes from. */
export interface Origin {
  readonly version: string;
  readonly commitHash: string;
  readonly hasUncommittedChanges: boolean;
}

/** By the checkout that `root` is. */
export function originOf(root: string, version: string): Origin {
  const git = (...args: string[]): string => {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: [...stdio] }).trim();
  };
  try {
    // Of a length: by itself, git takes as many digits as this very clone needs.
    const commitHash = git('rev-parse', '--short=10', 'HEAD');
    return { version, commitHash, hasUncommittedChanges: git('status', '--porcelain') !== '' };
  } catch {
    // As `bosh create-release` says it of a folder that git does not know.
    return { version, commitHash: 'non-git', hasUncommittedChanges: false };
  }
}
