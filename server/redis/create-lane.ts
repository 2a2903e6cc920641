import { z } from 'zod';
import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import { CREATE, CREATE_FIELDS } from './scripts/write-jobs.ts';
import type { Tally } from './tally.ts';
import { untilKnown } from './until-known.ts';

export interface CreateAnswer {
  /** What came of it, as the script says. */
  word: string;
  rest: unknown[];
  /** An earlier try may have been done. */
  again: boolean;
}
interface Waiting {
  fields: readonly RedisArgument[];
  resolve: (answer: CreateAnswer) => void;
  reject: (error: unknown) => void;
}

/** Bounds how long one script keeps Redis from others. */
const MOST_AT_ONCE = 64;
const MOST_TEXT = 1024 * 1024;

const answersSchema = z.tuple([z.array(z.tuple([z.string()]).rest(z.unknown()))]);

/** Takes all jobs in that come in one turn of the event loop by one script, each with an answer of its own. */
export class CreateLane {
  private waiting: Waiting[] = [];

  constructor(
    private readonly calls: RedisCalls,
    private readonly tally: Tally,
  ) {}

  /** @param fields as `CREATE` wants them of one job */
  create(fields: readonly RedisArgument[]): Promise<CreateAnswer> {
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
    const args = batch.flatMap(({ fields }) => fields);
    try {
      const { rest, again } = await untilKnown(async (again_) => ({
        ...(await this.tally.run(this.calls, CREATE, args)),
        again: again_,
      }));
      const [answers] = answersSchema.parse(rest);
      batch.forEach(({ resolve, reject }, at) => {
        const answer = answers[at];
        if (answer) resolve({ word: answer[0], rest: answer.slice(1), again });
        else reject(new TypeError('A script of the store gave too few answers'));
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
    if (fields.length !== CREATE_FIELDS) throw new TypeError('A job is taken in by a fixed number of fields');
    text += fields.reduce<number>((sum, field) => sum + String(field).length, 0);
    if (size > 0 && (size >= MOST_AT_ONCE || text > MOST_TEXT)) break;
    size += 1;
  }
  return all.splice(0, size);
}
