import type { JobErrorCode } from '../../lib/protocol/errors.ts';

/** The button that does what the error's next step says: run the same again, or change the workflow first. */
export const REMEDIES: Record<JobErrorCode, 'retry' | 'edit'> = {
  pod_unreachable: 'retry',
  pod_busy: 'retry',
  pod_unauthorized: 'retry',
  pod_answer_invalid: 'retry',
  pod_lost: 'retry',
  prompt_rejected: 'edit',
  prompt_too_large: 'retry',
  model_missing: 'edit',
  node_type_missing: 'retry',
  node_failed: 'edit',
  out_of_memory: 'edit',
  gpu_broken: 'retry',
  prompt_lost: 'retry',
  output_lost: 'retry',
  output_refused: 'retry',
  stale: 'retry',
  internal: 'retry',
};

/** Whose fault it was. */
export const CAUSES: Record<JobErrorCode, string> = {
  pod_unreachable: 'The pod or the network to it. The workflow is not to blame.',
  pod_busy: 'The pod had too much to do. The workflow is not to blame.',
  pod_unauthorized: 'Podium’s credentials for this pod. The workflow is not to blame.',
  pod_answer_invalid: 'Something other than ComfyUI answered at the pod’s address.',
  pod_lost: 'The pod died while it worked. The workflow may ask too much of it.',
  prompt_rejected: 'The workflow: ComfyUI found inputs that it cannot take.',
  prompt_too_large: 'A proxy before the pod, which does not take requests of this size.',
  model_missing: 'The pod lacks a file that the workflow names.',
  node_type_missing: 'The pod lacks a node that the workflow uses.',
  node_failed: 'A node of the workflow failed with these inputs.',
  out_of_memory: 'The workflow needs more memory than the pod has.',
  gpu_broken: 'The pod’s GPU. The workflow is not to blame.',
  prompt_lost: 'The pod no longer knows the prompt. The workflow is not to blame.',
  output_lost: 'The pod finished, but its files were gone before they were copied.',
  output_refused: 'The files are larger than Podium is set to keep.',
  stale: 'Podium was away from the job for too long.',
  internal: 'Podium itself.',
};
