import { z } from 'zod';

/**
 * How a failure is treated.
 * `transient`: the same call may succeed a moment later. `recoverable`: something must be helped first (free memory,
 * another pod). `permanent`: this prompt cannot run as it is. `fatal`: the pod must not be asked again until a person acts.
 */
export const ERROR_CATEGORIES = ['transient', 'recoverable', 'permanent', 'fatal'] as const;
export const errorCategorySchema = z.enum(ERROR_CATEGORIES);
export type ErrorCategory = z.infer<typeof errorCategorySchema>;

/** Whose fault it was: who has to change something for it not to happen again. */
export const BLAMES = ['workflow', 'pod', 'network', 'podium', 'operator'] as const;
export const blameSchema = z.enum(BLAMES);
export type Blame = z.infer<typeof blameSchema>;

/**
 * Why a job failed, or what its last attempt met. Closed: a new code does not compile until `failureRules` decides
 * everything about it.
 */
export const JOB_ERROR_CODES = [
  'pod_unreachable',
  'pod_address_unknown',
  'pod_tls_failed',
  'submission_cut',
  'pod_busy',
  'pod_unauthorized',
  'pod_answer_invalid',
  'pod_lost',
  'pod_disk_full',
  'prompt_rejected',
  'prompt_too_large',
  'model_missing',
  'model_damaged',
  'file_missing',
  'node_type_missing',
  'node_import_failed',
  'inputs_mismatch',
  'partner_api_refused',
  'node_failed',
  'unknown_failure',
  'out_of_memory',
  'gpu_broken',
  'poison',
  'hung',
  'prompt_lost',
  'output_lost',
  'output_refused',
  'stale',
  'internal',
] as const;
export const jobErrorCodeSchema = z.enum(JOB_ERROR_CODES);
export type JobErrorCode = z.infer<typeof jobErrorCodeSchema>;

/** What a person can press to do what the next step says. */
export const REMEDY_ACTIONS = [
  'retry',
  'retry_elsewhere',
  'free_memory',
  'edit',
  'show_node',
  'reopen_pod',
  'open_pods',
] as const;
export type RemedyAction = (typeof REMEDY_ACTIONS)[number];

/** Everything that is decided once for all failures of a code. */
export interface FailureRule {
  category: ErrorCategory;
  blame: Blame;
  /** What such a failure is, in one plain sentence, for lists and the table of all failures. */
  sentence: string;
  /** Whose fault it was, in one sentence that blames nobody without cause. */
  cause: string;
  /** What a person can do, in one sentence. */
  nextStep: string;
  /** The buttons that do it, the best first. */
  actions: readonly RemedyAction[];
  /** HTTP status under which the API tells a job's failure to a caller that waits for its end. */
  status: number;
  /** Whether it says that the pod cannot be reached or does not answer as ComfyUI: a sample for its circuit breaker. */
  countsAgainstBreaker: boolean;
  /** Whether a further attempt uses up one of the job's retries. */
  usesAttempt: boolean;
}

/** Total over the codes: what is done and said about each failure. */
export const failureRules: Readonly<Record<JobErrorCode, FailureRule>> = {
  pod_unreachable: {
    category: 'transient',
    blame: 'network',
    sentence: 'The pod could not be reached.',
    cause: 'The pod or the network to it. The workflow is not to blame.',
    nextStep: 'Check that the pod is running and that its address is right, then retry.',
    actions: ['retry', 'open_pods'],
    status: 503,
    countsAgainstBreaker: true,
    usesAttempt: false,
  },
  pod_address_unknown: {
    category: 'transient',
    blame: 'operator',
    sentence: 'The host name of the pod does not exist.',
    cause: 'The pod’s address in COMFYUI_POD_URL, or the name server. The workflow is not to blame.',
    nextStep: 'Correct COMFYUI_POD_URL or start the pod under that name, then retry.',
    actions: ['open_pods', 'retry'],
    status: 503,
    countsAgainstBreaker: true,
    usesAttempt: false,
  },
  pod_tls_failed: {
    category: 'transient',
    blame: 'operator',
    sentence: 'The pod’s TLS certificate is not accepted.',
    cause: 'The certificate of the pod or of the proxy before it. The workflow is not to blame.',
    nextStep: 'Renew the certificate, or use http:// where the network is trusted, then retry.',
    actions: ['open_pods', 'retry'],
    status: 503,
    countsAgainstBreaker: true,
    usesAttempt: false,
  },
  submission_cut: {
    category: 'transient',
    blame: 'network',
    sentence: 'The connection was cut each time the pod was given the prompt.',
    cause: 'The pod or a proxy before it. The workflow is not to blame.',
    nextStep: 'Look at the pod’s log and its proxy’s limits, then retry.',
    actions: ['retry', 'open_pods'],
    status: 502,
    countsAgainstBreaker: true,
    usesAttempt: true,
  },
  pod_busy: {
    category: 'transient',
    blame: 'pod',
    sentence: 'The pod asked for a pause.',
    cause: 'The pod had too much to do. The workflow is not to blame.',
    nextStep: 'Retry in a minute, or add a pod.',
    actions: ['retry', 'open_pods'],
    status: 503,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  pod_unauthorized: {
    category: 'fatal',
    blame: 'operator',
    sentence: 'The pod refuses Podium’s credentials.',
    cause: 'Podium’s credentials for this pod. The workflow is not to blame.',
    nextStep: 'Correct COMFYUI_POD_HEADERS for this pod and restart Podium, then retry.',
    actions: ['open_pods', 'retry'],
    status: 502,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  pod_answer_invalid: {
    category: 'transient',
    blame: 'network',
    sentence: 'Something other than ComfyUI answered at the pod’s address.',
    cause: 'Something other than ComfyUI answered at the pod’s address.',
    nextStep: 'Check that the address leads to ComfyUI and not to another page, then retry.',
    actions: ['open_pods', 'retry'],
    status: 502,
    countsAgainstBreaker: true,
    usesAttempt: true,
  },
  pod_lost: {
    category: 'transient',
    blame: 'pod',
    sentence: 'The pod died with the work.',
    cause: 'The pod died while it worked. The workflow may ask too much of it.',
    nextStep: 'Check why the pod restarted (memory, its log), then retry.',
    actions: ['retry', 'open_pods'],
    status: 502,
    countsAgainstBreaker: true,
    usesAttempt: true,
  },
  pod_disk_full: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'The pod’s disk is full.',
    cause: 'The pod’s disk has no room left. The workflow is not to blame.',
    nextStep: 'Make room on the pod’s disk, then retry; another pod may do it now.',
    actions: ['retry_elsewhere', 'retry', 'open_pods'],
    status: 507,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  prompt_rejected: {
    category: 'permanent',
    blame: 'workflow',
    sentence: 'ComfyUI found inputs that it cannot take.',
    cause: 'The workflow: ComfyUI found inputs that it cannot take.',
    nextStep: 'Correct the named inputs in the workflow and submit it again.',
    actions: ['edit', 'show_node', 'retry'],
    status: 422,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  prompt_too_large: {
    category: 'recoverable',
    blame: 'operator',
    sentence: 'The prompt is larger than a proxy before the pod lets through.',
    cause: 'A proxy before the pod, which does not take requests of this size.',
    nextStep: 'Raise the size limit of the proxy before the pod, or use another pod, then retry.',
    actions: ['retry_elsewhere', 'retry'],
    status: 413,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  model_missing: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'No pod that was asked has a model that the workflow names.',
    cause: 'The pods lack a model that the workflow names.',
    nextStep: 'Put the missing model on a pod or choose one that is there, then retry.',
    actions: ['edit', 'show_node', 'retry'],
    status: 409,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  model_damaged: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'A model file on the pod cannot be read.',
    cause: 'The file on the pod is damaged or incomplete. The workflow is not to blame.',
    nextStep: 'Download the named file to the pod again, then retry; another pod may have it whole.',
    actions: ['retry_elsewhere', 'retry', 'show_node'],
    status: 409,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  file_missing: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'No pod that was asked has a file that the workflow reads.',
    cause: 'The pods lack an input file that the workflow reads.',
    nextStep: 'Upload the file to the pod’s input folder or choose one that is there, then retry.',
    actions: ['edit', 'show_node', 'retry'],
    status: 409,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  node_type_missing: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'No pod that was asked has a node that the workflow uses.',
    cause: 'The pods lack a custom node that the workflow uses.',
    nextStep: 'Install the missing custom node on a pod and restart ComfyUI there, then retry.',
    actions: ['retry', 'show_node', 'open_pods'],
    status: 409,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  node_import_failed: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'A custom node on the pod misses a Python package or cannot be loaded.',
    cause: 'The pod’s installation of a custom node. The workflow is not to blame.',
    nextStep:
      'Install what the custom node needs on the pod and restart ComfyUI there, then retry; another pod may have it.',
    actions: ['retry_elsewhere', 'retry', 'show_node'],
    status: 409,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  inputs_mismatch: {
    category: 'permanent',
    blame: 'workflow',
    sentence: 'Models or sizes that do not fit each other were put together.',
    cause: 'The workflow joins parts that do not fit each other.',
    nextStep: 'Use a model, VAE, LoRA or ControlNet of the same family and sizes that fit, then submit it again.',
    actions: ['edit', 'show_node'],
    status: 422,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  partner_api_refused: {
    category: 'permanent',
    blame: 'operator',
    sentence: 'A paid service behind a node refused the call.',
    cause: 'The account or its credits at the service that the node calls.',
    nextStep: 'Sign in or add credits at that service for the pod, then retry.',
    actions: ['retry', 'show_node'],
    status: 402,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  node_failed: {
    category: 'permanent',
    blame: 'workflow',
    sentence: 'A node failed with these inputs.',
    cause: 'A node of the workflow failed with these inputs.',
    nextStep: 'Read what the node said, change its inputs and submit it again.',
    actions: ['edit', 'show_node', 'retry'],
    status: 422,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  unknown_failure: {
    category: 'permanent',
    blame: 'workflow',
    sentence: 'A node failed in a way that Podium does not know.',
    cause: 'Podium does not know this failure, so it blames nobody and did not repeat it.',
    nextStep: 'Read the original text and the traceback, then change the workflow or retry.',
    actions: ['retry', 'edit', 'show_node'],
    status: 422,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  out_of_memory: {
    category: 'recoverable',
    blame: 'workflow',
    sentence: 'The pod had too little memory for it.',
    cause: 'The workflow needs more memory than the pod has free.',
    nextStep: 'Use a smaller size or batch, or a pod with more memory, then retry.',
    actions: ['free_memory', 'retry_elsewhere', 'edit', 'show_node'],
    status: 507,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  gpu_broken: {
    category: 'recoverable',
    blame: 'pod',
    sentence: 'The pod’s GPU stopped working.',
    cause: 'The pod’s GPU. The workflow is not to blame.',
    nextStep: 'Restart ComfyUI on this pod; the job can be retried on another one.',
    actions: ['retry_elsewhere', 'reopen_pod', 'retry'],
    status: 502,
    countsAgainstBreaker: false,
    usesAttempt: false,
  },
  poison: {
    category: 'permanent',
    blame: 'workflow',
    sentence: 'Pods died again and again while they worked on it.',
    cause: 'Each pod that worked on it died. It may ask too much of them, or a node crashes ComfyUI.',
    nextStep:
      'Look at the pods’ logs first; then change the workflow, or retry it knowing that it may take a pod down.',
    actions: ['edit', 'open_pods', 'retry'],
    status: 422,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  hung: {
    category: 'permanent',
    blame: 'pod',
    sentence: 'The pod gave no sign of life about it for too long.',
    cause: 'A node stood still, or the pod’s GPU did. Nobody can tell from outside which.',
    nextStep: 'Look at the pod’s log; retry, or use another pod.',
    actions: ['retry_elsewhere', 'retry', 'open_pods'],
    status: 504,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  prompt_lost: {
    category: 'permanent',
    blame: 'pod',
    sentence: 'The pod no longer knows the prompt.',
    cause: 'The pod no longer knows the prompt. The workflow is not to blame.',
    nextStep: 'Somebody may have removed it from the pod’s queue or history. Retry to run it again.',
    actions: ['retry'],
    status: 410,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  output_lost: {
    category: 'permanent',
    blame: 'pod',
    sentence: 'The pod finished, but its files were gone before they were copied.',
    cause: 'The pod finished, but its files were gone before they were copied.',
    nextStep: 'The pod no longer has the files. Retry to make them again.',
    actions: ['retry'],
    status: 410,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  output_refused: {
    category: 'permanent',
    blame: 'operator',
    sentence: 'The files are larger than Podium is set to keep.',
    cause: 'The files are larger than Podium is set to keep.',
    nextStep: 'Raise OUTPUT_MAX_BYTES or make smaller outputs, then retry.',
    actions: ['retry', 'edit'],
    status: 413,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  stale: {
    category: 'permanent',
    blame: 'podium',
    sentence: 'Nothing was heard of it for too long.',
    cause: 'Podium was away from the job for too long.',
    nextStep: 'Nothing was heard of it for too long. Retry to run it again.',
    actions: ['retry'],
    status: 504,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
  internal: {
    category: 'permanent',
    blame: 'podium',
    sentence: 'Podium failed.',
    cause: 'Podium itself.',
    nextStep: 'Retry; if it fails again, look at Podium’s log.',
    actions: ['retry'],
    status: 500,
    countsAgainstBreaker: false,
    usesAttempt: true,
  },
};
