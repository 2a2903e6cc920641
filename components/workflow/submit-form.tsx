'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ApiError, createApiClient } from '../../lib/api-client.ts';
import type { PodView } from '../../lib/protocol/pods.ts';
import { readWorkflow } from '../../lib/workflow/read-workflow.ts';
import { templates } from '../../lib/workflow/templates.ts';
import { Button } from '../ui/button.tsx';

export function SubmitForm({ pods }: { pods: PodView[] }) {
  const router = useRouter();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [pod, setPod] = useState('');
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<string[]>([]);
  async function submit() {
    const read = readWorkflow(text);
    if (!read.ok) return setProblems([read.message]);
    setBusy(true);
    try {
      const body = { workflow: read.prompt, ...(name.trim() && { name: name.trim() }), ...(pod && { pod }) };
      const job = await createApiClient({ baseUrl: '' }).submit(body, crypto.randomUUID());
      router.push(`/jobs/${job.id}`);
    } catch (error) {
      const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
      const message = error instanceof Error ? error.message : 'The request did not reach Podium.';
      setProblems([message, ...fields.map((one) => `${one.field}: ${one.message}`)]);
    }
    setBusy(false);
  }
  function choose(id: string) {
    const chosen = templates(Math.floor(Math.random() * 2 ** 32)).find((one) => one.id === id);
    if (!chosen) return;
    setText(JSON.stringify(chosen.prompt, null, 2));
    setName(chosen.name);
    setProblems([]);
  }
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <fieldset className="grid gap-2 sm:grid-cols-2">
        <legend className="mb-2 font-medium">Templates</legend>
        {templates(0).map((one) => (
          <button type="button" key={one.id} className="button text-left" onClick={() => choose(one.id)}>
            <span>
              {one.name}
              <span className="block text-muted">{one.description}</span>
            </span>
          </button>
        ))}
      </fieldset>
      <label>
        Workflow (API form): paste it or drop the file here
        <textarea
          className="field h-64 font-mono"
          value={text}
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
          onDrop={(event) => {
            const [file] = event.dataTransfer.files;
            if (file) {
              event.preventDefault();
              void file.text().then(setText);
            }
          }}
        />
      </label>
      <label>
        Name
        <input className="field" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
      </label>
      <label>
        Pod
        <select className="field" value={pod} onChange={(event) => setPod(event.target.value)}>
          <option value="">Any pod</option>
          {pods.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.state})
            </option>
          ))}
        </select>
      </label>
      {problems.length > 0 && (
        <div role="alert" className="text-bad">
          {problems.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <div>
        <Button tone="primary" type="submit" disabled={busy}>
          Submit job
        </Button>
      </div>
    </form>
  );
}
