'use client';
import { createKeptText, useKeptText } from '../hooks/kept-text.ts';

const kept = createKeptText('podium-dismissed-recovery');

/** The id of the recovery that this browser wants to hear no more of, and how to set it. Null until the browser is asked. */
export function useDismissedRecovery() {
  return { dismissed: useKeptText(kept), dismiss: (id: string) => kept.write(id) };
}
