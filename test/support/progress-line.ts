// How far a long run is, on stderr: one line that is written again on a terminal and goes before anything
// else is told, elsewhere a line now and then.
import { clearLine, cursorTo } from 'node:readline';

const everyMs = process.stderr.isTTY ? 200 : 20_000;
let toldMs = 0;

export function showProgress(text: () => string): void {
  const nowMs = performance.now();
  if (nowMs - toldMs < everyMs) return;
  toldMs = nowMs;
  clearProgress();
  const { isTTY, columns } = process.stderr;
  process.stderr.write(isTTY ? text().slice(0, columns - 1) : `${text()}\n`);
}

export function clearProgress(): void {
  if (!process.stderr.isTTY) return;
  clearLine(process.stderr, 0);
  cursorTo(process.stderr, 0);
}
