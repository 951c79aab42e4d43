/** Settings, or why a body holds none. */
export type SettingsBody =
  | { readonly text: string; readonly problem?: never }
  | { readonly text?: never; readonly problem: string };

/** The text of a body that is a JSON object. */
export function settingsOf(bytes: Uint8Array): SettingsBody {
  if (bytes.length === 0) return none('it is empty');
  const text = decoded(bytes);
  if (text === undefined) return none('it is not UTF-8');
  if (text.startsWith('\ufeff')) return none('it begins with a byte order mark');
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { text } : none('it is JSON, and no object');
  } catch {
    return none('it is not JSON');
  }
}

function none(why: string): SettingsBody {
  return { problem: `the body is to be settings, a JSON object: ${why}` };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
