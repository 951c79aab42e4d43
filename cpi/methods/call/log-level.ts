/** How much a call tells on stderr. */
export type LogLevel = 'debug' | 'info' | 'warning';

const ranks: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warning: 2 };

/** Whether a line is told: `warning: …` and `debug: …` say what they are, others are info. */
export function isTold(line: string, level: LogLevel): boolean {
  return ranks[levelOf(line)] >= ranks[level];
}

function levelOf(line: string): LogLevel {
  if (line.startsWith('warning: ')) return 'warning';
  return line.startsWith('debug: ') ? 'debug' : 'info';
}
