// A whole number on a command line.
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError for any other text. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
