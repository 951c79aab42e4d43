/** Lines of at most `width` characters; words that are longer stand alone. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** A text beside a title, with all its lines under each other. */
export function beside(
  title: string,
  text: string,
  layout: { indent: number; width: number },
): string {
  const { indent, width } = layout;
  const room = Math.max(20, width - indent);
  const [first = '', ...others] = wrapped(text, room);
  const gap = ' '.repeat(Math.max(1, indent - title.length));
  return [`${title}${gap}${first}`, ...others.map((line) => ' '.repeat(indent) + line)]
    .map((line) => line.trimEnd())
    .join('\n');
}
