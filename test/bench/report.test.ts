// Proves what the table and the JSON lines tell of figures that hold, miss, or have no limit.
import { expect, test } from '@playwright/test';
import { verdictOf, type Figure } from './figure.js';
import { jsonLines, tableOf } from './report.js';

const figures: Figure[] = [
  {
    name: 'fast',
    subject: 'a fast thing',
    yardstick: 'a slow one',
    unit: 'ms',
    pairs: [{ subject: 12.3456, yardstick: 1_234.5 }],
    limit: 1,
  },
  {
    name: 'slow',
    subject: 'a slow thing',
    yardstick: 'a fast one',
    unit: 's',
    pairs: [{ subject: 3, yardstick: 2 }],
    limit: 1.4,
  },
  {
    name: 'told',
    subject: 'something that is told only',
    yardstick: 'something else',
    unit: 'ms',
    isRate: true,
    pairs: [{ subject: 0.5, yardstick: 1 }],
  },
  {
    name: 'longest',
    subject: 'the longest',
    yardstick: 'what it may be',
    unit: 'ms',
    pairs: [1, 1, 4].map((subject) => ({ subject, yardstick: 2 })),
    limit: 1,
    isForAll: true,
  },
];
const verdicts = figures.map((figure) => verdictOf(figure, false));

test('the table has a row for each, with costs, ratio, limit and verdict', () => {
  const cells = tableOf(verdicts)
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(cells).toEqual([
    ['figure', 'cost', 'against', 'ratio (middle half)', 'limit', ''],
    ['a fast thing', '12.3 ms', '1235 ms', '0.0100 (0.0100 to 0.0100)', '1.00', 'holds'],
    ['against a slow one', '', '', '', '', ''],
    ['a slow thing', '3.00 s', '2.00 s', '1.50 (1.50 to 1.50)', '1.40', 'MISSED'],
    ['against a fast one', '', '', '', '', ''],
    ['something that is told only', '0.500 ms', '1.00 ms', '0.500 (0.500 to 0.500)', '', ''],
    ['against something else', '2000 a second', '', '', '', ''],
    ['the longest', '1.00 ms', '2.00 ms', '0.500 (0.500 to 1.25)', '1.00', 'MISSED'],
    ['against what it may be', '', '', 'largest 2.00', '', ''],
  ]);
});

test('a line of JSON for each figure gives it back', () => {
  const lines = jsonLines(verdicts).split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    verdicts.map(({ holds, ...verdict }) =>
      holds === undefined ? verdict : { ...verdict, holds },
    ),
  );
});
