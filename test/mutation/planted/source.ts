// What planted/tests.ts is about; run.test.ts makes it wrong.

export const most = 3;

export function smallest(one: number, other: number): number {
  return one < other ? one : other;
}

export function unasked(text: string): void {
  text.trim();
}
