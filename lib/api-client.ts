import { z } from 'zod';
import { problemSchema, type Problem } from './protocol/errors.ts';
import {
  failureListSchema,
  jobDetailSchema,
  jobListSchema,
  jobOutlookSchema,
  jobSummarySchema,
  type FailureList,
  type JobDetail,
  type JobList,
  type JobOutlook,
  type JobSummary,
  type RetryJobBody,
  type SubmitJobBody,
} from './protocol/jobs.ts';
import {
  batchListSchema,
  batchViewSchema,
  type BatchList,
  type BatchView,
  type SubmitBatchBody,
} from './protocol/batches.ts';
import { podViewSchema, type PodAction, type PodView } from './protocol/pods.ts';
import {
  dispatchStateSchema,
  recoveryListSchema,
  recoveryViewSchema,
  systemSchema,
  type DispatchState,
  type SystemView,
} from './protocol/system.ts';
import {
  templateListSchema,
  templateRecordSchema,
  templatesImportedSchema,
  type TemplateContent,
  type TemplateRecord,
  type TemplateSummary,
} from './protocol/templates.ts';
import {
  convertedWorkflowSchema,
  workflowCheckSchema,
  type ConvertedWorkflow,
  type WorkflowBody,
  type WorkflowCheck,
} from './protocol/workflows.ts';
import { uploadSchema, uploadStatusSchema, type Upload, type UploadStatus } from './protocol/uploads.ts';
import type { RecoveryView } from './jobs/recovery-view.ts';
import { MAX_BATCH_JOBS } from './workflow/batch/batch-plan.ts';
import { promptSchema, type Prompt } from './workflow/prompt.ts';

/** A refused or failed call, in the words of the problem body. Compare by `problem.code`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problem?: Problem,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ApiError';
  }
}

export interface ApiClient {
  jobs(query: string): Promise<JobList>;
  job(id: string): Promise<JobDetail>;
  submit(body: SubmitJobBody, idempotencyKey: string): Promise<JobDetail>;
  /** Many jobs of one workflow, accepted in one step. */
  submitBatch(body: SubmitBatchBody, idempotencyKey: string): Promise<BatchView>;
  cancel(id: string): Promise<JobDetail>;
  /** `pod`: there and nowhere else; `freeMemory`: the memory of the pod that takes it is freed first. */
  retry(id: string, options?: RetryJobBody): Promise<JobDetail>;
  /** What a retry of a job that failed or was cancelled would meet now. */
  outlook(id: string): Promise<JobOutlook>;
  /** The newest failed jobs by cause. */
  failures(): Promise<FailureList>;
  /** Retries every job of a group; how many. */
  retryGroup(key: string): Promise<number>;
  /** Any accepted form of a workflow as the prompt a pod takes. */
  convertWorkflow(body: WorkflowBody): Promise<ConvertedWorkflow>;
  /** The same, what each pod would make of it, and what its inputs may be. */
  checkWorkflow(body: WorkflowBody): Promise<WorkflowCheck>;
  /** What was submitted; `workflow` as the editor saved it, where it is known. */
  workflow(id: string): Promise<{ prompt: Prompt; workflow?: unknown }>;
  /** Newest first. */
  batches(query: { limit: number; cursor?: string }): Promise<BatchList>;
  batch(id: string): Promise<BatchView>;
  /** The jobs of a batch in the order of their places: all, or the first so many. */
  batchJobs(id: string, limit?: number): Promise<JobSummary[]>;
  /** Cancels the jobs of a batch that have not ended, or retries those that failed; how many, and the batch after it. */
  changeBatch(id: string, verb: 'cancel' | 'retry'): Promise<{ changed: number; batch: BatchView }>;
  /** How much of an uploaded file is there; `hash` is its SHA-256. */
  upload(hash: string): Promise<UploadStatus>;
  /** Makes an upload of an output of an earlier job. */
  uploadFromOutput(jobId: string, index: number): Promise<Upload>;
  pods(): Promise<PodView[]>;
  /** The pod as it was when the order was recorded; it is carried out within seconds. */
  orderPod(id: string, action: PodAction): Promise<PodView>;
  system(): Promise<SystemView>;
  /** Gives queued jobs to no pod, or to pods again. */
  dispatch(verb: 'pause' | 'resume'): Promise<DispatchState>;
  /** Newest first, `limit` 1–200, each with at most `jobs` (0–500) of its jobs. */
  recoveries(query: { limit: number; jobs: number }): Promise<RecoveryView[]>;
  recovery(id: string): Promise<RecoveryView>;
  /** Those changed last first. */
  templates(): Promise<TemplateSummary[]>;
  template(id: string): Promise<TemplateRecord>;
  createTemplate(content: TemplateContent): Promise<TemplateRecord>;
  updateTemplate(id: string, content: TemplateContent): Promise<TemplateRecord>;
  removeTemplate(id: string): Promise<void>;
  /** A file of exported templates, parsed; all of them or none. @returns how many */
  importTemplates(file: unknown): Promise<number>;
}

const jobAnswer = z.object({ job: jobDetailSchema });
const batchAnswer = z.object({ batch: batchViewSchema });
const workflowAnswer = z.object({ prompt: promptSchema, workflow: z.unknown().optional() });
const outlookAnswer = z.object({ outlook: jobOutlookSchema });
const retriedAnswer = z.object({ retried: z.number().int() });
const templateAnswer = z.object({ template: templateRecordSchema });
const batchJobsAnswer = z.object({ jobs: z.array(jobSummarySchema), nextCursor: z.string().nullable() });
const podAnswer = z.object({ pod: podViewSchema });
const dispatchAnswer = z.object({ dispatch: dispatchStateSchema });

/**
 * Podium's REST API for pages, on the server and in the browser.
 * `baseUrl` is an origin without a trailing slash, or empty for the page's own. Every method rejects with `ApiError`.
 */
export function createApiClient(options: { baseUrl: string; headers?: Record<string, string> }): ApiClient {
  async function call<T>(schema: z.ZodType<T>, path: string, init: RequestInit = {}): Promise<T> {
    let response: Response;
    try {
      response = await fetch(`${options.baseUrl}${path}`, {
        ...init,
        cache: 'no-store',
        headers: { ...options.headers, ...(init.headers as Record<string, string> | undefined) },
        signal: AbortSignal.timeout(15_000),
      });
    } catch (cause) {
      throw new ApiError(0, 'Podium cannot be reached. Check that it is running.', undefined, { cause });
    }
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) {
      const problem = problemSchema.safeParse(body);
      const message = problem.success ? problem.data.detail : `Podium answered with status ${response.status}.`;
      throw new ApiError(response.status, message, problem.success ? problem.data : undefined);
    }
    const parsed = schema.safeParse(body);
    if (!parsed.success)
      throw new ApiError(response.status, 'Podium’s answer could not be read. Reload the page.', undefined, {
        cause: parsed.error,
      });
    return parsed.data;
  }
  const post = (headers: Record<string, string>, body: unknown, method = 'POST'): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const one = async (path: string, init?: RequestInit): Promise<JobDetail> => (await call(jobAnswer, path, init)).job;
  const id = encodeURIComponent;
  return {
    jobs: (query) => call(jobListSchema, `/api/jobs${query ? `?${query}` : ''}`),
    job: (jobId) => one(`/api/jobs/${id(jobId)}`),
    submit: (body, key) => one('/api/jobs', post({ 'idempotency-key': key }, body)),
    submitBatch: async (body, key) =>
      (await call(batchAnswer, '/api/batches', post({ 'idempotency-key': key }, body))).batch,
    cancel: (jobId) => one(`/api/jobs/${id(jobId)}/cancel`, post({}, {})),
    retry: (jobId, body = {}) => one(`/api/jobs/${id(jobId)}/retry`, post({}, body)),
    outlook: async (jobId) => (await call(outlookAnswer, `/api/jobs/${id(jobId)}/outlook`)).outlook,
    failures: () => call(failureListSchema, '/api/failures'),
    retryGroup: async (key) => (await call(retriedAnswer, `/api/failures/${id(key)}/retry`, post({}, {}))).retried,
    convertWorkflow: (body) => call(convertedWorkflowSchema, '/api/workflows/convert', post({}, body)),
    checkWorkflow: (body) => call(workflowCheckSchema, '/api/workflows/check', post({}, body)),
    workflow: (jobId) => call(workflowAnswer, `/api/jobs/${id(jobId)}/workflow`),
    batches: ({ limit, cursor }) =>
      call(batchListSchema, `/api/batches?limit=${limit}${cursor === undefined ? '' : `&cursor=${id(cursor)}`}`),
    batch: async (batchId) => (await call(batchAnswer, `/api/batches/${id(batchId)}`)).batch,
    batchJobs: async (batchId, limit = MAX_BATCH_JOBS) =>
      (await call(batchJobsAnswer, `/api/batches/${id(batchId)}/jobs?limit=${limit}`)).jobs,
    changeBatch: (batchId, verb) =>
      call(batchAnswer.extend({ changed: z.number().int() }), `/api/batches/${id(batchId)}/${verb}`, post({}, {})),
    upload: (hash) => call(uploadStatusSchema, `/api/uploads/${id(hash)}`),
    uploadFromOutput: async (jobId, index) =>
      (await call(z.object({ upload: uploadSchema }), '/api/uploads/from-output', post({}, { jobId, index }))).upload,
    pods: async () => (await call(z.object({ pods: z.array(podViewSchema) }), '/api/pods')).pods,
    orderPod: async (podId, action) => (await call(podAnswer, `/api/pods/${id(podId)}/${action}`, post({}, {}))).pod,
    system: () => call(systemSchema, '/api/system'),
    dispatch: async (verb) => (await call(dispatchAnswer, `/api/dispatch/${verb}`, post({}, {}))).dispatch,
    recoveries: async ({ limit, jobs }) =>
      (await call(recoveryListSchema, `/api/recoveries?limit=${limit}&jobs=${jobs}`)).recoveries,
    recovery: async (recoveryId) =>
      (await call(z.object({ recovery: recoveryViewSchema }), `/api/recoveries/${id(recoveryId)}`)).recovery,
    templates: async () => (await call(templateListSchema, '/api/templates')).templates,
    template: async (templateId) => (await call(templateAnswer, `/api/templates/${id(templateId)}`)).template,
    createTemplate: async (content) => (await call(templateAnswer, '/api/templates', post({}, content))).template,
    updateTemplate: async (templateId, content) =>
      (await call(templateAnswer, `/api/templates/${id(templateId)}`, post({}, content, 'PUT'))).template,
    removeTemplate: (templateId) =>
      call(z.undefined(), `/api/templates/${id(templateId)}`, { method: 'DELETE' }).then(() => undefined),
    importTemplates: async (file) =>
      (await call(templatesImportedSchema, '/api/templates/import', post({}, file))).imported,
  };
}
