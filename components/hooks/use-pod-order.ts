'use client';
import { useEffect, useState } from 'react';
import type { PodAction } from '../../lib/protocol/pods.ts';
import { browserApi, failureLines } from './browser-api.ts';

const SAID_FOR_MS = 15_000;

/** Gives an order about a pod. `said` is the sentence given with it, for a while after it was taken. */
export function usePodOrder(podId: string) {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [said]);
  async function order(action: PodAction, sentence: string): Promise<void> {
    setBusy(true);
    setSaid('');
    setProblem('');
    try {
      await (await browserApi()).orderPod(podId, action);
      setSaid(sentence);
    } catch (error) {
      setProblem(failureLines(error).join(' '));
    }
    setBusy(false);
  }
  return { order, busy, said, problem };
}
