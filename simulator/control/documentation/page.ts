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
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
