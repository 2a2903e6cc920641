'use client';
import clsx from 'clsx';
import { History, Upload as UploadIcon, X } from 'lucide-react';
import { useRef, useState, type ClipboardEvent, type DragEvent } from 'react';
import { uploadHash } from '../../lib/workflow/upload-name.ts';
import { Button } from '../ui/button.tsx';
import { Combobox } from '../ui/combobox.tsx';
import { fieldClass } from '../ui/field.tsx';
import { notAccepted, type Accepts } from './accepts.ts';
import { OutputChooser } from './output-chooser.tsx';
import { UploadPreview } from './upload-preview.tsx';
import { UploadProgress } from './upload-progress.tsx';
import { useUpload } from './use-upload.ts';

interface UploadFieldProps {
  value: string;
  accepts: Accepts;
  choices: readonly string[];
  onChange: (value: string) => void;
  label: string;
  /** Of the field, for its label. */
  id?: string;
}

/**
 * One input of a form that takes a file: dropped, pasted, chosen, from an earlier output, or one that pods have.
 * `value` is what the prompt gets: a file's name on the pod, or that of an upload. `choices`: files that pods have.
 */
export function UploadField(props: UploadFieldProps) {
  const { value, accepts, label, onChange } = props;
  // What was uploaded lies on pods too, under names that tell a person nothing.
  const choices = props.choices.filter((choice) => uploadHash(choice) === undefined);
  const file = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const upload = useUpload((done) => {
    const refusal = notAccepted(accepts, done.kind, done.name);
    if (refusal === undefined) onChange(done.ref);
    return refusal;
  });
  const hash = uploadHash(value);

  function bring(event: ClipboardEvent | DragEvent, files: FileList): void {
    const [first] = files;
    if (!first) return;
    event.preventDefault();
    take(first);
  }
  function take(first: File): void {
    const [family = ''] = first.type.split('/', 1);
    // What the browser does not know is told by the server, from the content.
    const refusal = ['image', 'video', 'audio'].includes(family) && notAccepted(accepts, family, first.name);
    if (refusal) upload.refuse(refusal);
    else upload.sendFile(first);
  }

  return (
    <div
      role="group"
      aria-label={label}
      className={clsx('grid gap-2 rounded-md', over && 'outline-2 outline-offset-4 outline-accent outline-dashed')}
      onPaste={(event) => bring(event, event.clipboardData.files)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        bring(event, event.dataTransfer.files);
      }}
    >
      {hash === undefined ? (
        <PodFile {...props} choices={choices} />
      ) : (
        <UploadPreview hash={hash} name={value} label={label} />
      )}
      <UploadProgress upload={upload} />
      <div className="flex flex-wrap gap-2">
        <Button size="small" onClick={() => file.current?.click()}>
          <UploadIcon size={14} aria-hidden />
          {hash === undefined ? 'Upload a file' : 'Replace'}
        </Button>
        {(accepts === 'image' || accepts === 'any') && (
          <Button size="small" onClick={() => setChoosing(true)}>
            <History size={14} aria-hidden />
            Earlier output
          </Button>
        )}
        {hash !== undefined && (
          <Button size="small" tone="quiet" onClick={() => onChange(choices[0] ?? '')}>
            <X size={14} aria-hidden />
            Remove
          </Button>
        )}
      </div>
      <input
        ref={file}
        type="file"
        hidden
        accept={accepts === 'any' ? undefined : `${accepts}/*`}
        onChange={(event) => {
          const [first] = event.target.files ?? [];
          if (first) take(first);
          // The same file may be chosen again, after it has changed.
          event.target.value = '';
        }}
      />
      {choosing && (
        <OutputChooser
          onClose={() => setChoosing(false)}
          onChoose={(jobId, index, name) => {
            setChoosing(false);
            upload.takeOutput(jobId, index, name);
          }}
        />
      )}
    </div>
  );
}

/** A file that pods have, chosen from their list or written by its name. */
function PodFile({ id, value, choices, onChange, label }: UploadFieldProps) {
  const named = id === undefined ? {} : { id };
  if (choices.length > 0)
    return <Combobox {...named} label={label} value={value} options={choices} onChange={onChange} />;
  return (
    <input
      {...named}
      className={fieldClass}
      aria-label={label}
      value={value}
      placeholder="A file on the pod"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
