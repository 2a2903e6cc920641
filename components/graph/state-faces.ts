import { Check, CircleSlash, Clock, Play, Square, TriangleAlert, X, Zap, type LucideIcon } from 'lucide-react';
import type { NodeState } from './node-marks.ts';

interface Face {
  word: string;
  Icon: LucideIcon;
  /** Classes of what tells the state: its sign, the node's edge, and the node itself where it is seen from afar. */
  sign: string;
  edge: string;
  fill: string;
}

/** States are told by word, sign and colour together. */
export const STATE_FACES: Record<NodeState, Face> = {
  waiting: { word: 'waiting', Icon: Clock, sign: 'text-muted', edge: 'border-line', fill: 'bg-raised' },
  running: { word: 'running', Icon: Play, sign: 'text-accent', edge: 'border-accent', fill: 'bg-accent' },
  cached: { word: 'from the cache', Icon: Zap, sign: 'text-good', edge: 'border-good/50', fill: 'bg-good/35' },
  done: { word: 'done', Icon: Check, sign: 'text-good', edge: 'border-good', fill: 'bg-good/60' },
  failed: { word: 'failed', Icon: X, sign: 'text-bad', edge: 'border-bad', fill: 'bg-bad' },
  stopped: { word: 'stopped', Icon: Square, sign: 'text-warn', edge: 'border-warn', fill: 'bg-warn/60' },
  not_run: { word: 'not run', Icon: CircleSlash, sign: 'text-muted', edge: 'border-line', fill: 'bg-raised' },
  problem: { word: 'has a problem', Icon: TriangleAlert, sign: 'text-bad', edge: 'border-bad', fill: 'bg-bad/60' },
};
