// `npm run bench`: measures, shows how far it is on stderr, prints a table and JSON lines, and ends
// with 1 if a figure is beyond its limit. Sizes of --quick have no limits. The benchmark starts itself
// again for its servers, which load nothing but what they serve.
import type { Spec } from './served.js';
import { SERVE } from './server.js';

const [, , first = '', second = ''] = process.argv;
if (first === SERVE) {
  const { serve } = await import('./served.js');
  await serve(JSON.parse(second) as Spec);
} else {
  const { measure } = await import('./measure.js');
  await measure(process.argv.slice(2));
}
