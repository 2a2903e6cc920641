/**
 * A store in a process of its own. Arguments: path of the database, how many bytes each job's workflow has.
 * Accepts jobs without end, eight at a time, and prints `+id` for each once it is durable, `-code id` for each refused;
 * ends after the first refusals.
 */
import { z } from 'zod';
import { openSqliteJobStore } from '../../server/sqlite/job-store.ts';
import { queuedAt, workflowOf } from './sample-jobs.ts';

const [path, bytes] = z.tuple([z.string(), z.coerce.number()]).parse(process.argv.slice(2));
const say = (line: string) => process.stdout.write(`${line}\n`);
const store = openSqliteJobStore({ path });
say('open');
const lane = { refused: false };
await Promise.all(
  Array.from({ length: 8 }, async () => {
    while (!lane.refused) {
      const job = queuedAt(1);
      await store.create(job, workflowOf('x'.repeat(bytes)), { key: job.id, bodyHash: 'h' }).then(
        () => say(`+${job.id}`),
        (error: unknown) => {
          lane.refused = true;
          say(`-${error instanceof Error && 'code' in error ? String(error.code) : String(error)} ${job.id}`);
        },
      );
    }
  }),
);
