const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in milliseconds as people read it: `0.8 s`, `42 s`, `3 min 12 s`, `1 h 04 min`, `3 d 2 h`. */
export function durationText(ms: number): string {
  const whole = Math.max(0, ms);
  if (whole < 10 * SECOND) return `${(Math.floor(whole / 100) / 10).toFixed(1)} s`;
  if (whole < MINUTE) return `${Math.floor(whole / SECOND)} s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} min ${Math.floor((whole % MINUTE) / SECOND)} s`;
  if (whole < DAY) {
    const minutes = String(Math.floor((whole % HOUR) / MINUTE)).padStart(2, '0');
    return `${Math.floor(whole / HOUR)} h ${minutes} min`;
  }
  return `${Math.floor(whole / DAY)} d ${Math.floor((whole % DAY) / HOUR)} h`;
}

/** A length of time in milliseconds by whole seconds, for clocks that tick. */
export function tickingText(ms: number): string {
  const whole = Math.max(0, ms);
  return whole < MINUTE ? `${Math.floor(whole / SECOND)} s` : durationText(whole);
}

/** How long ago, from milliseconds: `now`, `12 s ago`, `5 min ago`, `3 h ago`, `2 d ago`. */
export function agoText(ms: number): string {
  if (ms < 5 * SECOND) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
  return `${Math.floor(ms / DAY)} d ago`;
}

/** The exact time of an ISO 8601 string. Without a zone it is UTC, so that server and browser agree. */
export function exactTime(iso: string, zone: 'utc' | 'local'): string {
  const text = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(zone === 'utc' && { timeZone: 'UTC' }),
  }).format(new Date(iso));
  return zone === 'utc' ? `${text} UTC` : text;
}

/** Hours, minutes and seconds of an ISO 8601 string. */
export function clockTime(iso: string, zone: 'utc' | 'local'): string {
  return new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', ...(zone === 'utc' && { timeZone: 'UTC' }) }).format(
    new Date(iso),
  );
}
