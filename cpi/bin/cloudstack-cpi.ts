#!/usr/bin/env node
// The CPI executable: one CPI call on stdin, one JSON document on stdout, exit code 0. Directors
// ask for `info` before nearly every call, and are answered before the rest of the program is
// loaded.
import { answerInfo } from '../methods/call/answer-info.js';
import { parseCommandLine } from './cpi-command-line.js';
import { takeStdin, textOf } from './standard-input.js';
import { claimStdout, writeStderr } from './standard-output.js';

void main();

async function main(): Promise<never> {
  const { configPath } = await parseCommandLine(process.argv);
  const input = takeStdin();
  const answer = input.isComplete ? await answerInfo(textOf(input.chunks)) : undefined;
  if (answer !== undefined) return claimStdout(writeStderr)(answer);
  const { serveCall } = await import('./serve-call.js');
  return serveCall(configPath, input);
}
