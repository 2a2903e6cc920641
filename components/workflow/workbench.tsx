'use client';
import { useCallback, useMemo, useState } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import { durationsOf, estimateOf } from '../../lib/workflow/batch/estimate.ts';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';
import { applyValues } from '../../lib/workflow/form/apply-values.ts';
import { fieldKey, type FormField } from '../../lib/workflow/form/form-field.ts';
import { BatchPanel } from './batch-panel.tsx';
import { NO_BATCH, planOf } from './batch-wish.ts';
import { verdictOf } from './check-problems.ts';
import { FoundBar } from './found-bar.tsx';
import { GraphPane } from './graph-pane.tsx';
import { PodVerdicts } from './pod-verdicts.tsx';
import { prepareForm, type Prepared } from './prepare-form.ts';
import { RawJson } from './raw-json.tsx';
import { keepValues } from './remembered-store.ts';
import { SaveButton } from './save-button.tsx';
import { SubmitBar } from './submit-bar.tsx';
import { useCheck } from './use-check.ts';
import { useFormValues } from './use-form-values.ts';
import type { Loaded } from './use-intake.ts';
import { useNewestSucceeded } from './use-newest-succeeded.ts';
import { useSubmission } from './use-submission.ts';
import { askedBody, firstForm, sizeOf, type UsedForm } from './used-form.ts';
import { sameNames, WorkflowForm } from './workflow-form.tsx';

export type SubmitPod = Pick<PodView, 'id' | 'name' | 'state' | 'demo' | 'checkpoint' | 'breaker' | 'drained'>;

/** A workflow that was understood: its graph, what pods make of it, its form, and how many jobs it becomes. */
export function Workbench({
  loaded,
  pods,
  onText,
  onOther,
}: {
  loaded: Loaded;
  pods: readonly SubmitPod[];
  onText: (text: string) => void;
  onOther: () => void;
}) {
  const [use, setUse] = useState(() => firstForm(loaded));
  return <Bench key={use} loaded={loaded} use={use} pods={pods} onUse={setUse} onText={onText} onOther={onOther} />;
}

interface BenchProps {
  loaded: Loaded;
  use: UsedForm;
  pods: readonly SubmitPod[];
  onUse: (use: UsedForm) => void;
  onText: (text: string) => void;
  onOther: () => void;
}

function Bench({ loaded, use, pods, onUse, onText, onOther }: BenchProps) {
  const { found } = loaded;
  const editor = found.editor?.raw;
  const [prepared, setPrepared] = useState<Prepared>();
  const [wish, setWish] = useState(NO_BATCH);
  const [name, setName] = useState(loaded.name ?? '');
  const [pod, setPod] = useState('');
  const [wait, setWait] = useState(false);
  const [looked, setLooked] = useState<{ id: string; quiet?: true }>();
  const [picked, setPicked] = useState<{ id: string }>();
  const { values, change, reset, setValues } = useFormValues();
  const submission = useSubmission();

  const edited = useMemo(
    () => (prepared && Object.keys(values).length > 0 ? applyValues(prepared.prompt, values) : prepared?.prompt),
    [prepared, values],
  );
  const asked = useMemo(
    () => askedBody(edited === prepared?.prompt ? undefined : edited, use, found),
    [edited, prepared, use, found],
  );
  const podsKey = pods.map(({ id, state, breaker, drained }) => `${id} ${state} ${breaker} ${drained}`).join();
  const size = useMemo(() => sizeOf(prepared?.prompt), [prepared]);
  const checking = useCheck(asked, podsKey, size);
  if (!prepared && checking.check) {
    const first = prepareForm(loaded, use, checking.check);
    setPrepared(first);
    if (first.remembered) setValues(first.remembered.values);
  }
  const verdict = useMemo(() => verdictOf(checking.check, pod), [checking.check, pod]);
  const fields = prepared?.fields ?? NO_FIELDS;
  const twins = useMemo(() => sameNames(fields), [fields]);
  const labelOf = useCallback(
    (field: FormField) =>
      twins.has(field.label) ? `${field.label} · ${field.nodeLabel} #${field.nodeId}` : field.label,
    [twins],
  );
  const wished = useMemo(() => planOf(wish, fields, edited ?? {}, labelOf), [wish, fields, edited, labelOf]);
  const recent = useNewestSucceeded(wished.jobs > 1);
  const byKey = useMemo(() => new Map(fields.map((field) => [field.key, field])), [fields]);
  const fieldOf = ({ nodeId, input }: WorkflowProblem) =>
    nodeId === undefined || input === undefined ? undefined : byKey.get(fieldKey(nodeId, input));
  const focus = useCallback((field: FormField) => setLooked({ id: field.nodeId, quiet: true }), []);
  const actions = useMemo(() => ({ change, reset, focus }), [change, reset, focus]);
  const notes = [...new Set([...found.notes, ...(checking.check?.notes ?? [])])];

  async function submit() {
    if (!edited || !prepared) return;
    const accepted = await submission.submit({
      prompt: edited,
      editor: use === 'prompt' ? undefined : editor,
      name,
      pod,
      plan: wished.plan,
      jobs: wished.jobs,
      wait: wait && verdict.runs === 'cannot',
    });
    if (accepted) keepValues({ key: prepared.key, values, name });
  }

  return (
    <div className="grid grid-cols-1 gap-5">
      {/* It opens a dialog with a form of its own, and a form within a form submits both. */}
      <FoundBar
        loaded={loaded}
        use={use}
        nodes={prepared && Object.keys(prepared.prompt).length}
        notes={notes}
        actions={
          edited && (
            <SaveButton
              prompt={edited}
              editor={use === 'prompt' ? undefined : editor}
              fields={fields}
              name={name || loaded.from}
            />
          )
        }
        onUse={onUse}
        onOther={onOther}
      />
      <form
        noValidate
        className="grid grid-cols-1 items-start gap-x-8 gap-y-5 max-sm:pb-20 lg:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="max-lg:contents lg:sticky lg:top-16 lg:order-2 lg:grid lg:gap-5">
          <PodVerdicts
            checking={checking}
            actions={{
              show: (problem) => {
                if (problem.nodeId !== undefined) setLooked({ id: problem.nodeId });
              },
              replace: (problem) => {
                const field = fieldOf(problem);
                return field && problem.closest !== undefined ? () => change(field, problem.closest) : undefined;
              },
            }}
          />
          {prepared && edited && (
            <div className="grid gap-5 max-lg:order-3">
              <GraphPane
                graph={prepared.graph}
                values={values}
                check={checking.check}
                verdict={verdict}
                looked={looked}
                onPick={(id) => {
                  setLooked({ id, quiet: true });
                  if (!focusField(id)) setPicked({ id });
                }}
              />
              <RawJson prompt={edited} onText={onText} />
            </div>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-5 max-lg:order-2 lg:order-1">
          {prepared && edited && (
            <>
              {prepared.remembered && Object.keys(values).length > 0 && (
                <p className="text-muted">What you submitted last is filled in.</p>
              )}
              <WorkflowForm
                fields={fields}
                values={values}
                problems={verdict.problems}
                picked={picked}
                actions={actions}
                onResetAll={() => setValues({})}
              />
              <BatchPanel
                wish={wish}
                wished={wished}
                fields={fields}
                labelOf={labelOf}
                estimate={estimateOf(wished.jobs, durationsOf(recent), verdict.pods)?.sentence}
                onWish={setWish}
              />
            </>
          )}
          <SubmitBar
            pods={pods}
            name={name}
            onName={setName}
            pod={pod}
            onPod={setPod}
            wait={wait}
            onWait={setWait}
            verdict={verdict}
            sentence={checking.check?.sentence ?? ''}
            jobs={wished.jobs}
            ready={prepared !== undefined && wished.faults.size === 0 && wished.fault === undefined}
            busy={submission.busy}
            problems={submission.problems}
          />
        </div>
      </form>
    </div>
  );
}

/** Goes to the first input of a node that the form shows; false where it shows none. */
function focusField(nodeId: string): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-field]')];
  const row = rows.find(
    ({ dataset }) =>
      /[/:]/.test(dataset['field']?.slice(nodeId.length, nodeId.length + 1) ?? '') &&
      dataset['field']?.startsWith(nodeId),
  );
  row?.querySelector<HTMLElement>('input, textarea, select')?.focus();
  return row !== undefined;
}

const NO_FIELDS: readonly FormField[] = [];
