import { textOf, type JsonObject } from '../json.js';

/** Finds what a configuration names among what a cloud has, and collects what is not there. */
export class NamedRows {
  readonly #problems: string[];

  constructor(problems: string[]) {
    this.#problems = problems;
  }

  complain(problem: string): void {
    this.#problems.push(problem);
  }

  /**
   * The one row of this name or id. Otherwise complains, with the names that there are: `key` is
   * where the name stands in the configuration, `what` the kind of row. Nothing for no name.
   */
  find(
    key: string,
    wanted: string | undefined,
    what: string,
    rows: readonly JsonObject[],
  ): JsonObject | undefined {
    if (wanted === undefined) return undefined;
    const found = rows.filter(({ id, name }) => id === wanted || name === wanted);
    const ids = new Set(found.map(({ id }) => textOf(id)));
    if (ids.size === 1) return found[0];
    if (ids.size > 1) {
      this.complain(
        `${key}: there are several of ${what} ${wanted}: ${[...ids].join(', ')}; name one by its id`,
      );
      return undefined;
    }
    this.complain(`${key}: the account can use no ${what} ${wanted}; ${namesIn(rows)}`);
    return undefined;
  }
}

const namesMax = 30;

function namesIn(rows: readonly JsonObject[]): string {
  const names = [...new Set(rows.map(({ name }) => textOf(name)))].sort();
  if (names.length === 0) return 'there is none';
  const rest = names.length - namesMax;
  const more = rest > 0 ? ` and ${rest} more` : '';
  return `there are ${names.slice(0, namesMax).join(', ')}${more}`;
}
