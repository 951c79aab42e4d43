import { pino } from 'pino';
import type { Redactor } from '../protocol/redactor.js';

/** The log of a program that serves: JSON, one object a line, on stderr. */
export interface Logger {
  info(message: string, facts?: object): void;
  warn(message: string, facts?: object): void;
  error(message: string, facts?: object): void;
  /** One request. */
  access(line: object): void;
}

/** So much is kept of what cannot be written now, such as on a full disk; the rest is lost. */
const KEPT_BYTES_MAX = 1024 ** 2;

/** Nothing leaves unredacted. What cannot be logged is no reason to stop serving. */
export function createLogger(redactor: Redactor): Logger {
  const destination = pino.destination({
    dest: process.stderr.fd,
    sync: true,
    maxLength: KEPT_BYTES_MAX,
  });
  destination.on('error', () => undefined);
  const log = pino(
    {
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      hooks: { streamWrite: (line) => redactor.redact(line) },
    },
    destination,
  );
  return {
    info: (message, facts = {}) => {
      log.info(facts, message);
    },
    warn: (message, facts = {}) => {
      log.warn(facts, message);
    },
    error: (message, facts = {}) => {
      log.error(facts, message);
    },
    access: (line) => {
      log.info(line, 'request');
    },
  };
}
