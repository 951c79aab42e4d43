import { usualAdvice } from '../../cloudstack/errors.js';
import { errorTable, methodErrors } from './error-table.js';

/** Not every kind of the table is one of CloudStack's errors. */
const adviceOfKinds: Readonly<Record<string, string | undefined>> = usualAdvice;

/** The page about errors, rendered from the tables by which they are made. */
export function errorsPage(): string {
  const general = Object.entries(errorTable).map(([kind, { situation, type, mayPass, advice }]) => [
    `\`${kind}\``,
    situation,
    type,
    mayPass ? 'yes' : 'no',
    advice ?? adviceOfKinds[kind] ?? 'the message says it',
  ]);
  const own = Object.values(methodErrors).map(({ situation, type, okToRetry }) => [
    type,
    situation,
    okToRetry ? 'yes' : 'no',
  ]);
  const parts = [
    '# Errors of the CPI',
    '<!-- Generated from cpi/methods/call/error-table.ts by `npm run build`. -->',
    'A message says what failed, which thing it was about by id or name, the job of CloudStack if there ' +
      'was one, what CloudStack says, and what to do next. Whatever a call had begun is undone before it ' +
      'answers; what could not be undone is named at the end of the message.',
    '## Situations that every method can meet',
    'Where doing the same a moment later may end better, `create_vm` answers `VMCreationFailed` with ' +
      '`ok_to_retry` true instead of the type here, as soon as all that is found of it is undone; Directors ' +
      'heed `ok_to_retry` nowhere else. The log of a call names the first column for each request.',
    table(['kind', 'situation', 'BOSH type', 'may pass', 'what the message says to do'], general),
    '## Errors of single methods',
    table(['BOSH type', 'situation', '`ok_to_retry`'], own),
  ];
  return `${parts.join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
