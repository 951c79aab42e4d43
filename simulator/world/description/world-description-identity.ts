import { z } from 'zod';
import { resourceTypes } from '../identity/resource-types.js';

/** The part of a world's description that says who there is: domains, roles, accounts, projects. */
const name = z.string().min(1);

/** What a default role is called in a description: by its type. */
export const roleTypes = ['Admin', 'DomainAdmin', 'ResourceAdmin', 'User'] as const;

const limits = z
  .union([z.literal('unlimited'), z.partialRecord(z.enum(resourceTypes), z.number().int().min(-1))])
  .default({})
  .describe(
    'The most it may have, by resource type: ' +
      `${resourceTypes.map((type) => `\`${type}\``).join(', ')}; memory in MiB, storage in GiB, ` +
      '-1 for any number. The settings `max.` decide the rest. `unlimited` is -1 for all.',
  );

const domain = z.strictObject({
  path: name.describe('Its names from the root on, such as `ROOT/sales`; those above come before.'),
  networkDomain: name.optional().describe('DNS suffix of networks that say none themselves.'),
  limits,
});

const rule = z.strictObject({
  rule: z
    .string()
    .regex(/^[a-zA-Z0-9*]+$/, 'must be the name of a command, with * for any part of it')
    .describe('The name of a command; `*` stands for any part of it.'),
  permission: z.enum(['allow', 'deny']).describe('What the rule says about it.'),
  description: name.optional().describe('What the rule is for.'),
});

const role = z.strictObject({
  name: name.describe('Name of the role.'),
  type: z.enum(roleTypes).describe('Whose resources its accounts see and change.'),
  description: name.optional().describe('What the role is for.'),
  rules: z
    .array(rule)
    .default([])
    .describe('What it may call: of the rules that match a command, the first decides.'),
});

const account = z.strictObject({
  name: name.describe('Name of the account, unique in the world.'),
  role: name.describe(
    `What it may do: ${roleTypes.join(', ')}, or the name of one of the roles. One must be Admin.`,
  ),
  domain: name.default('ROOT').describe('Path of its domain; root admins are in ROOT.'),
  username: name.optional().describe("Name of the account's user; its own name unless given."),
  apiKey: name.optional().describe('API key of the user; drawn from the seed unless given.'),
  secretKey: name.optional().describe('Secret key of the user; drawn from the seed unless given.'),
  limits,
});

const project = z.strictObject({
  name: name.describe('Name of the project, unique in its domain.'),
  displayText: name.optional().describe('Text beside the name; the name unless given.'),
  account: name.describe("The account that owns it; the project is in that account's domain."),
  members: z.array(name).default([]).describe('Further accounts of the domain that may use it.'),
  limits,
});

export const identityDescription = {
  domains: z.array(domain).default([]).describe('Domains below ROOT, which is always there.'),
  roles: z.array(role).default([]).describe('Roles beside the four that are always there.'),
  accounts: z.array(account).min(1).describe('Who uses the API: an account with one user each.'),
  projects: z.array(project).default([]).describe('Projects, which own resources like accounts.'),
} as const;
