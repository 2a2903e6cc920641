/**
 * Every key of a desk in Redis. They share one hash tag, so that a script may touch any of them in a cluster too.
 *
 * `{…}` after a name says what is in it. Scripts are given `base` and build the keys of indices themselves, as
 * `scripts/prelude.ts` says.
 */
export interface RedisKeys {
  /** What all keys begin with. */
  readonly base: string;
  /** hash {format, deskId, writes, dispatch, checkedAt}. */
  readonly meta: string;
  /** string: a job's head, folded name and record, a line each. */
  job(id: string): string;
  /**
   * string: the idempotency key (JSON, or an empty line), then prompt and saved form as `workflow-value.ts` packs them, or
   * what the job of a batch has instead.
   */
  workflow(id: string): string;
  /** hash {made, record, workflow, claim}: when it was made, BatchRecord as JSON, its workflow like a job's, its key as JSON. */
  batch(id: string): string;
  /** string: when it was written, and the newest progress of an active job, a line each. */
  progress(id: string): string;
  /** hash {idempotency key as JSON → SHA-256 of the body, a space, id of the job or batch}. */
  readonly claims: string;
  /** hash {pod id → PodMemory as JSON}. */
  readonly memories: string;
  /** hash {pod id → PodCondition as JSON}. */
  readonly conditions: string;
  /** hash {pod id as JSON, a tab, name of an order → its value as JSON}. */
  readonly orders: string;
  /** hash {recovery id → Recovery as JSON} and zset {recovery id by the time of its start}. */
  readonly recoveries: string;
  readonly recoveryOrder: string;
  /** hashes {template id → TemplateRecord as JSON}, {→ TemplateSummary as JSON} and {→ characters of the record}. */
  readonly templates: string;
  readonly templateSummaries: string;
  readonly templateSizes: string;

  /**
   * stream of what happened to jobs, in the order in which it happened, trimmed to about the newest 5,000 entries. A
   * change has the fields `id`, `rev`, `is` (its state, a space, the newest prompt's id or nothing), `job` (the record as
   * JSON) and, where there is any, `progress` (JSON); a removal has `id` and `gone` (`1`); a batch that was
   * taken in has `batch` (its id) alone, and none for its jobs.
   */
  readonly events: string;

  /**
   * hash {owner, token, expires}: instance id, fencing token, when it runs out by Redis' clock in ms. The hash outlives
   * its lease, since `token` only ever rises: to the time in ms at least, so that no token is given twice where a
   * failover lost the newest. A write with a fence is refused unless `token` equals the fence's.
   */
  lease(podId: string): string;
  /** zset {pod id by Redis' time in ms at which its lease runs out}. */
  readonly leases: string;
  /**
   * zset {instance id by Redis' time in ms at which it was last heard}. One that went silent stays for at least a
   * minute: after a failover the store waits for those heard of within the last minute before.
   */
  readonly members: string;
  /** hash {instance id → Member as JSON}. */
  readonly memberCards: string;
  /** hash {pod id → {token, view} as JSON}. */
  readonly pods: string;

  /** channel: progress of any job, once a second. */
  readonly progressChannel: string;
  /** channel: progress of one job, ten times a second, where somebody watches it. */
  watchChannel(jobId: string): string;
  /** channel: previews of one job. */
  previewChannel(jobId: string): string;
  /** channel: views of pods. */
  readonly podsChannel: string;
  /** channel: `dispatch` when dispatch was paused or resumed, `orders` when something was ordered about a pod. */
  readonly deskChannel: string;
}

/** @param prefix tells desks apart that share one Redis */
export function redisKeys(prefix = 'podium'): RedisKeys {
  const base = `${prefix}:{desk}:`;
  return {
    base,
    meta: `${base}meta`,
    job: (id) => `${base}job:${id}`,
    workflow: (id) => `${base}workflow:${id}`,
    batch: (id) => `${base}batch:${id}`,
    progress: (id) => `${base}progress:${id}`,
    claims: `${base}claims`,
    memories: `${base}memories`,
    conditions: `${base}conditions`,
    orders: `${base}orders`,
    recoveries: `${base}recoveries`,
    recoveryOrder: `${base}recovery-order`,
    templates: `${base}templates`,
    templateSummaries: `${base}template-summaries`,
    templateSizes: `${base}template-sizes`,
    events: `${base}events`,
    lease: (podId) => `${base}lease:${podId}`,
    leases: `${base}leases`,
    members: `${base}members`,
    memberCards: `${base}member-cards`,
    pods: `${base}pods`,
    progressChannel: `${base}progress`,
    watchChannel: (jobId) => `${base}watch:${jobId}`,
    previewChannel: (jobId) => `${base}preview:${jobId}`,
    podsChannel: `${base}pods-channel`,
    deskChannel: `${base}desk`,
  };
}
