/** `podium/comfyui`: the parts the server is made of, for Node programs. */
export { transition } from '../../lib/jobs/transition.ts';
export type { Converted } from '../../lib/workflow/convert/converted.ts';
export { convertWorkflow } from './convert-workflow.ts';
export { ComfyUIPodClient } from '../comfy/pod-client.ts';
export { ComfyUIWebSocketClient } from '../comfy/websocket-client.ts';
export { ComfyUIErrorHandlerService, type ErrorHandlerOptions } from '../jobs/failures/error-handler.ts';
export type { DecisionEvent } from '../jobs/failures/failure-policy.ts';
export { JobFailedError } from '../jobs/job-failed-error.ts';
export { openRedisJobStore } from '../redis/job-store.ts';
export { openSqliteJobStore } from '../sqlite/job-store.ts';
export { ComfyUIJobPersistenceService } from './job-persistence.ts';
export { ComfyUIJobRunner, createComfyUIJobRunner } from './job-runner.ts';
