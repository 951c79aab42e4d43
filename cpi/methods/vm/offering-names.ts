interface Offering {
  readonly id: string;
  readonly name: string;
}

/** The name of an offering, or its id where another one has the same name. */
export function unambiguousName({ id, name }: Offering, all: readonly Offering[]): string {
  return all.some((other) => other.name === name && other.id !== id) ? id : name;
}

/** For error messages: why an offering was passed over that may be large enough. */
export function customIopsText({ iscustomizediops }: { iscustomizediops?: boolean }): string {
  return iscustomizediops === true ? ', wants IOPS named, which the CPI does not' : '';
}

const namesShown = 20;

/** For error messages: what offerings there are, each with what `about` says of it. */
export function namesOf<T extends Offering>(
  things: string,
  offerings: readonly T[],
  about: (offering: T) => string,
): string {
  if (offerings.length === 0) return `this account sees no ${things} there`;
  const shown = offerings
    .slice(0, namesShown)
    .map((offering) => `${offering.name} (${about(offering)})`);
  const more = offerings.length - shown.length;
  return `the ${things} are ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
