import { z } from 'zod';
import { memberPrompt } from '../../lib/workflow/batch/member-prompt.ts';
import { promptSchema } from '../../lib/workflow/prompt.ts';
import type { MemberValues, StoredWorkflow } from '../jobs/job-store.ts';
import { jsonOf } from '../jobs/records/stored-text.ts';
import type { Statements } from './statements.ts';

const valuesSchema = z.array(
  z.object({ nodeId: z.string(), input: z.string(), value: z.union([z.string(), z.number(), z.boolean()]) }),
);

export interface WorkflowRow {
  prompt: string;
  workflow: string | null;
}

/** What jobs of batches have instead of workflows of their own. Every method runs inside the caller's transaction. */
export class BatchMembers {
  constructor(private readonly sql: Statements) {}

  put(jobId: string, batchId: string, values: MemberValues): void {
    this.sql.run('INSERT INTO batch_members VALUES (@jobId, @batchId, @values)', {
      jobId,
      batchId,
      values: JSON.stringify(values),
    });
  }

  /** Undefined for a job of no batch, and where it cannot be read. */
  values(jobId: string): MemberValues | undefined {
    const row = this.sql.get<{ given: string }>(
      'SELECT member_values AS given FROM batch_members WHERE job_id = @jobId',
      { jobId },
    );
    return row && valuesSchema.safeParse(jsonOf(row.given)).data;
  }

  /** The batch's workflow with the job's values in it; undefined for a job of no batch, and where it cannot be read. */
  workflow(jobId: string): StoredWorkflow | undefined {
    const row = this.sql.get<WorkflowRow>(
      `SELECT prompt, workflow FROM batches WHERE id = (SELECT batch_id FROM batch_members WHERE job_id = @jobId)`,
      { jobId },
    );
    const base = row && readWorkflowRow(row);
    const values = base && this.values(jobId);
    return values && { ...base, prompt: memberPrompt(base.prompt, { values }) };
  }

  /** Forgets a job's values, and its batch with the last of its jobs. */
  drop(jobId: string): void {
    const row = this.sql.get<{ batchId: string }>(
      'SELECT batch_id AS batchId FROM batch_members WHERE job_id = @jobId',
      { jobId },
    );
    if (!row) return;
    this.sql.run('DELETE FROM batch_members WHERE job_id = @jobId', { jobId });
    if (this.sql.get('SELECT 1 FROM batch_members WHERE batch_id = @batchId LIMIT 1', row)) return;
    this.sql.run('DELETE FROM batches WHERE id = @batchId', row);
    this.sql.run('DELETE FROM idempotency_keys WHERE job_id = @batchId', row);
  }
}

/** Undefined where the prompt is damaged. */
export function readWorkflowRow(row: WorkflowRow): StoredWorkflow | undefined {
  const prompt = promptSchema.safeParse(jsonOf(row.prompt)).data;
  return prompt && { prompt, ...(row.workflow !== null && { workflow: jsonOf(row.workflow) }) };
}

/** A workflow as its two columns. */
export function workflowColumns({ prompt, workflow }: StoredWorkflow): WorkflowRow {
  return {
    prompt: JSON.stringify(prompt),
    workflow: workflow === undefined ? null : (JSON.stringify(workflow) ?? null),
  };
}
