import { cidsIn, makesSomething, type CidKind, type NamedCid } from './cid-map.js';
import { createdCid } from './ledger.js';
import type { Recording } from './recording.js';

/**
 * The chosen scenarios and those that they build on, in recorded order: a scenario needs the ones
 * that made what its calls name. A stemcell or disk that none made is made like an earlier one.
 */
export function withPredecessors(
  chosen: readonly string[],
  inOrder: readonly Recording[],
): Recording[] {
  const makers = new Map<string, string>();
  for (const recording of inOrder) {
    for (const cid of madeIn(recording)) makers.set(cid, recording.scenario);
  }
  const needed = new Set(chosen);
  // Who makes something comes before who names it, so one pass from the end finds them all.
  for (const [position, recording] of [...inOrder.entries()].reverse()) {
    if (!needed.has(recording.scenario)) continue;
    for (const { cid, kind } of namedIn(recording)) {
      const maker = makers.get(cid) ?? lastMakerOf(kind, inOrder.slice(0, position));
      if (maker !== undefined) needed.add(maker);
    }
  }
  return inOrder.filter(({ scenario }) => needed.has(scenario));
}

function lastMakerOf(kind: CidKind, earlier: readonly Recording[]): string | undefined {
  if (kind === 'vm') return undefined;
  return earlier.findLast(({ calls }) =>
    calls.some(({ request }) => request.method === `create_${kind}`),
  )?.scenario;
}

/** The CIDs that a recording names before any of its own calls has made them. */
export function namedIn(recording: Recording): NamedCid[] {
  const own = new Set(madeIn(recording));
  const found = recording.calls.flatMap(({ request }) => cidsIn(request));
  const unique = new Map(found.map((item) => [item.cid, item]));
  return [...unique.values()].filter(({ cid }) => !own.has(cid));
}

function madeIn({ calls }: Recording): string[] {
  return calls
    .filter(({ request }) => makesSomething(request.method))
    .flatMap(({ response }) => createdCid(response.result) ?? []);
}
