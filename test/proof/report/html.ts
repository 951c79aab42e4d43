// A report for people, as one page that needs nothing else.
import type { Failure } from '../run.js';
import { crashMatrix } from './crash-matrix.js';
import { style } from './html-style.js';
import type { Machine } from './machines.js';
import { sumOf, type Numbers, type Report } from './tally.js';

export function htmlOf(report: Report): string {
  const { failures, isUnderWay } = report;
  const isBroken = failures.length > 0;
  const state = isUnderWay ? 'under way' : 'ended';
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ...(isUnderWay ? ['<meta http-equiv="refresh" content="30">'] : []),
    `<title>${isBroken ? `${failures.length} broken` : 'No promise broken'} · proof</title>`,
    `<style>${style}</style></head><body><main>`,
    `<header class="${isBroken ? 'broken' : 'kept'}"><p class="over">bosh-cloudstack-cpi · proof · ${state}</p>`,
    `<h1>${verdict(failures)}</h1>`,
    `<p>${sentence(report)}</p></header>`,
    figures(report),
    ...(isBroken ? ['<h2>Broken promises</h2>', ...failures.map(failureHtml)] : []),
    '<h2>What was called, and what went wrong</h2><div class="columns">',
    bars('What was done', report.deeds),
    bars('Calls, by method', report.calls),
    bars('Faults of the cloud', report.faults),
    bars('Interrupted requests', report.interruptions),
    bars('Clouds', report.clouds),
    '</div>',
    '<h2>Crash points</h2>',
    crashPoints(report),
    '<h2>States and transitions visited</h2>',
    '<p>Of the machines of what the CPI makes and uses. What is grey did not come about: much of it only ',
    'administrators bring about, with commands that the CPI never sends.</p>',
    ...report.machines.map(machineHtml),
    '</main></body></html>\n',
  ].join('\n');
}

function verdict({ length }: readonly Failure[]): string {
  if (length === 0) return 'No promise broken';
  return length === 1 ? 'One promise broken' : `${length} promises broken`;
}

function sentence(report: Report): string {
  const { cases, calmCases, keptCases, twice, firstSeed, seconds, virtualHours, fingerprint } =
    report;
  const seeds = cases === 0 ? 'none yet' : `${firstSeed} to ${firstSeed + cases - 1}`;
  return [
    ...(keptCases > 0 ? [`First ${number(keptCases)} cases that failed once.`] : []),
    `Seeds ${seeds}, ${number(calmCases)} of the cases without any trouble, so that each call had to succeed.`,
    ...(twice > 0
      ? [`${number(twice)} were lived through twice, and had to go the same way.`]
      : []),
    `${number(virtualHours)} hours passed in the clouds, in ${duration(seconds)} here.`,
    `The fingerprint of all requests and events is ${fingerprint}.`,
  ].join(' ');
}

function figures(report: Report): string {
  const { cases, calls, requests, events, crashPoints, faults, machines } = report;
  const transitions = machines.flatMap((machine) => machine.transitions);
  const seen = transitions.filter(({ times }) => times > 0).length;
  const all: readonly (readonly [string, string])[] = [
    ['cases', number(cases)],
    ['calls of the CPI', number(sumOf(calls))],
    ['requests', number(requests)],
    ['messages that overtook others', number(report.overtakings)],
    ['events in the clouds', number(events)],
    ['faults', number(sumOf(faults))],
    ['kinds of crash points', number(Object.keys(crashPoints).length)],
    ['transitions visited', `${seen} of ${transitions.length}`],
    ['converged within an hour', `${number(report.convergedWithinAnHour)} of ${number(cases)}`],
    ['longest convergence', `${report.longestConvergenceHours} h`],
  ];
  const items = all.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return `<dl class="figures">${items.join('')}</dl>`;
}

function failureHtml({ seed, what, replay, trace }: Failure): string {
  const [first = '', ...rest] = what.split('\n');
  return [
    `<article class="failure"><h3>${seed === null ? 'A kept case' : `Seed ${seed}`}: ${escaped(first)}</h3>`,
    `<pre class="command">${escaped(replay)}</pre>`,
    `<details><summary>What was done (${trace.length} lines)</summary>`,
    `<pre>${escaped([...trace, '', ...rest].join('\n'))}</pre></details></article>`,
  ].join('');
}

/** Names and numbers, with bars that compare them. */
function bars(title: string, numbers: Numbers): string {
  const most = Math.max(1, ...Object.values(numbers));
  const rows = Object.entries(numbers).map(
    ([name, value]) =>
      `<tr><th>${escaped(name)}</th><td>${number(value)}</td><td class="bar">` +
      `<span style="width:${Math.max(1, Math.round((100 * value) / most))}%"></span></td></tr>`,
  );
  return `<section><h3>${title}</h3><table class="bars">${rows.join('')}</table></section>`;
}

function crashPoints({ crashPoints: points }: Report): string {
  const { methods, hows } = crashMatrix(points);
  const head = hows.map((how) => `<th>${escaped(how)}</th>`).join('');
  const sections = methods.map(({ method, times, rows }) => {
    const body = rows.map(
      ({ command, counts }) =>
        `<tr><th>${escaped(command)}</th>${counts
          .map((count) => `<td class="${count === 0 ? 'none' : ''}">${number(count)}</td>`)
          .join('')}</tr>`,
    );
    return (
      `<details><summary><b>${escaped(method)}</b> ${times === 1 ? 'once' : `${number(times)} times`}, ` +
      `at ${rows.length === 1 ? 'one command' : `${rows.length} commands`}</summary><div class="wide"><table class="points"><thead><tr><th></th>${head}</tr></thead>` +
      `<tbody>${body.join('')}</tbody></table></div></details>`
    );
  });
  return sections.join('');
}

function machineHtml({ entity, states, transitions }: Machine): string {
  const seen = transitions.filter(({ times }) => times > 0).length;
  const chips = Object.entries(states).map(
    ([state, times]) =>
      `<li class="${times === 0 ? 'none' : ''}">${escaped(state)} <b>${number(times)}</b></li>`,
  );
  const rows = [...transitions]
    .sort((one, other) => other.times - one.times)
    .map(
      ({ from, event, to, times }) =>
        `<tr class="${times === 0 ? 'none' : ''}"><td>${escaped(from)}</td><td>${escaped(event)}</td>` +
        `<td>${escaped(to)}</td><td class="times">${number(times)}</td></tr>`,
    );
  return (
    `<details><summary><b>${escaped(entity)}</b> ${seen} of ${transitions.length} transitions` +
    `</summary><ul class="chips">${chips.join('')}</ul><div class="wide"><table><thead><tr>` +
    '<th>from</th><th>event</th><th>to</th><th class="times">times</th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table></div></details>`
  );
}

function number(value: number): string {
  return value.toLocaleString('en-GB');
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} minutes`;
  return `${(seconds / 3_600).toFixed(1)} hours`;
}

function escaped(text: string): string {
  const signs: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text.replace(/[&<>"]/g, (sign) => signs[sign] ?? sign);
}
