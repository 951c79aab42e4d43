/**
 * Names for what differs from run to run: each id, address or MAC becomes `<volume 1>`, the same one
 * wherever it comes up again. The kind is that of the place where it was seen first.
 */
export class References {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(value: string, kind: string): string {
    const key = value.toLowerCase();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const reference = `<${kind} ${count}>`;
    this.#known.set(key, reference);
    return reference;
  }
}
