import { z } from 'zod';
import { cloudConfigSchema } from './cloud-config.js';

/** The page about the configuration of a cloud, rendered from its schema. */
export function cloudConfigPage(): string {
  return `${[
    '# The contract on a cloud',
    '<!-- Generated from bats-runner/target/cloud-config.ts by `npm run build`. -->',
    intro,
    '```sh\n' +
      'bats-runner contract --target cloud --config cloud.json\n' +
      'bats-runner contract --target cloud --config cloud.json --case VM ENV-01\n' +
      'bats-runner sweep --target cloud --config cloud.json            # what is left, if anything\n' +
      'bats-runner sweep --target cloud --config cloud.json --delete\n' +
      '```',
    before,
    cleaning,
    reports,
    otherCpis,
    '## The configuration',
    linesOf(cloudConfigSchema).join('\n'),
    '## An example',
    example,
    '```json\n' + withShortLists(exampleOf(cloudConfigSchema, true)) + '\n```',
  ].join('\n\n')}\n`;
}

const intro =
  '`bats-runner contract --target cloud` tries the cases of the [contract](contract.md) on a ' +
  'CloudStack that is there: with the CPI as an executable, the cloud by its API, and the keys of ' +
  'an ordinary user. Cases for which the cloud has no means are skipped, and the reason is told. ' +
  'Cases are run one after another, because all share one account. The same file with `--target ' +
  'simulator` is for a simulator that runs already; then its control is used, too.';

const before =
  'Before the first case it looks at the cloud and names everything that is not as the file says: ' +
  'an endpoint that cannot be reached, keys that are refused, a name that does not exist (with ' +
  'those that do), an address that is held already (and by which VM). Nothing is changed. Mistakes ' +
  'in the file end with exit code 2, a cloud that is not as it says with 3; all of them are told ' +
  'at once. A call that the role of the account forbids is told by each case that needs it. Ctrl-C ' +
  'ends this, too, with 130.';

const cleaning =
  'What cases make carries ids that begin with `ba75ba75-` in its name, tags or description. After ' +
  'each case, also a failed one, it is deleted; after each run, also one that was ended by Ctrl-C, ' +
  'what is left is looked for and deleted, which only a second Ctrl-C ends. A run that was killed outright leaves things behind: ' +
  '`bats-runner sweep` lists them, and with `--delete` deletes them. It touches only what is ' +
  'marked so, what runs noted in the folder of their reports (`--output`) before they asked for it, ' +
  'and the `vips` of the file. A VM that goes is expunged where the account or the operator may; else it ' +
  'is stopped and its NICs get other addresses first, so that those of the file are free for the next run. ' +
  'Do not sweep while a run is under way in the same account. Runs may go ' +
  'on side by side in one account if their files name different addresses and different `vips`.';

const reports =
  'The folder of the reports (`bats-results` unless `--output` names another) gets `receipt.md`, a ' +
  'page about what ran on what, how it ended, and what was skipped and why; `report.json`, ' +
  '`report.xml` (JUnit) and `html/index.html`. A failed case has every call of the CPI with its ' +
  'request, response and log, the CloudStack requests that it made, and the command that runs it ' +
  'again; on a simulator also the events and the whole world, which `cloudstack-simulator --load` ' +
  'opens, with other keys and passwords of its accounts. No secret of the file or of the template ' +
  'of a cpi.json (keys, passwords, tokens, private keys) is in any of them, whatever the CPI has ' +
  'printed. In `report.xml` a failure is what the CPI did, an error what else went wrong. ' +
  '[`bats-runner record`](record.md) keeps what the CPI and the cloud say to each other, and ' +
  '[`bats-runner upstream`](upstream.md) adds the acceptance tests of a Director to the same folder.';

const otherCpis =
  'Another CPI is tried with `--cpi COMMAND`, in which `{config}` becomes the path of its cpi.json, ' +
  'and `--cpi-config FILE`, the template of that: JSON with `{endpoint}`, `{api_key}` and `{secret}` ' +
  'where those belong. The endpoint is one on this machine that passes all on to the cloud. Before the ' +
  'first case it is asked for its `info`: a CPI that cannot be run, has not answered within 60 s, or prints something else is ' +
  'told at once, with exit code 3. It is run in a folder of its own, with the environment that a ' +
  'Director gives: name its files by absolute paths.';

const example =
  'It fits the default world of the [simulator](../simulator/worlds.md), whose endpoint is ' +
  '`http://127.0.0.1:8080/client/api` and which prints the keys of an ordinary user as it starts.';

interface Part {
  readonly schema: z.ZodType;
  readonly about: Readonly<Record<string, unknown>>;
  readonly isOptional: boolean;
  readonly fallback: unknown;
}

function linesOf(object: z.ZodObject, prefix = ''): string[] {
  return Object.entries(object.shape).flatMap(([key, schema]) => {
    const name = `${prefix}${key}`;
    const part = unwrapped(schema as z.ZodType);
    const { schema: inner } = part;
    if (!(inner instanceof z.ZodObject)) return [told(name, part)];
    // All networks have the same parts.
    if ('addresses' in inner.shape && name !== 'network') {
      return [`${told(name, part)} It has the parts of \`network\`.`];
    }
    return [told(name, part), ...linesOf(inner, `${name}.`)];
  });
}

/** Without what only says that it may be left out. */
function unwrapped(schema: z.ZodType): Part {
  const about = z.globalRegistry.get(schema) ?? {};
  if (!(schema instanceof z.ZodOptional) && !(schema instanceof z.ZodDefault)) {
    return { schema, about, isOptional: false, fallback: undefined };
  }
  const inner = unwrapped(schema.unwrap() as z.ZodType);
  const fallback = schema instanceof z.ZodDefault ? schema.def.defaultValue : inner.fallback;
  return { ...inner, about: { ...inner.about, ...about }, isOptional: true, fallback };
}

function told(name: string, { about, isOptional, fallback }: Part): string {
  const optional = fallback === undefined ? 'optional' : `default: \`${JSON.stringify(fallback)}\``;
  const example =
    about['example'] === undefined ? '' : `; example: \`${JSON.stringify(about['example'])}\``;
  const need = isOptional ? optional : 'required';
  return `- \`${name}\` (${need}${example}): ${String(about['description'])}`;
}

/** A file with all that is required, and `more`: what else there is an example of. */
function exampleOf(object: z.ZodObject, more: boolean): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object.shape).flatMap(([name, schema]) => {
      const { schema: inner, about, isOptional } = unwrapped(schema as z.ZodType);
      const { example } = about;
      if (isOptional && (!more || example === undefined)) return [];
      if (inner instanceof z.ZodObject) return [[name, exampleOf(inner, false)]];
      return [[name, example ?? '…']];
    }),
  );
}

/** As JSON in which a list stands in one line. */
function withShortLists(value: object): string {
  return JSON.stringify(value, null, 2).replace(/\[[^\][{}]*\]/g, (list) =>
    JSON.stringify(JSON.parse(list)).replaceAll('","', '", "'),
  );
}
