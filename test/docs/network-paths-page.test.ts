// Proves that docs/cpi/network-paths.md has each port that the properties have, with the default that
// they have, beside properties that there are; and no port of bosh-deployment that is another there.
import { expect, test } from '@playwright/test';
import { sections } from '../../cpi/config/properties.js';
import type { Property } from '../../cpi/config/property.js';
import { jobs } from '../../release/declare/jobs.js';
import { readPage, rowsOf } from './page.js';

const rows = rowsOf(readPage('docs/cpi/network-paths.md')).map(
  ([from = '', to = '', port = '', protocol = '', what = '', only = '']) => ({
    from,
    to,
    port,
    protocol,
    what,
    only: [...only.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
  }),
);

const properties = new Map<string, Property<unknown>>(
  Object.entries(sections).flatMap(([section, table]) =>
    Object.entries(table as Record<string, Property<unknown>>).map(
      ([key, property]) => [`${section}.${key}`, property] as const,
    ),
  ),
);

function defaultOf(name: string): unknown {
  const absent = properties.get(name)?.absent;
  return absent?.is === 'default' ? absent.value : undefined;
}

/** By what is connected to, the property that says the port. */
const portOf: Readonly<Record<string, string>> = {
  proxy: 'cloudstack.proxy_port',
  registry: 'registry.port',
  'stemcell server': 'stemcell_server.port',
};

for (const [to, name] of Object.entries(portOf)) {
  test(`paths to the ${to} have the port that is the default of ${name}`, () => {
    const ports = rows.filter((row) => row.to === to).map(({ port }) => port);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toBe(String(defaultOf(name)));
  });
}

test('what the CPI serves by itself has the default port, too', () => {
  const own = rows.filter(({ only }) => only.includes('create-env'));
  expect(own.map(({ to, port }) => [to, port])).toEqual([
    ['CPI', String(defaultOf('stemcell_server.port'))],
  ]);
});

test('every property that is a port is on the page, and every one of the page exists', () => {
  const page = readPage('docs/cpi/network-paths.md');
  const ports = [...properties].filter(([, { expected }]) => expected.startsWith('a port,'));
  expect(ports.length).toBeGreaterThan(2);
  expect(ports.map(([name]) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  for (const [property, word] of rows.map(({ only }) => only).filter(({ length }) => length > 0)) {
    expect([...properties.keys()]).toContain(property);
    if (word !== undefined) {
      expect(properties.get(property!)!.form).toMatchObject({
        words: expect.arrayContaining([word]),
      });
    }
  }
});

test('the servers of the release listen at these ports unless told otherwise', () => {
  const listening = (job: string, name: string): unknown => {
    const property = jobs
      .find((one) => one.name === job)!
      .properties.find((one) => one.name === name)!;
    return property.absent.is === 'default' ? property.absent.value : undefined;
  };
  expect(listening('cloudstack_registry', 'registry.port')).toBe(defaultOf('registry.port'));
  expect(listening('cloudstack_stemcell_server', 'stemcell_server.port')).toBe(
    defaultOf('stemcell_server.port'),
  );
});

test("the Director's ports are those of bosh-deployment", () => {
  const bosh = readPage('test/vectors/release/bosh-deployment.yml');
  const [, bus] = /mbus: nats:\/\/\S+?:(\d+)/.exec(bosh) ?? [];
  const [, agent] = /mbus: https:\/\/\S+:(\d+)/.exec(bosh) ?? [];
  const portFor = (what: RegExp): string | undefined =>
    rows.find((row) => what.test(row.what))?.port;
  expect(portFor(/NATS/)).toBe(bus);
  expect(portFor(/its agent/)).toBe(agent);
});

test('every path has a protocol and says what it is for', () => {
  expect(rows.length).toBeGreaterThan(18);
  for (const { from, to, port, protocol, what } of rows) {
    expect([from, to, port, what]).not.toContain('');
    expect(protocol).toMatch(/^(TCP|UDP|UDP, TCP)$/);
  }
});
