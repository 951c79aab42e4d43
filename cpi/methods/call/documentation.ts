import type { PropertyTable } from '../../config/check.js';
import { propertyText, tableText } from '../../config/documentation.js';
import { methods } from '../index.js';
import {
  diskProperties,
  forwardingProperties,
  loadBalancerProperties,
  managedNetworkProperties,
  networkProperties,
  vipProperties,
  vmProperties,
} from '../shared/cloud-properties.js';
import { stemcellProperties } from '../stemcell/stemcell-properties.js';

const generated = '<!-- Generated from the declarations in cpi/methods by `npm run build`. -->';

/** The page about the methods that this CPI implements, rendered from their declarations. */
export function methodsPage(): string {
  const parts = methods.map(({ name, summary, arguments: args, rules = [] }) => {
    const lines = args.map(
      (argument, index) =>
        `${index + 1}. \`${argument.name}\`: ${argument.expected}` +
        (argument.presence === 'optional' ? ' (may be left out)' : ''),
    );
    const list = lines.length > 0 ? [lines.join('\n')] : [];
    return [`## ${name}`, summary, ...list, ...rules].join('\n\n');
  });
  const intro =
    'These are all methods of the CPI API; what a newer Director may ask beside them is answered with ' +
    '`NotImplemented`, for which Directors have a way round.';
  return `${['# Methods of the CPI', generated, intro, ...parts].join('\n\n')}\n`;
}

/** How many requests a method sends in a situation, at most. */
export interface RequestBudget {
  readonly method: string;
  /** Empty where there is only one. */
  readonly situation: string;
  readonly requests: number;
}

/** The page about how many requests the methods send; a test keeps its numbers true. */
export function requestsPage(budgets: readonly RequestBudget[]): string {
  const intro =
    'How many requests a call sends to CloudStack when nothing goes wrong; polls for the end of a job ' +
    'are not counted, VMs have one NIC and an ephemeral disk where nothing else is said. Each further ' +
    'NIC of a new VM costs one look-up. No method lists anything without a filter: by id, by name or a ' +
    'part of it, by VM, network or tag; the offerings and networks of a zone are listed where one of ' +
    'them has to be chosen.';
  const rows = budgets.map(({ method, situation, requests }) => [
    `\`${method}\``,
    situation,
    String(requests),
  ]);
  const table = tableText([['method', 'situation', 'requests'], ...rows]);
  const source = '<!-- Generated from test/vectors/request-budgets.json by `npm run build`. -->';
  return `${['# Requests of the CPI to CloudStack', source, intro, table].join('\n\n')}\n`;
}

/** The page about cloud_properties, rendered from the tables that check them. */
export function cloudPropertiesPage(): string {
  const intro =
    'Unknown keys are ignored with a warning that names the nearest known one; ' +
    '`cloudstack.strict_properties` makes them an error.';
  const stemcells =
    'Stemcells carry their own cloud_properties, of which `name`, `version`, `hypervisor` and, of ' +
    'some, `disk_format` tell of the template. These choose what it is made of, where that is not ' +
    'the image in the stemcell:';
  const parts = [
    '# cloud_properties',
    generated,
    intro,
    ...section('VM types, VM extensions, AZs and resource pools', vmProperties),
    ...section('Load balancers: entries of `lbs`', loadBalancerProperties),
    ...section('Disk types', diskProperties),
    ...section('Manual and dynamic networks', networkProperties),
    ...section('Vip networks', vipProperties),
    ...section('Port forwarding: entries of `port_forwarding`', forwardingProperties),
    ...section('Subnets of managed networks', managedNetworkProperties),
    '## Stemcells',
    stemcells,
    ...propertyTexts(stemcellProperties),
  ];
  return `${parts.join('\n\n')}\n`;
}

function section(title: string, table: PropertyTable): string[] {
  return [`## ${title}`, ...propertyTexts(table)];
}

function propertyTexts(table: PropertyTable): string[] {
  return Object.entries(table).map(([name, property]) => propertyText(name, property));
}
