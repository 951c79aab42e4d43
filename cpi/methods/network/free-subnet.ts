import { BoshError } from '../../protocol/bosh-error.js';
import { parseCidr, type Subnet } from './subnet.js';

/**
 * Where isolated networks are: the upper half of 10.0.0.0/8 first, because the lower one is what
 * people choose by hand.
 */
const blocks = ['10.128.0.0/9', '10.0.0.0/9'];

/**
 * The lowest subnet of a size that overlaps with none of `taken` (CIDRs): isolated networks may
 * overlap, but a VM with NICs in two that do cannot reach both. Tiers are `within` their VPC.
 *
 * @throws BoshError of type CloudError if there is none.
 */
export function freeSubnet(
  prefixLength: number,
  taken: readonly string[],
  within?: string,
): Subnet {
  const others = taken.map(parseCidr).filter((subnet) => subnet !== undefined);
  const searched = within === undefined ? blocks : [within];
  for (const block of searched.map(parseCidr)) {
    if (block === undefined || prefixLength < block.prefixLength) continue;
    const free = freeIn(block, prefixLength, others);
    if (free !== undefined) return free;
  }
  throw new BoshError(
    'CloudError',
    `create_network: no range of /${prefixLength} is free in ${within ?? '10.0.0.0/8'}; give the subnet ` +
      'a range',
  );
}

function freeIn(
  block: Subnet,
  prefixLength: number,
  others: readonly Subnet[],
): Subnet | undefined {
  const end = block.first + sizeOf(block);
  let first = block.first;
  while (first < end) {
    const candidate = { first, prefixLength };
    const obstacle = others.find((other) => overlap(candidate, other));
    if (obstacle === undefined) return candidate;
    first = Math.max(first + sizeOf(candidate), alignedEnd(obstacle, prefixLength));
  }
  return undefined;
}

/** The first multiple of the size at or after the end of a subnet. */
function alignedEnd(subnet: Subnet, prefixLength: number): number {
  const size = 2 ** (32 - prefixLength);
  return Math.ceil((subnet.first + sizeOf(subnet)) / size) * size;
}

function overlap(a: Subnet, b: Subnet): boolean {
  return a.first < b.first + sizeOf(b) && b.first < a.first + sizeOf(a);
}

function sizeOf({ prefixLength }: Subnet): number {
  return 2 ** (32 - prefixLength);
}
