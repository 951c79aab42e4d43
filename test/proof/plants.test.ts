// Proves that the drawn cases can find something: each of these bugs, planted alone, is found within few
// cases.
import { expect, test } from '@playwright/test';
import { unobserved } from '../support/observing/test-in-progress.js';
import { plants } from './plants.js';
import { runProof } from './run.js';

const mostCases = 40;

for (const plant of plants) {
  test(`it is found that ${plant.about}`, async () => {
    test.slow();
    const found = new AbortController();
    const report = await unobserved(() =>
      runProof({
        plant,
        seed: 1,
        cases: mostCases,
        minutes: 2,
        isToNarrow: false,
        onFailure: () => {
          found.abort();
        },
        signal: found.signal,
      }),
    );
    expect(report.failures).toHaveLength(1);
  });
}
