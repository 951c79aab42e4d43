// Proves that a running simulator can be asked why something is as it is, as JSON and as the text
// that its program prints, and says what cannot be asked.
import { expect, test } from '@playwright/test';
import type { Why } from '../../../../simulator/why/why.js';
import { whileListening } from '../../../support/listening.js';

test('as JSON and as text', async () => {
  await whileListening({}, async ({ origin }) => {
    const url = `${origin}/_sim/why/address/10.203.7.254`;
    const { why } = (await (await fetch(url)).json()) as { why: Why[] };
    expect(why).toMatchObject([
      {
        because: ['It is the gateway of the network: no VM ever gets it.'],
        history: [{ what: 'network NET_CS comes as Allocated', causes: ['world'] }],
      },
    ]);
    const text = await (await fetch(url, { headers: { accept: 'text/plain' } })).text();
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^address 10\.203\.7\.254 of network NET_CS \(/),
      '  It is the gateway of the network: no VM ever gets it.',
      '',
      'What led there:',
      '  world',
      '    2026-01-01T00:00:00.000Z  network NET_CS comes as Allocated',
      '',
    ]);
  });
});

test('what nobody has, and what cannot be asked about', async () => {
  await whileListening({}, async ({ origin }) => {
    const ask = async (path: string): Promise<unknown[]> => {
      const response = await fetch(`${origin}/_sim/why/${path}`);
      return [response.status, await response.json()];
    };
    expect(await ask('vm/web')).toEqual([
      404,
      { error: 'there is and was no VM with the id or the name web' },
    ]);
    expect(await ask('pod/pod1')).toEqual([
      400,
      {
        error:
          'pod cannot be asked about; there are: address, vm, volume, pool, template, iso, network, router, host',
      },
    ]);
  });
});
