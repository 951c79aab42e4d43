import type { JsonValue } from '../json.js';
import { CallFailed } from './cli-session.js';

/**
 * What an operator needs to know about a tour that failed: the CPI's request and answer where a
 * call failed, and what to do next. The values in `secrets` are left out.
 */
export function failureText(error: unknown, secrets: readonly string[]): string {
  const text =
    error instanceof CallFailed
      ? callFailureText(error)
      : `${error instanceof Error ? error.message : String(error)}\n\n${nextAfterCheck}`;
  return secrets.reduce((result, secret) => result.replaceAll(secret, '***'), text);
}

function callFailureText({ request, exchange, reasons }: CallFailed): string {
  const { method, arguments: args } = request;
  const shown = { ...request, arguments: method === 'create_vm' ? withoutEnv(args) : args };
  return [
    ...reasons,
    '',
    `request   ${JSON.stringify(shown)}`,
    `response  ${exchange.stdout.trim() || '(none)'}`,
    `stderr    ${exchange.stderr.trim() || '(none)'}`,
    `exit code ${String(exchange.exitCode)}`,
    '',
    nextAfterCall,
  ].join('\n');
}

/** The last argument of create_vm holds certificates and passwords. */
function withoutEnv(args: readonly JsonValue[]): JsonValue[] {
  return [...args.slice(0, 5), '(env left out)'];
}

const nextAfterCall =
  'Next: read the error above; the events of the simulator (control, /_sim/events) tell what ' +
  'CloudStack did meanwhile.';
const nextAfterCheck =
  'Next: the events of the simulator (control, /_sim/events) tell how the cloud came to this.';
