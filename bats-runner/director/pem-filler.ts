const placeholder = /@@PEM:([A-Z ]+):(\d+)@@/g;

/**
 * Replaces each `@@PEM:<KIND>:<n>@@` by n bytes that look like PEM of that kind. The length is
 * what matters: user data has a limit.
 */
export function expandPem(text: string): string {
  return text.replace(placeholder, (_, kind: string, bytes: string) => filler(kind, Number(bytes)));
}

function filler(kind: string, bytes: number): string {
  const head = `-----BEGIN ${kind}-----\n`;
  const tail = `\n-----END ${kind}-----\n`;
  const room = bytes - head.length - tail.length;
  if (room < 0) throw new Error(`${bytes} bytes are too few for PEM of the kind ${kind}`);
  const line = `${'A'.repeat(64)}\n`;
  return head + line.repeat(Math.ceil(room / line.length)).slice(0, room) + tail;
}
