import type { PodView } from '../../lib/protocol/pods.ts';

type Told = Pick<PodView, 'state' | 'queue' | 'breaker' | 'link' | 'checkedAt'>;

/** A pod's state in a sentence; the pod's own reason, where it has one, stands below. */
export function podSentence(pod: Told): string {
  const { foreign, slots, jobIds } = pod.queue;
  switch (pod.state) {
    case 'up':
      if (pod.breaker === 'open') return 'It failed again and again, so it gets no work for a while';
      if (pod.breaker === 'half_open') return 'It answers again; after one more good answer it gets work';
      if (foreign === 0 && jobIds.length === 0) return 'Ready and idle';
      if (jobIds.length >= slots) return 'Working; its places are taken, so further jobs wait in Podium';
      return 'Working, with room for more';
    case 'connecting':
      if (pod.breaker === 'half_open') return 'It answers again';
      return failsToAnswer(pod) ? 'Calls to it fail; Podium keeps asking' : 'Podium is connecting to it';
    case 'degraded':
      return 'It works, but not as it should';
    case 'booting':
      return 'It is starting; jobs go to it as soon as it is up';
    case 'stuck':
      return 'It answers, but its work stands still';
    case 'quarantined':
      return 'Its GPU no longer works; it gets no jobs until ComfyUI restarts there';
    case 'unauthorized':
      return 'It refuses Podium’s credentials';
    case 'gone':
      return 'It does not answer; Podium keeps asking';
    case 'draining':
      return jobIds.length === 0
        ? 'It is drained and gets nothing new'
        : 'It finishes what it has and gets nothing new';
  }
}

/** What a person can do about a pod's state; undefined where there is nothing to do. */
export function podRemedy(pod: Told): string | undefined {
  switch (pod.state) {
    case 'up':
      return pod.breaker === 'open' ? 'Look at its log and at the network to it.' : undefined;
    case 'connecting':
      return failsToAnswer(pod) ? 'Check that ComfyUI runs there and that its address is right.' : undefined;
    case 'degraded':
      return pod.link === 'polling' ? 'Let the proxy before it pass WebSockets on.' : undefined;
    case 'booting':
      return undefined;
    case 'stuck':
      return 'Once ComfyUI is restarted there, it gets work again by itself.';
    case 'quarantined':
      return 'Restart ComfyUI there: it gets work again by itself. Reopen it only where its GPU works again without that.';
    case 'unauthorized':
      return 'Correct COMFYUI_POD_HEADERS and restart Podium. If the pod was to blame, correct it there and reopen it here.';
    case 'gone':
      return 'Check that it runs and that its address is right. It gets work again by itself once it answers.';
    case 'draining':
      return 'Let it take work again when you are done with it.';
  }
}

/** Whether it was asked and failed, so that it is left alone for longer and longer. */
export function failsToAnswer({ breaker, checkedAt }: Pick<PodView, 'breaker' | 'checkedAt'>): boolean {
  return breaker === 'open' && checkedAt !== undefined;
}

/** How news of its prompts arrives. */
export const LINK_WORDS: Record<PodView['link'], string> = {
  connecting: 'connecting',
  socket: 'live by socket',
  polling: 'by polling: its socket does not work',
  down: 'none',
};

/** What the circuit breaker of a pod means for it. */
export const BREAKER_WORDS: Record<PodView['breaker'], string> = {
  closed: 'closed: calls to it succeed',
  open: 'open: it gets no prompts',
  half_open: 'half open: it answered once and is watched',
};
