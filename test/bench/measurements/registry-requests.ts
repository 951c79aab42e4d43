// What the measurements of the registry send to it.
import type { RegistryConnection } from '../registry-client.js';

/** As large as those of a VM whose environment has certificates. */
export const settings = JSON.stringify({ agent_id: 'a', fill: 'x'.repeat(4_000) });

export function nameOf(number: number): string {
  return `vm-${number}`;
}

/** @throws Error where it is not answered with 200 */
export async function sendWell(
  { send }: RegistryConnection,
  method: 'GET' | 'PUT',
  instanceId: string,
  content = settings,
): Promise<void> {
  const status = await send(method, instanceId, method === 'PUT' ? content : undefined);
  if (status !== 200) throw new Error(`${method} of ${instanceId} was answered with ${status}`);
}
