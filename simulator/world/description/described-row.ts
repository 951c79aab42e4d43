/** The row that a name in a description leads to: it is checked before a world is built from it. */
export function describedRow<Row>(
  what: string,
  rows: readonly Row[],
  isMeant: (row: Row) => boolean,
): Row {
  const found = rows.find(isMeant);
  if (found === undefined) throw new Error(`the description names an unknown ${what}`);
  return found;
}
