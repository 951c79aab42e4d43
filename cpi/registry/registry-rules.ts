import { needs, type Rule } from '../config/rule.js';

/** What is to be right of several properties of registry.json at once. */
export const registryRules: readonly Rule[] = needs(
  'registry.check_source_address',
  true,
  ['endpoint', 'api_key', 'secret_access_key'].map((key) => `cloudstack.${key}`),
);
