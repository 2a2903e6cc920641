import type { PodView } from '../../lib/protocol/pods.ts';

/** A pod's state in a sentence; the pod's own reason, where it has one, stands below. */
export function podSentence(pod: Pick<PodView, 'state' | 'queue'>): string {
  const { foreign, slots, jobIds } = pod.queue;
  switch (pod.state) {
    case 'up':
      if (foreign === 0 && jobIds.length === 0) return 'Ready and idle';
      if (jobIds.length >= slots) return 'Working; its places are taken, so further jobs wait in Podium';
      return 'Working, with room for more';
    case 'connecting':
      return 'Podium is connecting to it';
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
      return 'It finishes what it has and gets nothing new';
  }
}

/** How news of its prompts arrives. */
export const LINK_WORDS: Record<PodView['link'], string> = {
  connecting: 'connecting',
  socket: 'live by socket',
  polling: 'by polling: its socket does not work',
  down: 'none',
};
