import { commands } from '../../commands/index.js';
import type { AnyCommand } from '../../declare/command.js';
import { bulletList, pageOf, table } from './page.js';

/** What CloudStack's API has, within the simulator's scope. */
export interface ApiVector {
  readonly commands: Readonly<Record<string, CommandVector>>;
  /** The fields of each response class: `name`, or `nic: NicResponse` for objects within. */
  readonly objects: Readonly<Record<string, readonly string[]>>;
  /** Names of the commands outside of the scope. */
  readonly outside: readonly string[];
}

interface CommandVector {
  readonly resource: string;
  /** The class of the response object, where it is not only a success. */
  readonly answers?: string;
  readonly parameters: readonly string[];
}

/** What tests show: by `command.parameter` and `Class.field`, the file of the test. */
export interface ShownByTests {
  readonly parameters: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, string>>;
}

const HOW_COUNTED =
  'A parameter counts only if a test of the simulator shows that its value changes what comes of the ' +
  'request; a response field, if a test gets an answer that has it with a value. What stands below a ' +
  'resource is missing; all the rest is there, and described on the page of [commands](commands.md). ' +
  'Parameters that every command takes (`response`, `customjobid`, `starteventid`) are not counted. ' +
  '`npm run coverage:api` looks anew for what the tests show.';

/** Why the commands outside of the scope are there. */
const SCOPE =
  'The scope is what BOSH, and other clients that deploy and watch virtual machines, ask a zone for. ' +
  'Outside of it is what builds and runs a cloud (adding hosts, pools, system VMs, regions), and services ' +
  'of their own (VPN, BGP, autoscaling, backup, buckets, usage, consoles): their commands are refused as ' +
  'ones that CloudStack does not know. [All of them](#outside-of-the-scope) stand at the end. Commands of ' +
  'plugins, such as those for Kubernetes, LDAP and quotas, are not counted.';

const byName = new Map(commands.map((command) => [command.name, command]));

/** The page about what is simulated of the API, and what is not. */
export function coveragePage(api: ApiVector, shown: ShownByTests): string {
  const parts = resourcesOf(api).map((resource) => coverageOf(resource, api, shown));
  return pageOf(
    'Coverage of the API',
    'what CloudStack has, what is declared and what tests show',
    [
      totals(parts, api),
      SCOPE,
      HOW_COUNTED,
      summaryTable(parts),
      '## What is missing',
      ...parts.flatMap(section),
      '## Outside of the scope',
      `CloudStack has these commands, too: ${names(api.outside)}.`,
    ],
  );
}

interface Counted {
  readonly there: number;
  readonly all: number;
}

interface ResourceCoverage {
  readonly resource: string;
  readonly commands: Counted;
  readonly parameters: Counted;
  readonly fields: Counted;
  readonly missing: readonly string[];
}

function coverageOf(resource: string, api: ApiVector, shown: ShownByTests): ResourceCoverage {
  const own = Object.entries(api.commands).filter(([, vector]) => vector.resource === resource);
  const absent = own.filter(([name]) => !byName.has(name)).map(([name]) => name);
  const gaps = own.flatMap(([name, vector]) => commandGap(name, vector, shown));
  const classes = classesOf(resource, api);
  const fieldGaps = classes
    .filter((name) => isAnswered(name, api))
    .flatMap((name) => fieldGap(name, api, shown));
  return {
    resource,
    commands: { there: own.length - absent.length, all: own.length },
    parameters: sum(
      own.map(([name, { parameters }]) => ({
        there: parameters.filter((parameter) => isShown(name, parameter, shown)).length,
        all: parameters.length,
      })),
    ),
    fields: sum(
      classes.map((name) => ({
        there: fieldsOf(name, api).filter((field) => `${name}.${field}` in shown.fields).length,
        all: fieldsOf(name, api).length,
      })),
    ),
    missing: [...(absent.length > 0 ? [`commands: ${names(absent)}`] : []), ...gaps, ...fieldGaps],
  };
}

/** What a simulated command lacks. */
function commandGap(name: string, { parameters }: CommandVector, shown: ShownByTests): string[] {
  const command = byName.get(name);
  if (command === undefined) return [];
  const missing = parameters.filter((parameter) => !takes(command, parameter));
  const unshown = parameters.filter(
    (parameter) => takes(command, parameter) && !isShown(name, parameter, shown),
  );
  const gaps = [
    ...(missing.length > 0 ? [names(missing)] : []),
    ...(unshown.length > 0 ? [`taken, but no test shows an effect: ${names(unshown)}`] : []),
  ];
  return gaps.length > 0 ? [`\`${name}\`: ${gaps.join('; ')}`] : [];
}

function fieldGap(name: string, api: ApiVector, shown: ShownByTests): string[] {
  const missing = fieldsOf(name, api).filter((field) => !(`${name}.${field}` in shown.fields));
  return missing.length > 0 ? [`fields of ${name}: ${names(missing)}`] : [];
}

function section({ resource, missing }: ResourceCoverage): string[] {
  if (missing.length === 0) return [];
  return [`### ${resource}`, bulletList(missing)];
}

/** How much there is of everything, in a sentence or two. */
function totals(parts: readonly ResourceCoverage[], { outside }: ApiVector): string {
  const { commands: inScope, parameters, fields } = totalOf(parts);
  const all = inScope.all + outside.length;
  return (
    `CloudStack 4.20 has ${all} commands: ${inScope.there} of them are simulated, ` +
    `${inScope.all - inScope.there} within the scope of the simulator are not yet, and ` +
    `${outside.length} are outside of it. Of the parameters within the scope ${ratio(parameters)} are ` +
    `simulated, of the response fields ${ratio(fields)}.`
  );
}

function totalOf(parts: readonly ResourceCoverage[]): Omit<ResourceCoverage, 'missing'> {
  return {
    resource: 'all',
    commands: sum(parts.map(({ commands: counted }) => counted)),
    parameters: sum(parts.map(({ parameters }) => parameters)),
    fields: sum(parts.map(({ fields }) => fields)),
  };
}

function summaryTable(parts: readonly ResourceCoverage[]): string {
  return table(
    ['resource', 'commands', 'parameters', 'response fields'],
    [...parts, totalOf(parts)].map(({ resource, commands: ofCommands, parameters, fields }) => [
      resource,
      ratio(ofCommands),
      ratio(parameters),
      ratio(fields),
    ]),
  );
}

/** The response classes that are at home with a resource. */
function classesOf(resource: string, api: ApiVector): string[] {
  return [...homes(api)].filter(([, home]) => home === resource).map(([name]) => name);
}

function homes(api: ApiVector): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const enter = (name: string | undefined, resource: string): void => {
    if (name !== undefined && !found.has(name)) found.set(name, resource);
  };
  const closest = Object.entries(api.commands).sort((a, b) => distance(a) - distance(b));
  for (const [, { answers, resource }] of closest) enter(answers, resource);
  // A map is walked on to what is entered meanwhile.
  for (const [name, resource] of found) {
    for (const inner of classesWithin(name, api)) enter(inner, resource);
  }
  return found;
}

/** A class has the name of its resource, or is what the resource's list consists of. */
function distance([name, { answers, resource }]: [string, CommandVector]): number {
  const isNamed = answers?.toLowerCase().includes(resource.replace(/-/g, '')) ?? false;
  return (isNamed ? 0 : 2) + (name.startsWith('list') ? 0 : 1);
}

/** Whether some simulated command answers with the class, or with one that holds it. */
function isAnswered(name: string, api: ApiVector): boolean {
  const reached = new Set<string>();
  for (const [command, { answers }] of Object.entries(api.commands)) {
    if (answers !== undefined && byName.has(command)) reached.add(answers);
  }
  for (const holder of reached) for (const inner of classesWithin(holder, api)) reached.add(inner);
  return reached.has(name);
}

function classesWithin(name: string, api: ApiVector): string[] {
  return (api.objects[name] ?? []).flatMap((field) => field.split(': ')[1] ?? []);
}

function resourcesOf(api: ApiVector): string[] {
  return [...new Set(Object.values(api.commands).map(({ resource }) => resource))].sort();
}

function fieldsOf(name: string, api: ApiVector): string[] {
  return (api.objects[name] ?? []).map((field) => field.split(': ')[0] ?? field);
}

function takes(command: AnyCommand, parameter: string): boolean {
  return Object.hasOwn(command.parameters, parameter);
}

function isShown(command: string, parameter: string, shown: ShownByTests): boolean {
  const declaration = byName.get(command);
  if (declaration === undefined || !takes(declaration, parameter)) return false;
  return `${command}.${parameter}` in shown.parameters;
}

function sum(counts: readonly Counted[]): Counted {
  return {
    there: counts.reduce((total, { there }) => total + there, 0),
    all: counts.reduce((total, { all }) => total + all, 0),
  };
}

function ratio({ there, all }: Counted): string {
  return `${there} of ${all}`;
}

function names(list: readonly string[]): string {
  return list.map((name) => `\`${name}\``).join(', ');
}
