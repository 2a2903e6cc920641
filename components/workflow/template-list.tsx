import Link from 'next/link';
import type { TemplateSummary } from '../../lib/protocol/templates.ts';
import type { Template } from '../../lib/workflow/templates.ts';

/** More saved templates than these are looked for on their own page. */
const MAX_SAVED = 12;
const lookClass = 'flex h-full w-full gap-3 rounded-lg border bg-surface px-3 py-2.5 text-left hover:bg-raised';

/** Workflows to begin with: what people saved, and the ready ones. */
export function TemplateList({
  saved,
  ready,
  onChoose,
}: {
  saved: readonly TemplateSummary[];
  ready: readonly Pick<Template, 'id' | 'name' | 'description'>[];
  onChoose: (id: string) => void;
}) {
  return (
    <section aria-labelledby="templates" className="grid grid-cols-1 content-start gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <h2 id="templates" className="font-semibold">
          Or begin with a template
        </h2>
        {saved.length > 0 && (
          <Link href="/templates" className="text-xs text-muted hover:text-ink">
            {saved.length > MAX_SAVED ? `All ${saved.length} saved templates` : 'Edit templates'}
          </Link>
        )}
      </div>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {saved.slice(0, MAX_SAVED).map(({ id, name, description, thumbnail }) => (
          <li key={id}>
            <Link href={`/submit?template=${id}`} className={lookClass}>
              {thumbnail && <img src={thumbnail} alt="" className="size-10 shrink-0 rounded object-cover" />}
              <Words name={name} description={description} />
            </Link>
          </li>
        ))}
        {ready.map(({ id, name, description }) => (
          <li key={id}>
            <button type="button" className={lookClass} onClick={() => onChoose(id)}>
              <Words name={name} description={description} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Words({ name, description }: { name: string; description: string }) {
  return (
    <span className="min-w-0">
      <span className="block truncate font-medium">{name}</span>
      <span className="line-clamp-2 block text-xs text-muted">{description}</span>
    </span>
  );
}
