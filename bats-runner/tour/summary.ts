import Table from 'cli-table3';
import type { RunningSimulator } from '../target/simulator.js';
import type { SessionCall } from './caller-session.js';
import type { Paint } from '../paint.js';
import { shortIds } from './progress.js';

/** The calls of the tour as a table: call, result, CloudStack requests made, time. */
export function callTable(calls: readonly SessionCall[], paint: Paint): string {
  const table = new Table({
    head: ['call', 'result', 'requests', 'time'],
    colAligns: ['left', 'left', 'right', 'right'],
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  const infos = calls.filter(({ method }) => method === 'info');
  const others = calls.filter(({ method }) => method !== 'info');
  let command = '';
  for (const call of others) {
    if (call.command !== command) table.push([paint.strong(call.command), '', '', '']);
    command = call.command;
    table.push([`  ${call.method}`, resultText(call), call.requests, seconds(call.durationMs)]);
  }
  table.push(
    [
      paint.strong(`info × ${infos.length}`),
      'before each call',
      total(infos, 'requests'),
      seconds(total(infos, 'durationMs')),
    ],
    [paint.strong('in all'), '', total(calls, 'requests'), seconds(total(calls, 'durationMs'))],
  );
  const [head = '', ...rows] = table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return [head, '─'.repeat(head.length), ...rows].map((line) => `  ${line}`).join('\n');
}

/** Where the running programs are reached, and the simulator with which keys. */
export function addresses(
  simulator: RunningSimulator,
  registry: { readonly endpoint: string },
  stemcellServer: { readonly endpoint: string },
): string {
  const rows = [
    ['API', simulator.endpoint],
    ['Console', simulator.console],
    ['Control', `${simulator.control}/health`],
    ['API key', simulator.user.apiKey],
    ['Secret key', simulator.user.secretKey],
    ['Registry', `${registry.endpoint}/health`],
    ['Stemcells', `${stemcellServer.endpoint}/health`],
  ];
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(12)}${value}`).join('\n');
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

function resultText({ result }: SessionCall): string {
  if (result === null) return 'done';
  const shown = Array.isArray(result) ? result[0] : result;
  const text = typeof shown === 'string' ? shown : JSON.stringify(shown);
  // Of a disk hint, the name of the device says enough.
  return shortIds(text.replace(/^(?:\{"path":")?\/[^"]*\/([^"/]+)(?:"\})?$/, '$1'));
}

function total(calls: readonly SessionCall[], key: 'requests' | 'durationMs'): number {
  return calls.reduce((sum, call) => sum + call[key], 0);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
