'use client';
import { ChevronRight } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import type { FormField, FormValues } from '../../lib/workflow/form/form-field.ts';
import { Button } from '../ui/button.tsx';
import { fieldClass } from '../ui/field.tsx';
import { FieldRow, type FieldActions } from './field-row.tsx';
import { heldBy } from './use-form-values.ts';

const SHOWN_AT_ONCE = 30;

/** The inputs that few people change, folded away, searched by name, node or value; `#12` finds those of node 12. */
export function AllInputs({
  fields,
  values,
  picked,
  actions,
}: {
  fields: readonly FormField[];
  values: FormValues;
  /** A node whose inputs a person wants to see; a new object each time. */
  picked: { id: string } | undefined;
  actions: FieldActions;
}) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const [limit, setLimit] = useState(SHOWN_AT_ONCE);
  const fold = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!picked || !fold.current) return;
    fold.current.open = true;
    setSearch(`#${picked.id}`);
    fold.current.scrollIntoView({ block: 'nearest' });
  }, [picked]);
  const wanted = useDeferredValue(search).toLowerCase().split(/\s+/).filter(Boolean);
  const edited = fields.filter((field) => heldBy(field, values).edited).length;
  const found = open ? fields.filter((field) => matches(field, wanted)) : [];
  return (
    <details ref={fold} className="group border-t pt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="flex items-center gap-1.5 font-medium text-muted hover:text-ink">
        <ChevronRight size={15} aria-hidden className="group-open:rotate-90" />
        {fields.length} more {fields.length === 1 ? 'input' : 'inputs'}
        {edited > 0 && <span className="text-xs font-normal text-accent">{edited} edited</span>}
      </summary>
      {open && (
        <div className="mt-3 grid gap-3">
          {(fields.length > 8 || search !== '') && (
            <input
              type="search"
              className={fieldClass}
              aria-label="Find an input"
              placeholder="Find an input by name, node or value"
              value={search}
              onChange={(event) => {
                setSearch(event.target.value);
                setLimit(SHOWN_AT_ONCE);
              }}
            />
          )}
          <div className="grid grid-cols-1 gap-x-4 gap-y-3 sm:grid-cols-2">
            {found.slice(0, limit).map((field) => (
              <FieldRow key={field.key} field={field} {...heldBy(field, values)} showsNode actions={actions} />
            ))}
          </div>
          {found.length === 0 && <p className="text-muted">No input is called so.</p>}
          {found.length > limit && (
            <Button className="justify-self-start" size="small" onClick={() => setLimit((now) => now * 2)}>
              Show more of {found.length} inputs
            </Button>
          )}
        </div>
      )}
    </details>
  );
}

function matches(field: FormField, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const value = typeof field.value === 'string' ? field.value.slice(0, 500) : String(field.value);
  const text =
    `${field.label} ${field.nodeLabel} ${field.classType} ${field.input} ${field.nodeId} ${value}`.toLowerCase();
  return words.every((word) =>
    word.startsWith('#') ? `#${field.nodeId}:`.startsWith(`${word}:`) : text.includes(word),
  );
}
