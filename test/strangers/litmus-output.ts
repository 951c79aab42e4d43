// What litmus prints, as data.

export interface LitmusSuite {
  readonly name: string;
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: number;
}

/** The suites in the order in which they ran; none in the output of anything else. */
export function readLitmus(output: string): LitmusSuite[] {
  return output
    .split(/^-> running `/m)
    .slice(1)
    .map((text) => {
      const name = /^(\w+)'/.exec(text)?.[1] ?? '';
      // A line is written anew when its test has ended.
      const passed = /of \d+ tests run: (\d+) passed/.exec(text)?.[1] ?? '0';
      const failed = [...text.matchAll(/^ *\d+\. (\w+)\.*.*\bFAIL\b/gm)].map(
        ([, test = '']) => test,
      );
      const skipped = /^-> (\d+) tests? (?:was|were) skipped/m.exec(text)?.[1] ?? '0';
      return { name, passed: Number(passed), failed, skipped: Number(skipped) };
    });
}
