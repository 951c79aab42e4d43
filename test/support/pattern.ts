// A regular expression on a command line.
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError for a text that is none. */
export function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (failure) {
    throw new InvalidArgumentError(failure instanceof Error ? failure.message : String(failure));
  }
}
