'use client';
import { createContext, useContext } from 'react';
import type { FormValues } from '../../lib/workflow/form/form-field.ts';
import { shortValue } from '../../lib/workflow/graph/short-value.ts';

/**
 * New values of a workflow that is being edited. They are apart from the graph, which for each letter that is typed would be
 * placed anew.
 */
export const EditContext = createContext<FormValues>({});

/** What a widget shows: the value that a person gave its field, else that of the workflow. */
export function useShownValue(field: string, value: string): string {
  const edits = useContext(EditContext);
  return Object.hasOwn(edits, field) ? shortValue(edits[field]) : value;
}
