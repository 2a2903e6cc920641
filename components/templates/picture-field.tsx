'use client';
import { Image as Picture } from 'lucide-react';
import { useState } from 'react';
import { Button, buttonClass } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { smallPicture } from './small-picture.ts';

/** The picture of a template: shown, chosen anew, taken away. */
export function PictureField(props: { value: string | undefined; onChange: (value: string | undefined) => void }) {
  const [problem, setProblem] = useState<string>();
  async function choose(file: File) {
    setProblem(undefined);
    try {
      props.onChange(await smallPicture(file));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : undefined);
    }
  }
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 font-medium">Picture</legend>
      <div className="flex items-center gap-3">
        <TemplatePicture url={props.value} className="size-20" />
        <div className="flex flex-wrap gap-2">
          <label
            className={buttonClass({
              size: 'small',
              className:
                'cursor-pointer focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-accent',
            })}
          >
            Choose a picture
            <input
              type="file"
              accept="image/*"
              className="sr-only"
              onChange={(event) => {
                const file = event.target.files?.[0];
                if (file) void choose(file);
                event.target.value = '';
              }}
            />
          </label>
          {props.value && (
            <Button size="small" tone="quiet" onClick={() => props.onChange(undefined)}>
              Take it away
            </Button>
          )}
        </div>
      </div>
      <Problem text={problem} />
    </fieldset>
  );
}

/** The picture that stands for a template, or the place for one. `className` gives its size. */
export function TemplatePicture({ url, className }: { url: string | undefined; className: string }) {
  return url === undefined ? (
    <span className={`grid shrink-0 place-items-center rounded-md border border-dashed text-muted ${className}`}>
      <Picture size={20} aria-hidden strokeWidth={1.5} />
    </span>
  ) : (
    <img className={`shrink-0 rounded-md bg-raised object-cover ${className}`} alt="" src={url} />
  );
}
