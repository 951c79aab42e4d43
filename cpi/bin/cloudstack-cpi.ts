#!/usr/bin/env node
// The CPI executable: one CPI call on stdin, one JSON document on stdout, exit code 0.
import { parseCommandLine } from './cpi-command-line.js';
import { serveCall } from './serve-call.js';

void parseCommandLine(process.argv).then(({ configPath }) => serveCall(configPath));
