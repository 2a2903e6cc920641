import { expect, it } from 'vitest';
import { obeysPromptIds } from './cancel.ts';

it('B87 an interrupt is trusted to be targeted only from the oldest version on which that was seen', () => {
  const targeted = ['0.3.64', 'v0.3.64', '0.3.100', '0.4.0', '0.8.0', '1.0'].map(obeysPromptIds);
  expect(targeted).toEqual(targeted.map(() => true));
  const not = ['0.3.63', '0.3.7', '0.2.99', '0.3', 'unknown', '', undefined].map(obeysPromptIds);
  expect(not).toEqual(not.map(() => false));
});
