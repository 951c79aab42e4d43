import type { PropertyTable } from '../../config/check.js';
import { propertyText, tableText } from '../../config/documentation.js';
import { jobPoll } from '../../flow/waiter.js';
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
  return `${['# Methods of the CPI', generated, intro, ...aboutCids, ...parts].join('\n\n')}\n`;
}

const aboutCids = [
  'CIDs are the ids that CloudStack gives: of VMs, volumes, templates, snapshots and networks. That of a ' +
    'light stemcell has ` light` behind it. VMs, disks and stemcells of earlier CPIs keep the names that ' +
    'these gave them for CIDs.',
  'What is gone is a success for `delete_vm`, `delete_disk`, `delete_snapshot`, `delete_stemcell` and ' +
    '`delete_network`, `false` for `has_vm` and `has_disk`, and an error of all other methods. The same is ' +
    'answered to a CID of another kind of thing, of nothing, or of what another account has: CloudStack ' +
    'says of all of them that there is no such thing, and a Director has to get rid of what it has lost ' +
    'sight of, and repeats deletions whose end it did not see. Nothing is changed in the cloud then, and ' +
    'in the registry only the settings that this Director has written for such a VM, if any, go (set ' +
    '`account` or `project_id` where one Director has several accounts); the log of the call says that ' +
    'there was nothing to delete.',
];

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
    'How many requests a call sends to CloudStack when nothing goes wrong; polls for the end of a job, ' +
    'and of a template on its way, are not counted, VMs have one NIC and an ephemeral disk where nothing else is said. Each further ' +
    'NIC of a new VM costs one look-up, with a static address a second one. No method lists anything without a filter, nor do `check` and ' +
    '`gc`: by id, by name or a part of it, by VM, network or tag; the offerings and networks of a zone ' +
    'are listed where one of them has to be chosen; `gc` lists the tags of networks; `check` looks at no more than 20 networks, and asks ' +
    'for all commands that its role may call (listApis).';
  const rows = budgets.map(({ method, situation, requests }) => [
    `\`${method}\``,
    situation,
    String(requests),
  ]);
  const table = tableText([['method', 'situation', 'requests'], ...rows]);
  const source = '<!-- Generated from test/vectors/request-budgets.json by `npm run build`. -->';
  const parts = [
    '# Requests of the CPI to CloudStack',
    source,
    intro,
    table,
    ...whyMore,
    ...looks(),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** What cannot be had for less. */
const whyMore = [
  '## Why some need more',
  'Before a VM with several static addresses is deployed, `create_vm` looks who holds those after the ' +
    'first. CloudStack gives NICs their addresses in turn, and when a further one is taken it keeps the ' +
    'first ones in a VM in state Error, from which an account that may not expunge gets none back for ' +
    'as long as `expunge.delay` says.',
  'An affinity group costs `create_vm` one look-up, and its creation one. A vip that the account holds ' +
    'costs two look-ups, before the VM is made and when it runs, and static NAT; one that is to be got ' +
    'also a look whether it is free, its allocation and its tags. A load balancer rule costs two ' +
    'look-ups for the same reason, the assignment, and one look whether it is there still; one that is ' +
    'to be made also a look for the address and its creation. A persistent disk costs a look at it and ' +
    'one at its offering, which tells whether it is on local storage.',
  'An affinity group that the CPI made costs `delete_vm` one request more to see whether another VM is ' +
    'in it, and one to delete it with its last VM: CloudStack deletes groups with VMs in them, a VM does ' +
    'not tell who else is in its group, and nothing else that `delete_vm` asks for does.',
  'Load balancers cost one request more for the rules of the VM, and each rule one to take the VM out. ' +
    'One that the CPI made costs one more to see whether another VM is behind it, and one to delete it ' +
    'with its last VM. This is looked at when the VM is out: of two calls at once for the last two VMs ' +
    'each would leave the rule to the other otherwise. A rule that is deleted with its last VM still ' +
    'behind it would save that one request, and cost one more for each VM that is not the last.',
  'A Director of API version 1 does not tell agents of disks; the user data of the VM do. They are read ' +
    'once more when the disk is attached, so that nothing is lost that another call has written ' +
    'meanwhile, and then written: two requests. Read together with the VM they would be as old as the ' +
    'attachment takes, and what is written to them in that time would be lost.',
  '`detach_disk` of a disk that is attached nowhere asks once (listAsyncJobs) whether an earlier call, ' +
    'perhaps killed, has ordered its attachment, which CloudStack may not have begun: nothing of the ' +
    'disk tells of it. So do `attach_disk` of a disk that the VM has, and `create_vm` of a local disk ' +
    'that another VM has, for its detachment; when that has ended they look at the disk again.',
  '`ping` asks once more where `cloudstack.project_id` or `cloudstack.account` is set.',
];

/** How often the CPI looks at jobs, in numbers that follow from how it does. */
function looks(): string[] {
  const { firstMs, factor, capMs } = jobPoll;
  const [short, usual, long] = [2, 6, 60].map((seconds) => looksWithin(seconds * 1000));
  const percent = Math.round((factor - 1) * 1_000) / 10;
  const perSecond = Math.round(10_000 / firstMs) / 10;
  return [
    '## How often jobs are looked at',
    `The end of a job on a VM or volume is looked for after ${firstMs} ms, and then after pauses that grow ` +
      `by ${percent} % each, up to ${capMs / 1000} s: a job of two seconds is looked at ${short} times, one ` +
      `of six ${usual} times, one of a minute ${long} times (queryAsyncJobResult, which reads one row). That ` +
      `is at most ${perSecond} requests a second for each call that waits, falling to ${1000 / capMs}; for ` +
      `five calls at once, as with five workers of a Director, at most ${Math.round(5 * perSecond)}.`,
    'A Director waits for one call after the other, so that what is seen late adds up: in a deployment ' +
      'of 20 VMs whose jobs take 6, 4 and 1.5 seconds the ends are seen 1.6 % of the time of the jobs late. ' +
      'With pauses from 250 ms that grow by 20 % up to 1 s it would be 11 %. Templates are looked at more ' +
      'and more seldom, every five seconds in the end.',
    'Where `api.throttling.enabled` is on, CloudStack takes 25 requests a second from an account unless ' +
      '`api.throttling.max` and `api.throttling.interval` say otherwise, refuses more with 429, and says when ' +
      'to ask again. The CPI waits that long and asks again, a refused change as well, for it was not ' +
      'begun; a refused look only comes later. A call fails by it only when it is refused five times in a ' +
      'row. If the log shows many of those (`throttled`), raise `api.throttling.max`, or have the CPI look ' +
      'less often: `cloudstack.poll` with `first_ms`, `factor` and `cap_ms`.',
  ];
}

function looksWithin(ms: number): number {
  let count = 0;
  let pauseMs = jobPoll.firstMs;
  for (let atMs = pauseMs; ; atMs += pauseMs) {
    count += 1;
    if (atMs >= ms) return count;
    pauseMs = Math.min(pauseMs * jobPoll.factor, jobPoll.capMs);
  }
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
