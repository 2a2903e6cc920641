'use client';
import { CircleX, Play } from 'lucide-react';
import { useState } from 'react';
import type { PodView } from '../../lib/protocol/pods.ts';
import { templates } from '../../lib/workflow/templates.ts';
import { Button } from '../ui/button.tsx';
import { Field, fieldClass } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { hasSeeds } from './new-seeds.ts';
import { TemplateList } from './template-list.tsx';
import { Understood } from './understood.tsx';
import { useReading } from './use-reading.ts';
import { useSubmission } from './use-submission.ts';
import { WorkflowText } from './workflow-text.tsx';

const MAX_COUNT = 20;

/** Choose or bring a workflow, see what it is understood as, submit it. `first` is that of an earlier job. */
export function SubmitForm({
  pods,
  first,
}: {
  pods: Pick<PodView, 'id' | 'name' | 'state' | 'demo' | 'checkpoint'>[];
  first?: { name: string; text: string };
}) {
  const [text, setText] = useState(first?.text ?? '');
  const [name, setName] = useState(first?.name ?? '');
  const [pod, setPod] = useState('');
  const [count, setCount] = useState(1);
  const [template, setTemplate] = useState('');
  const read = useReading(text);
  const { submit, busy, problems, setProblems } = useSubmission();
  const seeded = read?.ok === true && hasSeeds(read.prompt);
  function change(next: string) {
    setText(next);
    setTemplate('');
    setProblems([]);
  }
  function choose(id: string) {
    const chosen = templates(Math.floor(Math.random() * 2 ** 32), pods).find((one) => one.id === id);
    if (!chosen) return;
    change(JSON.stringify(chosen.prompt, null, 2));
    setName(chosen.name);
    setTemplate(id);
  }
  return (
    <form
      className="grid grid-cols-1 items-start gap-x-6 gap-y-4 lg:grid-cols-[18rem_minmax(0,1fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        if (read?.ok) void submit({ prompt: read.prompt, name, pod, count: seeded ? count : 1 });
      }}
    >
      <TemplateList templates={templates(0, pods)} chosen={template} onChoose={choose} />
      <div className="grid grid-cols-1 gap-4 max-sm:pb-16">
        <WorkflowText text={text} onText={change} onProblem={(message) => setProblems([message])} />
        <Understood read={read} />
        <div className="grid gap-4 sm:grid-cols-[minmax(0,1fr)_12rem_6rem]">
          <Field label="Name">
            <input
              className={fieldClass}
              value={name}
              maxLength={200}
              placeholder="By its text, if left empty"
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <Field label="Pod">
            <select className={fieldClass} value={pod} onChange={(event) => setPod(event.target.value)}>
              <option value="">Any pod</option>
              {pods.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.state === 'up' ? one.name : `${one.name} (${one.state})`}
                </option>
              ))}
            </select>
          </Field>
          <Field label="Runs" hint={read?.ok && !seeded ? 'No seed to vary' : 'New seeds each'}>
            <input
              className={fieldClass}
              type="number"
              min={1}
              max={MAX_COUNT}
              value={count}
              disabled={!seeded}
              onChange={(event) => setCount(Math.min(Math.max(event.target.valueAsNumber || 1, 1), MAX_COUNT))}
            />
          </Field>
        </div>
        {problems.length > 0 && (
          <Notice tone="bad" Icon={CircleX} role="alert">
            {problems.map((line) => (
              <p key={line} className="break-words">
                {line}
              </p>
            ))}
          </Notice>
        )}
        <div className="flex justify-end max-sm:fixed max-sm:inset-x-0 max-sm:bottom-14 max-sm:z-20 max-sm:border-t max-sm:bg-surface max-sm:p-2">
          <Button tone="primary" type="submit" className="max-sm:w-full" disabled={busy || !read?.ok}>
            <Play size={15} aria-hidden />
            {busy ? 'Submitting…' : seeded && count > 1 ? `Submit ${count} jobs` : 'Submit job'}
          </Button>
        </div>
      </div>
    </form>
  );
}
