#!/usr/bin/env node
import { runPlannedProgram } from './planned-program.js';

runPlannedProgram(
  'cloudstack-registry',
  'It will serve the BOSH registry, which only stemcells with an api_version below 2 need.',
);
