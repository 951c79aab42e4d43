/** Each row whose key an earlier one has, with that earlier one. */
export function repeated<Row>(rows: readonly Row[], keyOf: (row: Row) => string): [Row, Row][] {
  const first = new Map<string, Row>();
  return rows.flatMap((row): [Row, Row][] => {
    const earlier = first.get(keyOf(row));
    if (earlier !== undefined) return [[earlier, row]];
    first.set(keyOf(row), row);
    return [];
  });
}
