import clsx from 'clsx';
import {
  CircleAlert,
  CircleCheck,
  CirclePause,
  CircleX,
  KeyRound,
  LoaderCircle,
  ShieldAlert,
  Snail,
  type LucideIcon,
} from 'lucide-react';
import type { PodState } from '../../lib/protocol/pods.ts';

const FACES: Record<PodState, { word: string; Icon: LucideIcon; tone: string; spins?: true }> = {
  connecting: { word: 'Connecting', Icon: LoaderCircle, tone: 'text-muted', spins: true },
  up: { word: 'Up', Icon: CircleCheck, tone: 'text-good' },
  degraded: { word: 'Degraded', Icon: CircleAlert, tone: 'text-warn' },
  booting: { word: 'Starting', Icon: LoaderCircle, tone: 'text-accent', spins: true },
  stuck: { word: 'Stuck', Icon: Snail, tone: 'text-warn' },
  quarantined: { word: 'Quarantined', Icon: ShieldAlert, tone: 'text-bad' },
  unauthorized: { word: 'Refused', Icon: KeyRound, tone: 'text-bad' },
  gone: { word: 'Gone', Icon: CircleX, tone: 'text-bad' },
  draining: { word: 'Draining', Icon: CirclePause, tone: 'text-muted' },
};

/** A pod's state by word, shape and colour. */
export function PodStateBadge({ state }: { state: PodState }) {
  const { word, Icon, tone, spins } = FACES[state];
  return (
    <span className={clsx('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', tone)}>
      <Icon size={15} aria-hidden className={clsx(spins && 'motion-safe:animate-spin')} />
      {word}
    </span>
  );
}
