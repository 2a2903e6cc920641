import type { Template } from '../../lib/workflow/templates.ts';

/** Ready workflows to begin with. */
export function TemplateList({
  templates,
  onChoose,
}: {
  templates: readonly Pick<Template, 'id' | 'name' | 'description'>[];
  onChoose: (id: string) => void;
}) {
  return (
    <section aria-labelledby="templates" className="grid grid-cols-1 content-start gap-2">
      <h2 id="templates" className="font-semibold">
        Or begin with a template
      </h2>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {templates.map((one) => (
          <li key={one.id}>
            <button
              type="button"
              className="h-full w-full rounded-lg border bg-surface px-3 py-2.5 text-left hover:bg-raised"
              onClick={() => onChoose(one.id)}
            >
              <span className="block font-medium">{one.name}</span>
              <span className="block text-xs text-muted">{one.description}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
