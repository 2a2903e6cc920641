#!/usr/bin/env node
import { runCommand } from './run-command.ts';

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
process.exitCode = await runCommand(process.argv.slice(2), process, stopping.signal);
