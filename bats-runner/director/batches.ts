import { createdCid } from './ledger.js';
import { cidsIn, makesSomething } from './cid-map.js';
import type { RecordedCall, Recording } from './recording.js';

/**
 * The recorded calls in groups: those of a group were in flight together. A Director's thread asks
 * for `info` and then makes its call, so calls that came in a row after as many `info`s were made by
 * different threads. Calls of which one builds on another never share a group.
 */
export function batchesOf({ calls }: Recording): number[][] {
  const batches: number[][] = [];
  let infos = 0;
  let batch: number[] = [];
  for (const [index, call] of calls.entries()) {
    const isInfo = call.request.method === 'info';
    const joins =
      !isInfo &&
      batch.length > 0 &&
      batch.length < infos &&
      batch.every((earlier) => areIndependent(calls[earlier], call));
    if (joins) {
      batch.push(index);
      continue;
    }
    const before = calls[index - 1]?.request.method;
    if (isInfo) infos = before === 'info' ? infos + 1 : 1;
    else if (before !== 'info') infos = 0;
    batch = isInfo ? [] : [index];
    batches.push(isInfo ? [index] : batch);
  }
  return batches;
}

function areIndependent(one: RecordedCall | undefined, other: RecordedCall): boolean {
  if (one === undefined) return false;
  const touched = touchedBy(one);
  return touchedBy(other).every((cid) => !touched.includes(cid));
}

/** What a call changes or makes, by recorded CID; VMs that share a stemcell do not disturb each other. */
function touchedBy({ request, response }: RecordedCall): string[] {
  const named = cidsIn(request)
    .filter(({ kind }) => kind !== 'stemcell' || request.method === 'delete_stemcell')
    .map(({ cid }) => cid);
  const made = makesSomething(request.method) ? createdCid(response.result) : undefined;
  const agent = request.method === 'create_vm' ? request.arguments[0] : undefined;
  return [...named, made, agent].filter((cid) => typeof cid === 'string');
}
