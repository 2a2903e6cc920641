import { durationText } from '../time/time-text.ts';
import type { StoryStep } from './story-steps.ts';

/** Where moments lie on the axis. */
export interface StoryAxis {
  /** 0–1 from its beginning, for milliseconds of the epoch; what lies outside is put at its edge. */
  at(ms: number): number;
  ticks: { at: number; text: string }[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TICK_STEPS_MS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 7, 30, 90, 365].map((days) => days * DAY),
];
const WISHED_TICKS = 5;
const LEAST_BETWEEN_TICKS = 0.16;
/** What is no work of this story takes at most this part of what is. */
const REST_PART = 0.15;
/** At least this is shown, so that nothing is divided by zero. */
const LEAST_SPAN_MS = 100;

interface Piece {
  startMs: number;
  endMs: number;
  /** Milliseconds that it takes on the axis. */
  room: number;
  squeezed: boolean;
}

/** The axis of a story. Rests, and early attempts drawn as one, are squeezed; the rest keeps its proportions. */
export function storyAxis(steps: readonly StoryStep[]): StoryAxis {
  const pieces = piecesOf(steps);
  const whole = pieces.reduce((sum, piece) => sum + piece.room, 0);
  const firstMs = pieces[0]?.startMs ?? 0;
  const at = (ms: number): number => {
    let before = 0;
    for (const piece of pieces) {
      if (ms <= piece.startMs) break;
      const length = piece.endMs - piece.startMs;
      before += ms >= piece.endMs ? piece.room : piece.room * ((ms - piece.startMs) / length);
    }
    return whole === 0 ? 0 : Math.min(1, before / whole);
  };
  return { at, ticks: ticksOf(pieces, firstMs, at) };
}

function piecesOf(steps: readonly StoryStep[]): Piece[] {
  let cursor = steps[0]?.startMs ?? 0;
  const raw = steps.map((step) => {
    const piece = { startMs: cursor, endMs: Math.max(cursor, step.endMs), squeezed: isSqueezed(step) };
    cursor = piece.endMs;
    return piece;
  });
  const last = raw.at(-1);
  if (last && cursor - (raw[0]?.startMs ?? 0) < LEAST_SPAN_MS) last.endMs = last.startMs + LEAST_SPAN_MS;
  const worked = raw.reduce((sum, piece) => sum + (piece.squeezed ? 0 : piece.endMs - piece.startMs), 0);
  const most = Math.max(worked, LEAST_SPAN_MS) * REST_PART;
  return raw.map((piece) => {
    const length = piece.endMs - piece.startMs;
    return { ...piece, room: piece.squeezed ? Math.min(length, most) : length };
  });
}

function isSqueezed(step: StoryStep): boolean {
  return step.kind === 'many' || (step.kind === 'wait' && step.cause === 'rest');
}

function ticksOf(pieces: Piece[], firstMs: number, at: (ms: number) => number): StoryAxis['ticks'] {
  const straight = pieces.filter((piece) => !piece.squeezed);
  const worked = straight.reduce((sum, piece) => sum + piece.room, 0);
  const step = TICK_STEPS_MS.find((one) => worked / one <= WISHED_TICKS) ?? worked / WISHED_TICKS;
  const moments = straight.flatMap(({ startMs, endMs }) => {
    const first = Math.ceil((startMs - firstMs) / step);
    const count = Math.max(0, Math.floor((endMs - firstMs) / step) - first + 1);
    return Array.from({ length: count }, (_, index) => (first + index) * step);
  });
  const ticks: StoryAxis['ticks'] = [];
  for (const sinceMs of new Set(moments)) {
    const tick = { at: at(firstMs + sinceMs), text: sinceMs === 0 ? '0' : tickText(sinceMs) };
    const before = ticks.at(-1);
    // After a rest of days, seconds make no difference that is told.
    const isClose = before && (tick.at - before.at < LEAST_BETWEEN_TICKS || tick.text === before.text);
    if (!isClose) ticks.push(tick);
  }
  return ticks;
}

/** `5 s`, `2 min`, `1 h`: without the zeros of a length of time. */
function tickText(ms: number): string {
  const text = ms % SECOND === 0 && ms < MINUTE ? `${ms / SECOND} s` : durationText(ms);
  return text
    .replace(/ 0 s$/, '')
    .replace(/ 00 min$/, '')
    .replace(/ 0 h$/, '');
}
