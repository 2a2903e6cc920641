'use client';
import { useNow, useZone } from '../hooks/now-store.tsx';
import { agoText, clockTime, exactTime, tickingText } from './time-text.ts';

/** How long ago, with the exact time on hover. */
export function TimeAgo({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactTime(at, useZone())}>
      {agoText(now - Date.parse(at))}
    </time>
  );
}

/** The time of day, with the exact time on hover. */
export function ClockTime({ at }: { at: string }) {
  const zone = useZone();
  return (
    <time dateTime={at} title={`${exactTime(at, zone)} (${at})`}>
      {clockTime(at, zone)}
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
