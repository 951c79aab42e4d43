// The database of a registry of the tests: its store, and the database itself, asked by somebody else.
import { Client } from 'pg';
import { openPostgresStore, type PostgresOptions } from '../../cpi/registry/postgres-store.js';
import type { SettingsStore } from '../../cpi/registry/settings-store.js';
import type { PostgresServer } from './postgres-server.js';

/** Through its socket, unless the options say otherwise. */
export function openStoreIn(
  { url }: PostgresServer,
  options: Partial<PostgresOptions> = {},
): Promise<SettingsStore> {
  return openPostgresStore({ url, tls: false, log: () => undefined, ...options });
}

/** A connection of somebody else; its end, when the database goes away, is no failure. */
export async function connectTo({ url }: PostgresServer): Promise<Client> {
  const client = new Client({ connectionString: url, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export async function askDatabase<Row extends object>(
  server: PostgresServer,
  text: string,
): Promise<Row[]> {
  const client = await connectTo(server);
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
