import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import { CREATE } from './scripts/write-jobs.ts';
import type { Tally } from './tally.ts';
import { untilKnown } from './until-known.ts';

export interface CreateAnswer {
  /** What came of it, as the script says. */
  word: string;
  rest: unknown[];
  /** An earlier try may have been done. */
  again: boolean;
}
/** A job as `CREATE` takes it: id, record, workflow, and what else there is to say. */
interface CreateFields {
  id: string;
  value: string;
  workflow: string;
  /** Empty ones at its end may be left out. */
  more: readonly RedisArgument[];
}
interface Waiting {
  fields: CreateFields;
  resolve: (answer: CreateAnswer) => void;
  reject: (error: unknown) => void;
}

/** Bounds how long one script keeps Redis from others. */
const MOST_AT_ONCE = 64;
const MOST_TEXT = 1024 * 1024;

/** Takes all jobs in that come in one turn of the event loop by one script, each with an answer of its own. */
export class CreateLane {
  private waiting: Waiting[] = [];

  constructor(
    private readonly calls: RedisCalls,
    private readonly tally: Tally,
  ) {}

  create(fields: CreateFields): Promise<CreateAnswer> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ fields, resolve, reject });
      if (this.waiting.length === 1) process.nextTick(() => this.flush());
    });
  }

  private flush(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let batch = takeBatch(all); batch.length > 0; batch = takeBatch(all)) void this.send(batch);
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const args: RedisArgument[] = [];
    for (const { fields } of batch) {
      const { id, value, workflow, more } = fields;
      args.push(id, value, workflow, more.length, ...more);
    }
    try {
      const { rest, again } = await untilKnown(async (again_) => ({
        ...(await this.tally.run(this.calls, CREATE, args)),
        again: again_,
      }));
      const answers: unknown[] = Array.isArray(rest[0]) ? rest[0] : [];
      batch.forEach(({ resolve, reject }, at) => {
        const [word, ...more]: unknown[] = Array.isArray(answers[at]) ? answers[at] : [];
        if (typeof word === 'string') resolve({ word, rest: more, again });
        else reject(new TypeError('A script of the store gave an answer of another shape'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** Takes what one script may have from the front; at least one, if there is one. */
function takeBatch(all: Waiting[]): Waiting[] {
  let text = 0;
  let size = 0;
  for (const { fields } of all) {
    text += fields.value.length + fields.workflow.length;
    if (size > 0 && (size >= MOST_AT_ONCE || text > MOST_TEXT)) break;
    size += 1;
  }
  return all.splice(0, size);
}
