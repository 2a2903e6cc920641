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
import type { PodState, PodView } from '../../lib/protocol/pods.ts';
import { failsToAnswer } from './pod-sentence.ts';

interface Face {
  word: string;
  Icon: LucideIcon;
  tone: string;
  spins?: true;
}
const FACES: Record<PodState, Face> = {
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

/** Kept from work by its breaker alone. */
const FAILING: Face = { word: 'Failing', Icon: CircleAlert, tone: 'text-bad' };
const RECOVERING: Face = { word: 'Recovering', Icon: LoaderCircle, tone: 'text-warn', spins: true };

function faceOf(pod: Pick<PodView, 'state' | 'breaker' | 'checkedAt'>): Face {
  const byBreaker = pod.state === 'up' || pod.state === 'connecting';
  if (byBreaker && failsToAnswer(pod)) return FAILING;
  return byBreaker && pod.breaker === 'half_open' ? RECOVERING : FACES[pod.state];
}

/** A pod's state by word, shape and colour. */
export function PodStateBadge({ pod }: { pod: Pick<PodView, 'state' | 'breaker' | 'checkedAt'> }) {
  const { word, Icon, tone, spins } = faceOf(pod);
  return (
    <span className={clsx('inline-flex items-center gap-1.5 font-medium whitespace-nowrap', tone)}>
      <Icon size={15} aria-hidden className={clsx(spins && 'motion-safe:animate-spin')} />
      {word}
    </span>
  );
}
