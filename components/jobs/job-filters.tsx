'use client';
import clsx from 'clsx';
import { Search } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import type { JobCounts } from '../../lib/protocol/jobs.ts';
import { fieldClass } from '../ui/field.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { countOf, listHref, STATE_GROUPS, type ListChoice } from './state-groups.ts';

const TYPED_FOR_MS = 250;

/** Groups of states with counts, a search and a pod; every choice is an address. */
export function JobFilters({
  choice,
  counts,
  pods,
}: {
  choice: ListChoice;
  counts: JobCounts;
  pods: { id: string; name: string }[];
}) {
  const router = useRouter();
  const [typed, setTyped] = useState(choice.q ?? '');
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { group: _all, ...rest } = choice;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const go = (q: string) => router.replace(listHref({ ...choice, q: q.trim() }), { scroll: false });
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <nav aria-label="States" className="-mx-1 flex min-w-0 gap-0.5 overflow-x-auto px-1 py-1 max-sm:max-w-full">
        <Tab href={listHref(rest)} chosen={!choice.group} word="All" count={all} />
        {STATE_GROUPS.map(({ id, word, states }) => (
          <Tab
            key={id}
            href={listHref({ ...choice, group: id })}
            chosen={choice.group === id}
            word={word}
            count={countOf(counts, states)}
          />
        ))}
      </nav>
      <form
        role="search"
        className="flex flex-1 justify-end gap-2 max-sm:basis-full"
        onSubmit={(event) => {
          event.preventDefault();
          clearTimeout(timer.current);
          go(typed);
        }}
      >
        <div className="relative w-full sm:max-w-56">
          <Search size={15} aria-hidden className="absolute inset-y-0 left-2.5 my-auto text-muted" />
          <input
            id="job-search"
            type="search"
            name="q"
            className={clsx(fieldClass, 'peer pl-8')}
            aria-label="Search jobs by name or id"
            aria-keyshortcuts="/"
            placeholder="Search"
            maxLength={100}
            value={typed}
            onChange={(event) => {
              const { value } = event.target;
              setTyped(value);
              clearTimeout(timer.current);
              timer.current = setTimeout(() => go(value), TYPED_FOR_MS);
            }}
            onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          />
          <span
            aria-hidden
            className="pointer-events-none absolute inset-y-0 right-1.5 flex items-center peer-focus:hidden peer-[:not(:placeholder-shown)]:hidden max-sm:hidden"
          >
            <Kbd>/</Kbd>
          </span>
        </div>
        {(pods.length > 1 || choice.pod) && (
          <select
            className={clsx(fieldClass, 'max-w-40')}
            aria-label="Pod"
            value={choice.pod ?? ''}
            onChange={(event) => router.replace(listHref({ ...choice, pod: event.target.value }), { scroll: false })}
          >
            <option value="">Every pod</option>
            {pods.map((pod) => (
              <option key={pod.id} value={pod.id}>
                {pod.name}
              </option>
            ))}
          </select>
        )}
      </form>
    </div>
  );
}

function Tab(props: { href: string; chosen: boolean; word: string; count: number }) {
  return (
    <Link
      href={props.href}
      prefetch={false}
      scroll={false}
      className={clsx(
        'flex h-8 shrink-0 items-center gap-1.5 rounded-md px-2.5 font-medium max-sm:h-10',
        props.chosen ? 'bg-accent-soft text-accent' : 'text-muted hover:bg-raised hover:text-ink',
      )}
      {...(props.chosen && { 'aria-current': 'page' as const })}
    >
      {props.word} <span className="text-xs font-normal">{props.count}</span>
    </Link>
  );
}
