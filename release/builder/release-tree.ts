import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fingerprintOf } from './fingerprint.js';
import { filesBelow, matchesGlob, releaseFile, type ReleaseFile } from './release-file.js';

/** A job, a package or the license: an archive in the release. */
export interface Part {
  readonly name: string;
  readonly files: readonly ReleaseFile[];
  readonly fingerprint: string;
  /** Packages that a job uses, or that a package needs to be compiled. */
  readonly packages: readonly string[];
}

export interface ReleaseTree {
  readonly name: string;
  readonly jobs: readonly Part[];
  readonly packages: readonly Part[];
  readonly license: Part | undefined;
}

/**
 * Reads a folder that is laid out as `bosh create-release` expects it.
 *
 * @throws Error that says what is missing or at odds.
 */
export function readReleaseTree(folder: string): ReleaseTree {
  const { name } = yaml(join(folder, 'config/final.yml')) as { name: string };
  const packages = namesIn(folder, 'packages').map((one) => readPackage(folder, one));
  const jobs = namesIn(folder, 'jobs').map((one) => readJob(folder, one));
  const known = packages.map((one) => one.name);
  for (const part of [...jobs, ...packages]) {
    const stranger = part.packages.find((one) => !known.includes(one));
    if (stranger !== undefined)
      throw new Error(`${part.name} needs ${stranger}, which is not here`);
  }
  return { name, jobs, packages, license: readLicense(folder) };
}

/** The spec is part of a job, as `job.MF`. */
function readJob(root: string, name: string): Part {
  const folder = join(root, 'jobs', name);
  const spec = yaml(join(folder, 'spec')) as {
    name: string;
    templates?: Record<string, string>;
    packages?: string[];
  };
  if (spec.name !== name) throw new Error(`jobs/${name}/spec says that the job is ${spec.name}`);
  const optional = ['monit', 'properties_schema.json'].filter((one) =>
    existsSync(join(folder, one)),
  );
  const templates = Object.keys(spec.templates ?? {}).map((template) => `templates/${template}`);
  const files = [
    releaseFile('job.MF', join(folder, 'spec')),
    ...[...optional, ...templates].map((path) => releaseFile(path, join(folder, path))),
  ];
  return { name, files, fingerprint: fingerprintOf(files), packages: spec.packages ?? [] };
}

/** The spec of a package is no part of it; what it depends on is told in the fingerprint. */
function readPackage(root: string, name: string): Part {
  const folder = join(root, 'packages', name);
  const spec = yaml(join(folder, 'spec')) as {
    name: string;
    files?: string[];
    dependencies?: string[];
  };
  if (spec.name !== name) throw new Error(`packages/${name}/spec says that it is ${spec.name}`);
  if (existsSync(join(folder, 'pre_packaging'))) {
    throw new Error(`packages/${name}/pre_packaging is not run here: do its work before`);
  }
  const packages = spec.dependencies ?? [];
  const sources = (spec.files ?? []).flatMap((glob) => sourcesOf(root, name, glob));
  const files = [
    releaseFile('packaging', join(folder, 'packaging'), false),
    // Several patterns may fit a file.
    ...new Map(sources.map((file) => [file.path, file])).values(),
  ];
  return { name, files, fingerprint: fingerprintOf(files, packages), packages };
}

function sourcesOf(root: string, name: string, glob: string): ReleaseFile[] {
  const source = join(root, 'src');
  const paths = filesBelow(source).filter((path) => matchesGlob(path, glob));
  if (paths.length === 0) throw new Error(`packages/${name}: no file in src/ is a ${glob}`);
  return paths.map((path) => releaseFile(path, join(source, path)));
}

function readLicense(folder: string): Part | undefined {
  const files = readdirSync(folder)
    .filter((name) => /^(LICENSE|NOTICE)/.test(name))
    .map((name) => releaseFile(name, join(folder, name), false));
  if (files.length === 0) return undefined;
  return { name: 'license', files, fingerprint: fingerprintOf(files), packages: [] };
}

function namesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder)).sort();
}

function yaml(path: string): unknown {
  return parse(readFileSync(path, 'utf8'));
}
