// A file on a command line into which a program writes what it found: that it can is seen when it begins,
// not after an hour.
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError if nothing can be written there. */
export function fileToWrite(path: string): string {
  try {
    const isNew = !existsSync(path);
    closeSync(openSync(path, 'a'));
    if (isNew) rmSync(path);
    return path;
  } catch (failure) {
    throw new InvalidArgumentError(failure instanceof Error ? failure.message : String(failure));
  }
}
