import type { JsonValue } from '../json.js';
import { CallFailed } from './caller-session.js';

/**
 * What an operator needs to know about a tour that failed: the CPI's request and answer where a
 * call failed, and what to do next. The values in `secrets` are left out.
 */
export function failureText(error: unknown, secrets: readonly string[], eventsUrl: string): string {
  const lines =
    error instanceof CallFailed
      ? callFailure(error)
      : [error instanceof Error ? error.message : String(error)];
  const next = `Next: ${eventsUrl} tells what happened in the cloud meanwhile, and why.`;
  const text = [...lines, '', next].join('\n');
  return secrets.reduce((result, secret) => result.replaceAll(secret, '***'), text);
}

function callFailure({ request, exchange, reasons }: CallFailed): string[] {
  const { method, arguments: args } = request;
  const shown = { ...request, arguments: method === 'create_vm' ? withoutEnv(args) : args };
  return [
    ...reasons,
    '',
    `request    ${JSON.stringify(shown)}`,
    `response   ${exchange.stdout.trim() || '(none)'}`,
    `stderr     ${exchange.stderr.trim() || '(none)'}`,
    `exit code  ${String(exchange.exitCode)}`,
  ];
}

/** The last argument of create_vm holds certificates and passwords. */
function withoutEnv(args: readonly JsonValue[]): JsonValue[] {
  return [...args.slice(0, 5), '(env left out)'];
}
