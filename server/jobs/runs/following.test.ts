import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobProgress } from '../../../lib/jobs/progress.ts';
import { Following, type FollowingDeps } from './following.ts';
import type { CancelOutcome, LinkState } from '../pod-client.ts';
import type { PromptEnd, PromptListener } from '../pod-events.ts';

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };
const sampling: JobProgress = { promptId: 'p', percent: 40, phase: 'sampling' };
const MINUTE = 60_000;

describe('a prompt that is followed', () => {
  let link: LinkState;
  let cancels: number;
  let notes: string[];
  let told: JobProgress[];
  let saved: JobProgress[];
  let listener: PromptListener;
  let onLink: ((link: LinkState) => void) | undefined;
  let end: (end: PromptEnd) => void;
  beforeEach(() => {
    vi.useFakeTimers();
    link = 'socket';
    cancels = 0;
    [notes, told, saved] = [[], [], []];
  });
  afterEach(() => void vi.useRealTimers());

  const follow = (hungAction: 'show' | 'cancel', from?: JobProgress) => {
    const deps: FollowingDeps = {
      pod: {
        follow: (_target, heard) => {
          listener = heard;
          return new Promise((resolve) => (end = resolve));
        },
        cancel: (): Promise<CancelOutcome> => {
          cancels += 1;
          return Promise.resolve({ kind: 'asked' });
        },
        link: () => link,
        onLink: (hear) => {
          onLink = hear;
          return () => (onLink = undefined);
        },
      },
      lease: { fence: { podId: 'one', token: 1 }, valid: () => true },
      events: { jobProgress: (_id, progress) => void told.push(progress), jobPreview: () => undefined },
      clock: { now: () => new Date() },
      log: silentLog,
      progressIntervalMs: 1000,
      silence: { hungAfterMs: 30 * MINUTE, hungAction },
      saveProgress: (progress) => Promise.resolve(void saved.push(progress)),
      note: (kind, detail) => Promise.resolve(void notes.push(`${kind}: ${detail}`)),
    };
    const following = new Following(deps, { jobId: 'j', promptId: 'p', prompt: {} }, from);
    const never = new AbortController().signal;
    return { following, ended: following.untilEnd(never, never) };
  };
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('B303 says once since when nothing is heard of it, and takes it back with the next sign of life', async () => {
    const { following, ended } = follow('show');
    const begun = new Date().toISOString();
    listener.onProgress(sampling);
    await pass(29 * MINUTE);
    listener.onSignOfLife?.();
    const heardAt = new Date().toISOString();
    await pass(29 * MINUTE);
    expect(told.some(({ silentSince }) => silentSince !== undefined)).toBe(false);
    await pass(2 * MINUTE);
    expect(following.progress).toEqual({ ...sampling, silentSince: heardAt });
    expect(heardAt > begun).toBe(true);
    await pass(60 * MINUTE);
    expect(notes).toEqual(['silent: No sign of life for 30 minutes while it should run.']);
    listener.onSignOfLife?.();
    expect(told.at(-1)).toEqual(sampling);
    expect(cancels).toBe(0);
    end({ kind: 'interrupted' });
    await ended;
    expect(following.hung).toBe(false);
  });

  it('B303 says nothing while it waits or its pod is away', async () => {
    follow('show');
    listener.onProgress({ promptId: 'p', percent: 0, phase: 'queued' });
    await pass(90 * MINUTE);
    listener.onProgress(sampling);
    link = 'down';
    await pass(90 * MINUTE);
    expect(notes).toEqual([]);
  });

  it('B303 keeps in the record how long nothing was heard, so that a restart goes on with it', async () => {
    follow('show');
    listener.onProgress(sampling);
    await pass(20 * MINUTE);
    const kept = saved.at(-1);
    expect(kept?.quietMs).toBeGreaterThan(19 * MINUTE);
    const { following } = follow('show', kept);
    expect(following.progress).toEqual(sampling);
    await pass(9 * MINUTE);
    expect(following.progress).toEqual(sampling);
    await pass(2 * MINUTE);
    expect(following.progress?.silentSince).toBeDefined();
  });

  it('B304 is stopped only while its pod’s socket is open, and asked for until it has ended', async () => {
    const { following, ended } = follow('cancel');
    listener.onProgress(sampling);
    link = 'polling';
    await pass(60 * MINUTE);
    expect(notes).toHaveLength(1);
    expect([cancels, following.hung]).toEqual([0, false]);
    link = 'socket';
    await pass(MINUTE);
    expect(cancels).toBeGreaterThan(5);
    const before = cancels;
    listener.onSignOfLife?.();
    await pass(MINUTE);
    expect(cancels).toBeGreaterThan(before);
    end({ kind: 'interrupted' });
    expect(await ended).toEqual({ kind: 'interrupted' });
    expect(following.hung).toBe(true);
  });

  it('B304 counts as stopped for its silence after a restart too, unless it was heard of since', async () => {
    const before = { ...sampling, silentSince: new Date(0).toISOString(), quietMs: 30 * MINUTE };
    expect(follow('show', before).following.hung).toBe(false);
    const { following } = follow('cancel', before);
    expect(following.hung).toBe(true);
    listener.onSignOfLife?.();
    expect(following.hung).toBe(false);
    await pass(MINUTE);
    expect(cancels).toBe(0);
  });

  it('B305 says in its timeline when news come by polling, and when they come by the socket again', async () => {
    const { ended } = follow('show');
    onLink?.('polling');
    await pass(4000);
    onLink?.('socket');
    await pass(60_000);
    expect(notes).toEqual([]);
    onLink?.('polling');
    await pass(5000);
    onLink?.('socket');
    await pass(0);
    expect(notes).toEqual([
      expect.stringMatching(/^socket_lost/),
      expect.stringMatching(/^socket_back: It was gone for 5 seconds/),
    ]);
    onLink?.('polling');
    end({ kind: 'interrupted' });
    await ended;
    await pass(60_000);
    expect(notes).toHaveLength(2);
    expect(onLink).toBeUndefined();
  });
});
