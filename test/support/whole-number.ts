// A whole number on a command line.
import { InvalidArgumentError } from 'commander';

/** @throws InvalidArgumentError for any other text. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

/** How many there are to be: of none nothing would follow. */
export function numberFromOne(text: string): number {
  const number = wholeNumber(text);
  if (number === 0) throw new InvalidArgumentError('It must be above 0.');
  return number;
}
