/** A size as CloudStack's texts show it (NumbersUtil.toHumanReadableSize). */
export function readableSize(bytes: number): string {
  const units = ['KB', 'MB', 'GB', 'TB', 'PB'];
  let [value, unit] = [bytes, 'B'];
  for (const next of units) {
    if (value < 1_024) break;
    [value, unit] = [value / 1_024, next];
  }
  return `(${unit === 'B' ? String(bytes) : value.toFixed(2)} ${unit}) ${bytes}`;
}
