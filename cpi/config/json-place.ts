/**
 * Where a text stops to be JSON: `line 3, column 5`. Node's own message has no place, or a piece of
 * the text, which may be a secret.
 */
export function placeOfProblem(text: string): string {
  let sound = 0;
  let broken = text.length + 1;
  while (broken - sound > 1) {
    const middle = Math.floor((sound + broken) / 2);
    if (mayGoOn(text.slice(0, middle))) sound = middle;
    else broken = middle;
  }
  const before = text.slice(0, sound).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** Whether a text is the beginning of JSON: what is wrong with it is its end. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (failure) {
    const { message } = failure as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    if (position !== undefined)
      return Number(position) >= text.length || /Unterminated/.test(message);
    return (
      message.includes('end of JSON') || /(^|[\s:,[])(t|tr|tru|f|fa|fal|fals|n|nu|nul)$/.test(text)
    );
  }
}
