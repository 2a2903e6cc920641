import { Download, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import type { TemplateSummary } from '../../lib/protocol/templates.ts';
import { AgoInSentence } from '../time/time-ago.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { TemplatePicture } from './picture-field.tsx';

/** A template with what can be done with it. */
export function TemplateCard({
  template,
  onEdit,
  onDelete,
}: {
  template: TemplateSummary;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const { id, name, description, thumbnail, updatedAt } = template;
  return (
    <article aria-label={name} className="flex h-full gap-3 rounded-lg border bg-surface p-3">
      <TemplatePicture url={thumbnail} className="size-24 max-sm:size-16" />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <h2 className="line-clamp-2 font-semibold break-words" title={name}>
          {name}
        </h2>
        {description && <p className="line-clamp-3 text-muted">{description}</p>}
        <p className="text-xs text-muted">
          Changed <AgoInSentence at={updatedAt} />
        </p>
        <div className="mt-auto flex flex-wrap items-center gap-1 pt-1">
          <Link
            href={`/submit?template=${id}`}
            aria-label={`Use ${name}`}
            className={buttonClass({ size: 'small', tone: 'primary' })}
          >
            Use
          </Link>
          <Button size="icon" tone="quiet" aria-label={`Edit ${name}`} onClick={onEdit}>
            <Pencil size={15} aria-hidden />
          </Button>
          <a
            href={`/api/templates/export?id=${id}`}
            download
            aria-label={`Export ${name}`}
            className={buttonClass({ size: 'icon', tone: 'quiet' })}
          >
            <Download size={15} aria-hidden />
          </a>
          <Button size="icon" tone="quiet" aria-label={`Delete ${name}`} onClick={onDelete}>
            <Trash2 size={15} aria-hidden />
          </Button>
        </div>
      </div>
    </article>
  );
}
