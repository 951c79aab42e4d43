#!/usr/bin/env node
import { runPlannedProgram } from './planned-program.js';

runPlannedProgram(
  'cloudstack-stemcell-server',
  'It will serve stemcell images by WebDAV to clouds that cannot take a direct upload.',
);
