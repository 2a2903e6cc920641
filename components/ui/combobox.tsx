'use client';
import clsx from 'clsx';
import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import { fieldClass } from './field.tsx';

/** Most options drawn at once; a person who sees more types a letter. */
const MAX_SHOWN = 100;

/** A choice among many: opened, it can be searched. Every word that is typed must be somewhere in an option. */
export function Combobox(props: {
  id?: string;
  label: string;
  value: string;
  options: readonly string[];
  onChange: (value: string) => void;
  invalid?: boolean;
  describedBy?: string | undefined;
}) {
  const { value, options } = props;
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = options.filter((option) => words.every((word) => option.toLowerCase().includes(word)));
  const shown = found.slice(0, MAX_SHOWN);
  useEffect(() => {
    if (open) list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [open, active]);
  function show() {
    if (open) return;
    setSearch('');
    setActive(Math.max(0, options.slice(0, MAX_SHOWN).indexOf(value)));
    setOpen(true);
  }
  function choose(option: string | undefined) {
    setOpen(false);
    if (option !== undefined && option !== value) props.onChange(option);
  }
  function onKey(event: React.KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (open) setActive((now) => Math.min(Math.max(now + step, 0), shown.length - 1));
      else show();
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === 'Escape' && open) {
      event.preventDefault();
      setOpen(false);
    }
  }
  return (
    <div className="relative" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <input
        id={props.id}
        role="combobox"
        aria-label={props.label}
        aria-expanded={open}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={open && shown.length > 0 ? `${listId}-${active}` : undefined}
        aria-invalid={props.invalid ?? false}
        aria-describedby={props.describedBy}
        autoComplete="off"
        spellCheck={false}
        className={clsx(fieldClass, 'truncate pr-8', props.invalid && 'border-bad')}
        value={open ? search : value}
        placeholder={open ? value : ''}
        onClick={show}
        onChange={(event) => {
          setOpen(true);
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      <ChevronDown
        size={15}
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 text-muted"
      />
      <div
        ref={list}
        id={listId}
        role="listbox"
        aria-label={props.label}
        hidden={!open}
        className="absolute z-10 mt-1 max-h-64 w-full min-w-56 overflow-y-auto rounded-md border bg-surface py-1 shadow-lg"
      >
        {open &&
          shown.map((option, at) => (
            <div
              key={option}
              id={`${listId}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={option === value}
              className={clsx(
                'cursor-pointer px-2.5 py-1.5 break-all',
                at === active && 'bg-accent-soft',
                option === value && 'font-semibold',
              )}
              onPointerDown={(event) => event.preventDefault()}
              onPointerMove={() => setActive(at)}
              onClick={() => choose(option)}
            >
              {option}
            </div>
          ))}
        {open && shown.length === 0 && (
          <div role="option" tabIndex={-1} aria-selected={false} aria-disabled className="px-2.5 py-1.5 text-muted">
            Nothing is called so
          </div>
        )}
        {open && found.length > shown.length && (
          <div role="option" tabIndex={-1} aria-selected={false} aria-disabled className="px-2.5 py-1.5 text-muted">
            {found.length - shown.length} more: type to find them
          </div>
        )}
      </div>
    </div>
  );
}
