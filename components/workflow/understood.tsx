import { CircleCheck, CircleX } from 'lucide-react';
import type { Prompt } from '../../lib/workflow/prompt.ts';
import { Notice } from '../ui/notice.tsx';
import { GraphView } from './graph-view.tsx';
import type { Reading } from './read-text.ts';

/** What Podium makes of the text: its nodes and its words, or why it cannot be used and what to do. */
export function Understood({ read }: { read: Reading | null }) {
  return (
    <div role="status">
      {read?.ok === false && (
        <Notice tone="bad" Icon={CircleX} label="Not understood">
          <p>{read.message}</p>
        </Notice>
      )}
      {read?.ok && (
        <Notice tone="plain" Icon={CircleCheck} label="Understood">
          <p className="font-semibold">{countText(Object.keys(read.prompt).length)} understood</p>
          {read.graph && (
            <div className="mt-3">
              <GraphView graph={read.graph} />
            </div>
          )}
          <ul className="mt-3 flex flex-wrap gap-1.5">
            {classTypes(read.prompt).map(([name, count]) => (
              <li key={name} className="rounded bg-raised px-1.5 py-0.5 font-mono text-xs">
                {name}
                {count > 1 && ` × ${count}`}
              </li>
            ))}
          </ul>
          {words(read.prompt).map((text) => (
            <p key={text} className="mt-2 line-clamp-2 border-l-2 pl-2 text-muted">
              {text}
            </p>
          ))}
        </Notice>
      )}
    </div>
  );
}

function countText(count: number): string {
  return count === 1 ? '1 node' : `${count} nodes`;
}

function classTypes(prompt: Prompt): [string, number][] {
  const counts = new Map<string, number>();
  for (const node of Object.values(prompt)) counts.set(node.class_type, (counts.get(node.class_type) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a.localeCompare(b));
}

const SHOWN_TEXTS = 3;
/** The texts a person wrote into it, by which they know it again. */
function words(prompt: Prompt): string[] {
  const texts = Object.values(prompt)
    .map((node) => node.inputs['text'])
    .filter((text): text is string => typeof text === 'string' && text.trim() !== '');
  return [...new Set(texts)].slice(0, SHOWN_TEXTS);
}
