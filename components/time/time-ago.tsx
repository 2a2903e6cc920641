'use client';
import { useNow, useZone } from '../hooks/now-store.tsx';
import { agoText, clockTime, durationText, exactTime, tickingText } from './time-text.ts';

/** How long ago, with the exact time on hover. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at, useZone())}>
      {agoText(now - Date.parse(at))}
    </time>
  );
}

/** The same within a sentence. */
export function AgoInSentence({ at }: { at: string }) {
  const ago = agoText(useNow() - Date.parse(at));
  return (
    <time dateTime={at} title={exactTime(at, useZone())}>
      {ago === 'now' ? 'just now' : ago}
    </time>
  );
}

/** The time of day, or the time gone since `since` (milliseconds of the epoch), with the exact time on hover. */
export function ClockTime({ at, since }: { at: string; since?: number }) {
  const zone = useZone();
  return (
    <time dateTime={at} title={`${exactTime(at, zone)} (${at})`}>
      {since === undefined ? clockTime(at, zone) : `+${durationText(Date.parse(at) - since)}`}
    </time>
  );
}

/** Time gone since `from`, ticking. */
export function Elapsed({ from }: { from: string }) {
  return <>{tickingText(useNow() - Date.parse(from))}</>;
}

/** Seconds left until `until`, ticking down to 0. */
export function Countdown({ until }: { until: string }) {
  return <>{tickingText(Date.parse(until) - useNow() + 999)}</>;
}
