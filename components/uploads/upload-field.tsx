'use client';
import { fieldClass } from '../ui/field.tsx';

/** Kinds of files an input takes. */
export type Accepts = 'image' | 'video' | 'audio' | 'any';

/**
 * One input of a form that takes a file: dropped, pasted, chosen, from an earlier output, or one that pods have.
 * `value` is what the prompt gets: a file's name on the pod, or that of an upload. `choices`: files that pods have.
 */
export function UploadField(props: {
  value: string;
  accepts: Accepts;
  choices: readonly string[];
  onChange: (value: string) => void;
  label: string;
}) {
  return (
    <input
      className={fieldClass}
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    />
  );
}
