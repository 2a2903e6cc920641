import { describe, expect, it } from 'vitest';
import type { PodVerdict } from '../../lib/protocol/workflows.ts';
import type { WorkflowProblem } from '../../lib/workflow/preflight/problem.ts';
import { verdictSentence } from '../../server/jobs/preflight/verdict-words.ts';
import { sameVerdicts } from './same-verdicts.ts';

const missing = (name: string, nodeId: string, message = `The model “${name}” is missing.`): WorkflowProblem => ({
  ...{ code: 'missing_model', message, nodeId, input: 'name' },
  missing: { kind: 'model', name },
});
/** As the server says it. */
const on = (podName: string, verdict: PodVerdict['verdict'], ...problems: WorkflowProblem[]): PodVerdict => ({
  ...{ podId: `id of ${podName}`, podName, verdict, problems },
  sentence: verdictSentence(podName, verdict, problems),
});
const sentences = (...pods: PodVerdict[]) => sameVerdicts(pods).map(({ sentence }) => sentence);

describe('what is said of several pods', () => {
  it('B462 is said once for all of which it is true, in the order of the first of each', () => {
    const said = sentences(
      on('alpha', 'cannot', missing('x', '1')),
      on('beta', 'runs'),
      on('gamma', 'cannot', missing('x', '1')),
      on('delta', 'unknown'),
      on('epsilon', 'cannot', missing('x', '1')),
      on('zeta', 'runs'),
      on('eta', 'unknown'),
    );
    expect(said).toEqual([
      'On alpha, gamma and epsilon the model “x” is missing.',
      'Runs on beta and zeta.',
      'What delta and eta have is not known: they cannot be asked at the moment.',
    ]);
  });

  it('B462 is the sentence of a pod of which nothing else is said', () => {
    const pods = [on('A', 'runs'), on('B', 'cannot', missing('x', '1')), on('C', 'cannot', missing('y', '1'))];
    expect(sentences(...pods)).toEqual(pods.map(({ sentence }) => sentence));
    const strange = { ...on('A', 'cannot'), sentence: 'Its disk is full.' };
    expect(sentences(strange, { ...strange, podId: 'other' })).toEqual(['Its disk is full.', 'Its disk is full.']);
  });

  it('B462 has each problem once, with the pods that it is about where those are not all', () => {
    const [said] = sameVerdicts([
      on('A', 'cannot', missing('x', '1'), missing('x', '2')),
      on('B', 'cannot', missing('x', '1'), missing('x', '2', 'It is missing; “X” is near.')),
    ]);
    expect(said?.problems.map(({ problem, on: pods }) => [problem.nodeId, problem.message, pods])).toEqual([
      ['1', 'The model “x” is missing.', []],
      ['2', 'The model “x” is missing.', ['A']],
      ['2', 'It is missing; “X” is near.', ['B']],
    ]);
  });
});
