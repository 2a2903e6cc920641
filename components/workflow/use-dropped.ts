'use client';
import { useEffect, useEffectEvent, useState } from 'react';
import type { Brought } from './read-input.ts';

/** Where text that is pasted belongs to the field. */
const FIELDS = 'input, textarea, select, [contenteditable], dialog[open]';

/**
 * Takes files that are dropped anywhere on the page, and text or pictures that are pasted outside of fields; not what a
 * field takes itself. True while a file is held over the page.
 */
export function useDropped(onBrought: (brought: Brought, from: string) => void): boolean {
  const [over, setOver] = useState(false);
  const bring = useEffectEvent((event: Event, transfer: DataTransfer | null) => {
    const brought = broughtBy(transfer);
    if (!brought) return;
    event.preventDefault();
    onBrought(...brought);
  });
  useEffect(() => {
    const holds = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const onOver = (event: DragEvent) => {
      const ours = holds(event) && !event.defaultPrevented && !isIn(event, 'dialog[open]');
      if (ours) event.preventDefault();
      setOver(ours);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (holds(event) && !event.defaultPrevented && !isIn(event, 'dialog[open]')) bring(event, event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!event.defaultPrevented && !isIn(event, FIELDS)) bring(event, event.clipboardData);
    };
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
      window.removeEventListener('paste', onPaste);
    };
  }, []);
  return over;
}

function isIn(event: Event, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null;
}

/** The first file of a transfer, else its text, with what to call it. */
export function broughtBy(transfer: DataTransfer | null): [Brought, string] | undefined {
  const [file] = transfer?.files ?? [];
  if (file) return [{ file }, file.name];
  const text = transfer?.getData('text/plain') ?? '';
  return text.trim() === '' ? undefined : [{ text }, 'Pasted text'];
}
