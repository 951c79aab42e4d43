import { basename, dirname, join } from 'node:path';

const prefix = '.replaced-';

/**
 * Where something is while another takes its place that cannot do so in one step: beside it, so
 * that what the name says holds whenever the process is killed. No image has such a name.
 */
export function replacedPath(path: string): string {
  return join(dirname(path), `${prefix}${basename(path)}`);
}

/** Whose such a name is; undefined where it is none that the server gives. */
export function replacedName(name: string): string | undefined {
  const of = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return of === '' || of.startsWith('.') ? undefined : of;
}
