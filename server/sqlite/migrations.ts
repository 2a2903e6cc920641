/**
 * The schema, one step a version; `user_version` is the number of steps a file has been through. A step that was
 * released is never edited: a change is a further step.
 *
 * Active jobs and history are separate tables, so that what a pod's driver asks stays as quick after a year as on the
 * first day. `counters` is kept by triggers, so that no write can forget it. Indices end in `id`, which makes the
 * queries for keys read nothing but the index. Times are ISO 8601 in UTC with milliseconds: they sort as text.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE active (
    id TEXT PRIMARY KEY NOT NULL,
    schema_version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    pod_id TEXT,
    prompt_id TEXT,
    wanted_pod_id TEXT,
    priority INTEGER NOT NULL,
    retry_at TEXT,
    created_at TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX active_by_age ON active (state, created_at, id, name_folded, pod_id);
  CREATE INDEX active_by_claim ON active (state, wanted_pod_id, priority DESC, created_at, id, retry_at);
  CREATE INDEX active_by_pod ON active (pod_id, state, created_at, id, name_folded) WHERE pod_id IS NOT NULL;
  CREATE INDEX active_by_prompt ON active (prompt_id) WHERE prompt_id IS NOT NULL;
  CREATE INDEX active_by_retry ON active (retry_at) WHERE retry_at IS NOT NULL;

  CREATE TABLE history (
    id TEXT PRIMARY KEY NOT NULL,
    schema_version INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    pod_id TEXT,
    prompt_id TEXT,
    ended_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX history_by_age ON history (state, created_at, id, name_folded, pod_id);
  CREATE INDEX history_by_pod ON history (pod_id, state, created_at, id, name_folded) WHERE pod_id IS NOT NULL;
  CREATE INDEX history_by_prompt ON history (prompt_id) WHERE prompt_id IS NOT NULL;
  CREATE INDEX history_by_end ON history (ended_at);

  CREATE TABLE workflows (
    job_id TEXT PRIMARY KEY NOT NULL,
    prompt TEXT NOT NULL,
    workflow TEXT
  ) STRICT;
  CREATE TABLE progress (
    job_id TEXT PRIMARY KEY NOT NULL REFERENCES active (id) ON DELETE CASCADE,
    progress TEXT NOT NULL,
    written_at TEXT NOT NULL
  ) STRICT;
  CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY NOT NULL,
    body_hash TEXT NOT NULL,
    job_id TEXT NOT NULL
  ) STRICT;
  CREATE INDEX idempotency_keys_by_job ON idempotency_keys (job_id);
  CREATE TABLE pod_memory (
    pod_id TEXT PRIMARY KEY NOT NULL,
    memory TEXT NOT NULL
  ) STRICT;
  CREATE TABLE write_check (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    checked_at TEXT NOT NULL
  ) STRICT;

  -- pod: '@' and the pod's id, '' for none
  CREATE TABLE counters (
    state TEXT NOT NULL,
    pod TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    PRIMARY KEY (state, pod)
  ) STRICT, WITHOUT ROWID;
  ${(['active', 'history'] as const)
    .map(
      (table) => `
  CREATE TRIGGER ${table}_counted_in AFTER INSERT ON ${table} BEGIN
    INSERT INTO counters VALUES (NEW.state, coalesce('@' || NEW.pod_id, ''), 1)
      ON CONFLICT DO UPDATE SET jobs = jobs + 1;
  END;
  CREATE TRIGGER ${table}_counted_out AFTER DELETE ON ${table} BEGIN
    UPDATE counters SET jobs = jobs - 1 WHERE state = OLD.state AND pod = coalesce('@' || OLD.pod_id, '');
  END;
  CREATE TRIGGER ${table}_counted_over AFTER UPDATE OF state, pod_id ON ${table}
    WHEN NEW.state <> OLD.state OR NEW.pod_id IS NOT OLD.pod_id BEGIN
    UPDATE counters SET jobs = jobs - 1 WHERE state = OLD.state AND pod = coalesce('@' || OLD.pod_id, '');
    INSERT INTO counters VALUES (NEW.state, coalesce('@' || NEW.pod_id, ''), 1)
      ON CONFLICT DO UPDATE SET jobs = jobs + 1;
  END;`,
    )
    .join('')}
  `,
  `
  CREATE TABLE desk (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
  ) STRICT;
  CREATE TABLE recoveries (
    id TEXT PRIMARY KEY NOT NULL,
    started_at TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX recoveries_by_start ON recoveries (started_at, id);
  `,
  `
  -- wanted_pod_id: the one pod that may take the job next. excluded_pods: as excludedText makes it
  ALTER TABLE active ADD COLUMN excluded_pods TEXT NOT NULL DEFAULT '';
  DROP INDEX active_by_claim;
  CREATE INDEX active_by_claim
    ON active (state, wanted_pod_id, priority DESC, created_at, id, retry_at, excluded_pods);
  CREATE TABLE pod_condition (
    pod_id TEXT PRIMARY KEY NOT NULL,
    condition TEXT NOT NULL
  ) STRICT;
  CREATE TABLE pod_orders (
    pod_id TEXT PRIMARY KEY NOT NULL,
    orders TEXT NOT NULL
  ) STRICT;
  `,
  `
  -- A job of a batch has no row in workflows: its batch keeps the workflow, batch_members what the job differs in.
  CREATE TABLE batches (
    id TEXT PRIMARY KEY NOT NULL,
    schema_version INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    record TEXT NOT NULL,
    prompt TEXT NOT NULL,
    workflow TEXT
  ) STRICT;
  CREATE INDEX batches_by_age ON batches (created_at, id);
  CREATE TABLE batch_members (
    job_id TEXT PRIMARY KEY NOT NULL,
    batch_id TEXT NOT NULL,
    member_values TEXT NOT NULL
  ) STRICT;
  CREATE INDEX batch_members_by_batch ON batch_members (batch_id);
  ${(['active', 'history'] as const)
    .map(
      (table) => `
  ALTER TABLE ${table} ADD COLUMN batch_id TEXT;
  DROP INDEX ${table}_by_age;
  CREATE INDEX ${table}_by_age ON ${table} (state, created_at, id, name_folded, pod_id, batch_id);
  CREATE INDEX ${table}_by_batch ON ${table} (batch_id, state, created_at, id, name_folded, pod_id)
    WHERE batch_id IS NOT NULL;`,
    )
    .join('')}
  `,
  `
  -- summary: what a list shows of the record
  CREATE TABLE templates (
    id TEXT PRIMARY KEY NOT NULL,
    record TEXT NOT NULL,
    summary TEXT NOT NULL
  ) STRICT;
  `,
];
