// Proves that text of any program can stand in the reports that are XML: colours of terminals, and other
// signs that XML cannot hold, are left out.
import { expect, test } from '@playwright/test';
import { xmlText } from '../../bats-runner/xml-text.js';

test('what XML cannot hold is left out, and what means something in it is written as text', () => {
  expect(xmlText('\u001b[31m1 < 2 & "b" > a\u001b[0m\u0000\n\tend')).toBe(
    '[31m1 &lt; 2 &amp; &quot;b&quot; &gt; a[0m\n\tend',
  );
});
