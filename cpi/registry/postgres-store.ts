import { Pool, type PoolClient, type PoolConfig } from 'pg';
import { withOptions, withoutTls } from './postgres-url.js';
import { StoreUnavailable, type SettingsStore } from './settings-store.js';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`. What it says of TLS does not count. */
  readonly url: string;
  /** Certificates to trust, in PEM form; true for the well-known ones; false for no TLS. */
  readonly tls: boolean | { readonly ca: string };
  readonly log: (line: string) => void;
  /** How long to wait for a connection, and for an answer of one. */
  readonly connectWithinMs?: number;
  readonly answerWithinMs?: number;
}

/**
 * A store in PostgreSQL, which several registries may share. Its table is made, or brought up to
 * date, first. A connection that breaks is replaced: what was under way fails, the next works.
 *
 * @throws StoreUnavailable if the database cannot be reached or does not let us in.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<SettingsStore> {
  const pool = new Pool(poolConfig(options));
  // Without a listener, a connection that breaks while nobody uses it would end the process.
  pool.on('error', ({ message }) => {
    options.log(`a database connection was lost: ${message}`);
  });
  const query = async (text: string, values: readonly string[] = []): Promise<unknown[][]> => {
    try {
      const { rows } = await pool.query<unknown[]>({ text, values: [...values], rowMode: 'array' });
      return rows;
    } catch (failure) {
      throw unavailable(failure);
    }
  };
  try {
    await migrate(pool, options.log);
    await pool.query(everythingAllowed);
    await tellOfLateCommits(pool, options.log);
  } catch (failure) {
    await pool.end();
    throw unavailable(failure, 'see to that, then start the registry again');
  }
  return {
    get: async (instanceId) => {
      const [row] = await query('SELECT settings FROM registry_instances WHERE instance_id = $1', [
        instanceId,
      ]);
      return row === undefined ? undefined : String(row[0]);
    },
    put: async (instanceId, settings) => {
      await query(
        'INSERT INTO registry_instances (instance_id, settings) VALUES ($1, $2) ' +
          'ON CONFLICT (instance_id) DO UPDATE SET settings = excluded.settings',
        [instanceId, settings],
      );
    },
    replace: async (instanceId, expected, settings) => {
      const changed = await query(...replacement(instanceId, expected, settings));
      return changed.length > 0;
    },
    remove: async (instanceId) => {
      await query('DELETE FROM registry_instances WHERE instance_id = $1', [instanceId]);
    },
    instanceIds: async () => {
      const rows = await query('SELECT instance_id FROM registry_instances');
      return rows.map(([instanceId]) => String(instanceId));
    },
    check: async () => {
      await query(everythingAllowed);
    },
    close: () => pool.end(),
  };
}

/** A row comes of it where what is expected was there. */
function replacement(
  instanceId: string,
  expected: string | undefined,
  settings: string | undefined,
): [text: string, values: string[]] {
  const sameRow = 'WHERE instance_id = $1 AND settings = $2 RETURNING 1';
  if (expected !== undefined && settings !== undefined) {
    const update = `UPDATE registry_instances SET settings = $3 ${sameRow}`;
    return [update, [instanceId, expected, settings]];
  }
  if (expected !== undefined) {
    return [`DELETE FROM registry_instances ${sameRow}`, [instanceId, expected]];
  }
  if (settings !== undefined) {
    const insert =
      'INSERT INTO registry_instances (instance_id, settings) VALUES ($1, $2) ' +
      'ON CONFLICT (instance_id) DO NOTHING RETURNING 1';
    return [insert, [instanceId, settings]];
  }
  const none = 'SELECT 1 WHERE NOT EXISTS (SELECT FROM registry_instances WHERE instance_id = $1)';
  return [none, [instanceId]];
}

/** A role or a database may have another level by default, at which of two writers one fails. */
const readCommitted = String.raw`-c default_transaction_isolation=read\ committed`;

function poolConfig(options: PostgresOptions): PoolConfig {
  const { url, tls, connectWithinMs = 5_000, answerWithinMs = 15_000 } = options;
  return {
    connectionString: withOptions(withoutTls(url), readCommitted),
    // Said in any case: otherwise PGSSLMODE of the environment would decide.
    ssl: tls === true ? {} : tls,
    max: 10,
    connectionTimeoutMillis: connectWithinMs,
    // First the server, which then knows that it is over.
    statement_timeout: Math.ceil((answerWithinMs * 2) / 3),
    query_timeout: answerWithinMs,
    application_name: 'cloudstack-registry',
  };
}

/**
 * The steps of the schema, each once and for ever. The first makes the table of the BOSH registry,
 * so that a database of an older registry is taken over with what it holds.
 */
const migrations: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS registry_instances (
     id SERIAL PRIMARY KEY,
     instance_id TEXT NOT NULL UNIQUE,
     settings TEXT NOT NULL
   )`,
];

/** Any number that nobody else locks in a database of this registry. */
const migrationLock = 7_305_811;

async function migrate(pool: Pool, log: PostgresOptions['log']): Promise<void> {
  const client = await pool.connect();
  // The query under way fails as well; but without a listener the process would end.
  const onLost = ({ message }: Error): void => {
    log(`a database connection was lost: ${message}`);
  };
  client.on('error', onLost);
  try {
    await client.query('BEGIN');
    // Registries that start at once: one migrates, the others wait and find it done.
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await migrateLocked(client);
    await client.query('COMMIT');
    client.off('error', onLost);
    client.release();
  } catch (failure) {
    client.release(true);
    throw failure;
  }
}

async function migrateLocked(client: PoolClient): Promise<void> {
  await client.query(
    'CREATE TABLE IF NOT EXISTS cloudstack_registry_schema (version INTEGER NOT NULL)',
  );
  const { rows } = await client.query<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM cloudstack_registry_schema',
  );
  const version = rows[0]?.version ?? 0;
  if (version > migrations.length) {
    throw new Error(
      `the database has schema ${version}, this registry knows ${migrations.length}: ` +
        'a newer registry uses it, so start that version here, too',
    );
  }
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    await client.query(step);
    await client.query('INSERT INTO cloudstack_registry_schema VALUES ($1)', [index + 1]);
  }
}

/** A database may acknowledge what is not on its disk; then we do, too. */
async function tellOfLateCommits(pool: Pool, log: PostgresOptions['log']): Promise<void> {
  const { rows } = await pool.query<{ synchronous_commit: string }>('SHOW synchronous_commit');
  if (rows[0]?.synchronous_commit !== 'off') return;
  log(
    'the database has synchronous_commit off for this user: what it has acknowledged last may be ' +
      'lost when it crashes; to be sure, ALTER ROLE … SET synchronous_commit = on',
  );
}

/**
 * Changes nothing, and fails where the table is missing, where the user may not do with it what the
 * registry does, and where nobody may, as on a standby (ExecutorStart checks all of that first).
 */
const everythingAllowed = `
  WITH
    put AS (
      INSERT INTO registry_instances (instance_id, settings) SELECT '', '' WHERE false
      ON CONFLICT (instance_id) DO UPDATE SET settings = excluded.settings
    ),
    removed AS (DELETE FROM registry_instances WHERE false)
  SELECT instance_id, settings FROM registry_instances WHERE false`;

function unavailable(
  failure: unknown,
  remedy = 'see to that: the registry goes on by itself',
): StoreUnavailable {
  const { message, code } = failure as Error & { code?: string };
  const told = message === '' ? (code ?? 'no reason given') : message;
  return new StoreUnavailable(
    `The registry's database cannot be used: ${told}; ` +
      (code === tableIsMissing ? missingTableRemedy : remedy),
    { cause: failure },
  );
}

/** undefined_table (PostgreSQL's appendix of error codes). */
const tableIsMissing = '42P01';

const missingTableRemedy =
  'put back a backup of it, or, to begin with an empty one, drop the table ' +
  'cloudstack_registry_schema, too, and start the registry again';
