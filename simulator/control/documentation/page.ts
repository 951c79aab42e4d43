/** A page of Markdown from its paragraphs, with the note that nobody should edit it. */
export function pageOf(title: string, source: string, paragraphs: readonly string[]): string {
  const note = `<!-- Generated from ${source} by \`npm run build\`. -->`;
  return `${[`# ${title}`, note, ...paragraphs].join('\n\n')}\n`;
}

export function bulletList(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** A table whose columns are as wide as their longest cell, as prettier wants them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
