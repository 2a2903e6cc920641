import { ChevronRight } from 'lucide-react';
import type { Template } from '../../lib/workflow/templates.ts';

/** Ready workflows to begin with. */
export function TemplateList({
  templates,
  chosen,
  onChoose,
}: {
  templates: readonly Template[];
  chosen: string;
  onChoose: (id: string) => void;
}) {
  return (
    <section aria-labelledby="templates" className="grid grid-cols-1 content-start gap-2">
      <h2 id="templates" className="font-semibold">
        Templates
      </h2>
      <ul className="rounded-lg border bg-surface max-lg:flex max-lg:divide-x max-lg:overflow-x-auto lg:divide-y lg:overflow-hidden">
        {templates.map((one) => (
          <li key={one.id} className="max-lg:min-w-36 max-lg:flex-1">
            <button
              type="button"
              aria-pressed={chosen === one.id}
              className="flex h-full w-full items-center gap-2 px-3 py-2.5 text-left -outline-offset-2 hover:bg-raised aria-pressed:bg-accent-soft"
              onClick={() => onChoose(one.id)}
            >
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{one.name}</span>
                <span className="block text-xs text-muted">{one.description}</span>
              </span>
              <ChevronRight size={15} aria-hidden className="shrink-0 text-muted max-lg:hidden" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
