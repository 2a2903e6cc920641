import type { JobErrorCode } from '../../../../lib/jobs/failure-rules.ts';
import type { JobError, MissingThing } from '../../../../lib/jobs/job-error.ts';

/** One exception of a node as a pod told it, and what it has to be sorted to. */
export interface RealMessage {
  /** Where it was seen: a recording, or an issue. */
  from: string;
  type: string;
  says: string;
  code: JobErrorCode;
  /** Class of the node, `KSampler` where absent, and its inputs. */
  node?: string;
  inputs?: Record<string, string>;
  subject?: string;
  missing?: Partial<MissingThing>;
  memory?: JobError['memory'];
}

/** Rows of one code. */
export function rowsOf(code: JobErrorCode, rows: readonly Omit<RealMessage, 'code'>[]): RealMessage[] {
  return rows.map((row) => ({ ...row, code }));
}
