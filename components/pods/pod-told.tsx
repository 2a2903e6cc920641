'use client';
import type { PodView } from '../../lib/protocol/pods.ts';
import { useNow } from '../hooks/now-store.tsx';
import { Elapsed } from '../time/time-ago.tsx';
import { tickingText } from '../time/time-text.ts';
import { podRemedy, podSentence } from './pod-sentence.ts';

/** A pod's state in a sentence, why it is so, what to do, and when Podium asks it again. */
export function PodTold({ pod }: { pod: PodView }) {
  const remedy = podRemedy(pod);
  /** Its reason is no other than its sentence. */
  const isDrained = pod.state === 'draining';
  return (
    <div className="grid gap-1">
      <div aria-live="polite" className="grid gap-1">
        <p>{podSentence(pod)}.</p>
        {pod.reason && !isDrained && <p className="break-words text-warn">{pod.reason}</p>}
        {remedy && <p className="break-words">{remedy}</p>}
        {pod.drained && !isDrained && (
          <p>It is drained too: it gets nothing new until it is told to take work again.</p>
        )}
      </div>
      <Times pod={pod} />
    </div>
  );
}

/** What ticks stands apart, so that nobody has to hear every second of it. */
function Times({ pod: { troubleSince, nextProbeAt } }: { pod: PodView }) {
  if (troubleSince === undefined && nextProbeAt === undefined) return null;
  return (
    <p className="text-xs text-muted">
      {troubleSince !== undefined && (
        <>
          For <Elapsed from={troubleSince} />
        </>
      )}
      {troubleSince !== undefined && nextProbeAt !== undefined && ' · '}
      {nextProbeAt !== undefined && <NextProbe at={nextProbeAt} />}
    </p>
  );
}

function NextProbe({ at }: { at: string }) {
  const left = Date.parse(at) - useNow();
  return <>{left > 0 ? `Podium asks it again in ${tickingText(left + 999)}` : 'Podium asks it now'}</>;
}
