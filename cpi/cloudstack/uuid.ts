const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether `text` has the form of a CloudStack id. Names of older CPIs (`cpivm-…`) have not. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}
