import { isIP } from 'node:net';
import { isObject, textOf, type JsonObject, type JsonValue } from '../json.js';
import type { Held, Inventory } from './inventory.js';

/**
 * The keys of what is ours of what an account holds: what a text about it (id, name, address,
 * description, the value of a tag) marks as ours, and what belongs to something that is: volumes
 * that a VM was made with, rules of VMs and addresses, addresses of VMs.
 */
export function oursIn(
  inventory: Inventory,
  isOurText: (text: string) => boolean,
): ReadonlySet<string> {
  const marked = new Set<string>();
  for (const [key, held] of inventory) if (textsOf(held).some(isOurText)) marked.add(key);
  const all = idsOf(inventory, new Set(inventory.keys()), 'VM');
  const vms = idsOf(inventory, marked, 'VM');
  const roots = rootNames(inventory, vms);
  for (const [key, { kind, row }] of inventory) {
    const vm = textOf(row['virtualmachineid']);
    // Whoever else has a VM at an address, or a disk in a VM, has it rightly.
    if (kind.name === 'public address' && all.has(vm) && !vms.has(vm)) marked.delete(key);
    else if (kind.name === 'volume' ? isMadeWith(row, roots) : vms.has(vm)) marked.add(key);
  }
  const addresses = idsOf(inventory, marked, 'public address');
  for (const [key, { row }] of inventory) {
    const ids = [row['ipaddressid'], row['publicipid']].map(textOf);
    if (ids.some((id) => addresses.has(id))) marked.add(key);
  }
  return marked;
}

/** An address says whose a public address is, and nothing else: a CPI tags VMs with theirs. */
function textsOf({ kind, row }: Held): string[] {
  const { id, name, ipaddress, displaytext, description } = row;
  const tags = rowsIn(row['tags']).map(({ value }) => value);
  const texts = [id, name, displaytext, description, ...tags].map(textOf);
  const addresses = kind.name === 'public address' ? [textOf(ipaddress)] : [];
  return [...texts.filter((text) => isIP(text) === 0), ...addresses];
}

function idsOf(inventory: Inventory, keys: ReadonlySet<string>, kind: string): Set<string> {
  const rows = [...inventory].filter(([key, held]) => keys.has(key) && held.kind.name === kind);
  return new Set(rows.map(([, { row }]) => textOf(row['id'])));
}

/** By VM: what the names of its volumes end with that were made with it. */
function rootNames(inventory: Inventory, vms: ReadonlySet<string>): ReadonlyMap<string, string> {
  return new Map(
    [...inventory.values()]
      .filter(({ row }) => row['type'] === 'ROOT' && vms.has(textOf(row['virtualmachineid'])))
      .map(({ row }) => [textOf(row['virtualmachineid']), textOf(row['name'])]),
  );
}

/** `ROOT-12`, and `DATA-12` of the same VM (VolumeOrchestrator.allocateRawVolume). */
function isMadeWith(row: JsonObject, roots: ReadonlyMap<string, string>): boolean {
  const root = roots.get(textOf(row['virtualmachineid']));
  return (
    root !== undefined && [root, root.replace(/^ROOT-/, 'DATA-')].includes(textOf(row['name']))
  );
}

function rowsIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
