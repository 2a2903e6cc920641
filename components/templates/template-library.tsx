'use client';
import { Bookmark, Download, Upload } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { ApiClient } from '../../lib/api-client.ts';
import type { TemplateSummary } from '../../lib/protocol/templates.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import { usePolled } from '../hooks/use-polled.ts';
import { buttonClass } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Problem } from '../ui/problem.tsx';
import { DeleteTemplate } from './delete-template.tsx';
import { importFile } from './import-file.ts';
import { TemplateCard } from './template-card.tsx';
import { TemplateForm, type TemplateFace } from './template-form.tsx';

type Open = { verb: 'edit' | 'delete'; template: TemplateSummary };

/** All templates: use, edit, delete, export, import. */
export function TemplateLibrary({ first }: { first: TemplateSummary[] }) {
  const { value: templates, set } = usePolled(first, (api) => api.templates());
  const [open, setOpen] = useState<Open>();
  const [told, setTold] = useState('');
  const [problem, setProblem] = useState<string>();
  const close = () => setOpen(undefined);

  /** Does something with the templates, then shows them as they are. @throws Error with the sentence for the person */
  async function change<T>(what: (api: ApiClient) => Promise<T>): Promise<T> {
    try {
      const api = await browserApi();
      const answer = await what(api);
      set(await api.templates());
      return answer;
    } catch (error) {
      throw new Error(failureLines(error).join(' '), { cause: error });
    }
  }
  async function save(id: string, face: TemplateFace) {
    await change(async (api) => {
      const { prompt, workflow, fields } = await api.template(id);
      const kept = { prompt, ...(workflow !== undefined && { workflow }), ...(fields && { fields }) };
      await api.updateTemplate(id, { ...kept, ...face });
    });
    close();
  }
  async function take(file: File) {
    setTold('');
    setProblem(undefined);
    try {
      const count = await change((api) => importFile(api, file));
      setTold(count === 1 ? 'One template was imported.' : `${count} templates were imported.`);
    } catch (error) {
      setProblem(`${file.name}: ${error instanceof Error ? error.message : 'it was not imported.'}`);
    }
  }
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-2">
        <h1 className="mr-auto text-xl font-semibold max-sm:w-full">Templates</h1>
        <label
          className={buttonClass({
            className:
              'cursor-pointer focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
          })}
        >
          <Upload size={15} aria-hidden /> Import
          <input
            type="file"
            accept=".json,application/json"
            className="sr-only"
            onChange={(event) => {
              const file = event.target.files?.[0];
              if (file) void take(file);
              event.target.value = '';
            }}
          />
        </label>
        {templates.length > 0 && (
          <a href="/api/templates/export" download className={buttonClass()}>
            <Download size={15} aria-hidden /> Export all
          </a>
        )}
      </div>
      <p role="status" className={told ? 'mb-4' : ''}>
        {told}
      </p>
      <Problem text={problem} className="mb-4 break-words" />
      {templates.length === 0 ? (
        <Empty Icon={Bookmark} title="No templates yet">
          <p className="max-w-md text-muted">
            Open a workflow, choose “Save as template”, and it is here for everybody who uses this Podium, with the
            fields that its form shows.
          </p>
          <Link href="/submit" className={buttonClass({ tone: 'primary' })}>
            Open a workflow
          </Link>
        </Empty>
      ) : (
        <ul aria-label="Templates" className="grid gap-3 md:grid-cols-2 xl:grid-cols-3">
          {templates.map((template) => (
            <li key={template.id} className="min-w-0">
              <TemplateCard
                template={template}
                onEdit={() => setOpen({ verb: 'edit', template })}
                onDelete={() => setOpen({ verb: 'delete', template })}
              />
            </li>
          ))}
        </ul>
      )}
      {open?.verb === 'edit' && (
        <TemplateForm
          label="Edit template"
          first={open.template}
          onSave={(face) => save(open.template.id, face)}
          onClose={close}
        />
      )}
      {open?.verb === 'delete' && (
        <DeleteTemplate
          template={open.template}
          onDelete={async () => {
            await change((api) => api.removeTemplate(open.template.id));
            close();
          }}
          onClose={close}
        />
      )}
    </>
  );
}
