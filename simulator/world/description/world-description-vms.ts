import { z } from 'zod';

const name = z.string().min(1);

/** More VMs of one kind than any zone has; a mistyped count must not fill the memory. */
const MAX_VMS = 100_000;

/** VMs that are alike, as the author of a world writes them. */
export const vmGroupDescription = z.strictObject({
  name: name.describe('How their names begin; the number of each, from 1, follows.'),
  count: z.number().int().positive().max(MAX_VMS).default(1).describe('How many there are.'),
  account: name.describe('The account that owns them.'),
  zone: name.describe('The zone where they run.'),
  template: name.describe('The template that they were made from, one of the zone.'),
  serviceOffering: name.describe('Their size; not a custom offering.'),
  networks: z.array(name).min(1).describe('The networks of their NICs, the default one first.'),
});
