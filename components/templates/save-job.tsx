'use client';
import { BookmarkPlus } from 'lucide-react';
import { useState } from 'react';
import type { JobDetail } from '../../lib/protocol/jobs.ts';
import type { TemplateContent } from '../../lib/protocol/templates.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { SaveTemplate } from './save-template.tsx';

/** Pixels asked of the server, which the template makes smaller where that is needed. */
const PICTURE_PX = 320;

/** Keeps a job's workflow as a template, with its first picture. `onSaved` is given a sentence. */
export function SaveJob({
  job,
  onSaved,
}: {
  job: Pick<JobDetail, 'id' | 'name' | 'outputs'>;
  onSaved: (sentence: string) => void;
}) {
  const [content, setContent] = useState<Omit<TemplateContent, 'name' | 'description'>>();
  const [problem, setProblem] = useState<string>();
  const picture = job.outputs.find(({ kind }) => kind === 'image');
  async function open() {
    setProblem(undefined);
    try {
      const { prompt, workflow } = await (await browserApi()).workflow(job.id);
      setContent({ prompt, ...(workflow !== undefined && { workflow }) });
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
  }
  return (
    <>
      <Button onClick={() => void open()}>
        <BookmarkPlus size={15} aria-hidden /> <span className="max-sm:sr-only">Save as template</span>
      </Button>
      <Problem text={problem} className="w-full text-xs" />
      {content && (
        <SaveTemplate
          content={content}
          suggestedName={job.name}
          {...(picture && { picture: `${picture.url}/thumbnail?w=${PICTURE_PX}` })}
          onSaved={({ name }) => {
            setContent(undefined);
            onSaved(`Saved as the template “${name}”.`);
          }}
          onClose={() => setContent(undefined)}
        />
      )}
    </>
  );
}
