/** A time as CloudStack writes it, in ms; undefined where it tells none. */
export function timeMs(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
