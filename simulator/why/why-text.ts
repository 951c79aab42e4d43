import type { HistoryStep } from './history.js';
import type { Why } from './why.js';

/** Answers as a person reads them in a terminal. */
export function whyText(answers: readonly Why[]): string {
  return answers.map(answerText).join('\n');
}

function answerText({ about, because, history, lostEvents }: Why): string {
  const lost = lostEvents === 0 ? [] : [`  (${lostEvents} older events are no longer kept)`];
  const steps = history.flatMap(stepLines);
  const led = steps.length + lost.length === 0 ? [] : ['', 'What led there:', ...lost, ...steps];
  return `${[about, ...because.map((sentence) => `  ${sentence}`), ...led].join('\n')}\n`;
}

/** A cause stands once above all that it did in a row. */
function stepLines(step: HistoryStep, index: number, history: readonly HistoryStep[]): string[] {
  const cause = causeText(step);
  const before = history[index - 1];
  const isSame = before !== undefined && causeText(before) === cause;
  return [...(isSame ? [] : [`  ${cause}`]), `    ${step.time}  ${step.what}`];
}

function causeText({ causes }: HistoryStep): string {
  return causes.join(', from ');
}
