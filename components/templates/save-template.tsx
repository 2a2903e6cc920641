'use client';
import { useEffect, useState } from 'react';
import type { TemplateContent, TemplateRecord } from '../../lib/protocol/templates.ts';
import { browserApi, failureLines } from '../hooks/browser-api.ts';
import { smallPictureAt } from './small-picture.ts';
import { TemplateForm } from './template-form.tsx';

/**
 * A dialog that keeps a workflow with its form as a template. `picture`: the address of a picture that an output of a job is,
 * which stands for the template unless the person chooses another one.
 */
export function SaveTemplate(props: {
  content: Omit<TemplateContent, 'name' | 'description'>;
  suggestedName: string;
  picture?: string;
  onSaved: (template: TemplateRecord) => void;
  onClose: () => void;
}) {
  const { content, picture } = props;
  const [thumbnail, setThumbnail] = useState(content.thumbnail);
  const [ready, setReady] = useState(picture === undefined || thumbnail !== undefined);
  useEffect(() => {
    if (ready || picture === undefined) return;
    let gone = false;
    void smallPictureAt(picture).then((made) => {
      if (gone) return;
      setThumbnail(made);
      setReady(true);
      return undefined;
    });
    return () => {
      gone = true;
    };
  }, [ready, picture]);
  if (!ready) return null;
  return (
    <TemplateForm
      label="Save as template"
      first={{ name: props.suggestedName, description: '', ...(thumbnail !== undefined && { thumbnail }) }}
      onSave={async ({ thumbnail: chosen, ...face }) => {
        const { thumbnail: _, ...rest } = content;
        const saved = await browserApi()
          .then((api) => api.createTemplate({ ...rest, ...face, ...(chosen !== undefined && { thumbnail: chosen }) }))
          .catch((error: unknown) => {
            throw new Error(failureLines(error).join(' '), { cause: error });
          });
        props.onSaved(saved);
      }}
      onClose={props.onClose}
    />
  );
}
