'use client';
import { useStore, type ReactFlowState } from '@xyflow/react';

/** What is worth drawing at a distance: everything, titles alone, or no text at all. */
export type Detail = 'all' | 'titles' | 'none';

const ALL_FROM_ZOOM = 0.5;
const TITLES_FROM_ZOOM = 0.2;

const detailOf = ({ transform: [, , zoom] }: ReactFlowState): Detail =>
  zoom >= ALL_FROM_ZOOM ? 'all' : zoom >= TITLES_FROM_ZOOM ? 'titles' : 'none';

/** Changes only where the zoom passes from one to another. */
export function useDetail(): Detail {
  return useStore(detailOf);
}
