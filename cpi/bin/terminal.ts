import { paintWith, type Paint } from '../terminal/paint.js';

const widthMax = 110;

/** How wide lines may be. Where nobody looks, lines are as long as on a wide terminal. */
export function terminalWidth(stream: NodeJS.WriteStream): number {
  return stream.isTTY ? Math.min(stream.columns, widthMax) : widthMax;
}

/** Colours on a terminal, unless NO_COLOR says no (https://no-color.org). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const isUnwanted = (process.env['NO_COLOR'] ?? '') !== '';
  return paintWith(stream.isTTY && !isUnwanted);
}
