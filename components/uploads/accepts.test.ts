import { expect, it } from 'vitest';
import { kindByName, notAccepted } from './accepts.ts';

it('B404 says of a file that an input does not take what it takes', () => {
  expect(notAccepted('image', 'video', 'a.mp4')).toBe('“a.mp4” is not an image: choose an image.');
  expect(notAccepted('image', 'image', 'a.png')).toBeUndefined();
  expect(notAccepted('any', 'other', 'a.zip')).toBeUndefined();
});

it('B404 shows an upload by the extension of its name', () => {
  const hash = 'a'.repeat(64);
  expect(['jpg', 'mov', 'm4a', 'bin'].map((ext) => kindByName(`podium-${hash}.${ext}`))).toEqual([
    'image',
    'video',
    'audio',
    'any',
  ]);
});
