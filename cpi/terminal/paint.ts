/** Colours for text; without colour each leaves its text alone. */
export interface Paint {
  readonly strong: (text: string) => string;
  readonly good: (text: string) => string;
  readonly doubtful: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** ANSI colours, or none. */
export function paintWith(colour: boolean): Paint {
  const style =
    (on: number, off: number) =>
    (text: string): string =>
      colour ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return { strong: style(1, 22), good: style(32, 39), doubtful: style(33, 39), bad: style(31, 39) };
}
