/** A page of Markdown from its paragraphs, with the note that nobody should edit it. */
export function pageOf(title: string, source: string, paragraphs: readonly string[]): string {
  const note = `<!-- Generated from ${source} by \`npm run build\`. -->`;
  return `${[`# ${title}`, note, ...paragraphs].join('\n\n')}\n`;
}

export function bulletList(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}
