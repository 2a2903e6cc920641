import { describe, expect, it } from 'vitest';
import { podAddress } from './pod-address.ts';

describe('podAddress', () => {
  it('B64 keeps prefix and query on the socket too, and tells people neither', () => {
    const address = podAddress('https://me:secret@pod.example:8443/one/?token=t');
    expect(address.socketUrl('a b')).toBe('wss://pod.example:8443/one/ws?token=t&clientId=a+b');
    expect(address.shown).toBe('https://pod.example:8443/one');
    expect(address.publicUrl('/view', { filename: 'ü&.png' })).toBe(
      'https://pod.example:8443/one/view?filename=%C3%BC%26.png',
    );
  });

  it('B64 takes http and https alone', () => {
    for (const url of ['ftp://pod', 'pod:8188', 'file:///etc', '']) expect(() => podAddress(url)).toThrow(TypeError);
  });

  it('B69 only loopback counts as certainly without a proxy', () => {
    const local = ['http://localhost:8188', 'http://127.0.0.1', 'http://[::1]:1'].map((url) => podAddress(url).local);
    expect(local).toEqual([true, true, true]);
    const remote = ['http://localhost.example', 'http://10.0.0.1', 'http://127.0.0.1.example'];
    expect(remote.map((url) => podAddress(url).local)).toEqual([false, false, false]);
  });
});
