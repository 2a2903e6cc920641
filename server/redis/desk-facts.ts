import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { recoverySchema, type Recovery } from '../../lib/jobs/recovery.ts';
import { dispatchStateSchema, type DispatchState } from '../../lib/protocol/system.ts';
import { podOrdersSchema, type PodOrders } from '../jobs/desk-book.ts';
import { jsonOf, podText, readOrders } from '../jobs/records/stored-text.ts';
import type { RedisKeys } from './keys.ts';
import type { RedisArgument, RedisCalls } from './redis-caller.ts';
import type { Script } from './script.ts';
import { KEEP_FACT, ORDER_POD, SAVE_RECOVERY, SET_FACT } from './scripts/desk.ts';
import type { Tally } from './tally.ts';
import { untilKnown } from './until-known.ts';
import type { RingEntry, WriteRing } from './write-ring.ts';

const textSchema = z.string().nullable();
const factSchema = z.tuple([z.string()]);

/** What the desk remembers beside its jobs. */
export class DeskFacts {
  private knownId: string | undefined;

  constructor(
    private readonly calls: RedisCalls,
    private readonly keys: RedisKeys,
    private readonly tally: Tally,
    private readonly ring: WriteRing,
  ) {}

  /** Made at the first call. */
  async deskId(): Promise<string> {
    const [id] = factSchema.parse((await this.write(KEEP_FACT, ['deskId', randomUUID()])).rest);
    this.knownId = id;
    return id;
  }

  async setDeskId(id: string): Promise<void> {
    const checked = z.uuid().parse(id);
    await this.write(SET_FACT, ['deskId', checked, '', '']);
    this.knownId = checked;
  }

  async dispatch(): Promise<DispatchState> {
    const kept = textSchema.parse(await untilKnown(() => this.calls.call('HGET', this.keys.meta, 'dispatch')));
    const known = kept === null ? undefined : dispatchStateSchema.safeParse(jsonOf(kept)).data;
    const { paused, since, reason } = known ?? { paused: false };
    return { paused, ...(since !== undefined && { since }), ...(reason !== undefined && { reason }) };
  }

  async setDispatch(state: DispatchState): Promise<void> {
    const value = JSON.stringify(dispatchStateSchema.parse(state));
    await this.kept('dispatch', SET_FACT, ['dispatch', value, this.keys.deskChannel, 'dispatch']);
  }

  /** Those this version cannot read are left out. */
  async podOrders(): Promise<Record<string, PodOrders>> {
    const pairs = z.array(z.string()).parse(await untilKnown(() => this.calls.call('HGETALL', this.keys.orders)));
    const given = new Map<string, Record<string, unknown>>();
    for (let at = 0; at + 1 < pairs.length; at += 2) {
      const [pod = '', name = ''] = pairs[at]?.split('\t') ?? [];
      given.set(pod, { ...given.get(pod), [name]: jsonOf(pairs[at + 1] ?? '') });
    }
    const read = [...given].flatMap(([pod, orders]) => {
      const [podId, known] = [jsonOf(pod), readOrders(orders)];
      return typeof podId === 'string' && known ? [[podId, known] as const] : [];
    });
    return Object.fromEntries(read);
  }

  /** A field an order, so that two given at once are both kept. */
  async orderPod(podId: string, orders: PodOrders): Promise<void> {
    const fields = Object.entries(podOrdersSchema.parse(orders))
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [`${podText(podId)}\t${name}`, JSON.stringify(value)] as const);
    const channel = this.keys.deskChannel;
    await this.write(ORDER_POD, [channel, ...fields.flat()]);
    for (const [field, value] of fields)
      this.ring.add({ kind: 'script', name: `order ${field}`, script: ORDER_POD, args: [channel, field, value] });
  }

  async saveRecovery(recovery: Recovery): Promise<void> {
    const checked = recoverySchema.parse(recovery);
    const args = [checked.id, JSON.stringify(checked), Date.parse(checked.startedAt)];
    await this.kept(`recovery ${checked.id}`, SAVE_RECOVERY, args);
  }

  /** Newest first; those this version cannot read are left out. */
  async recoveries(limit: number): Promise<Recovery[]> {
    if (limit < 1) return [];
    const { recoveryOrder, recoveries } = this.keys;
    const ids = z
      .array(z.string())
      .parse(await untilKnown(() => this.calls.call('ZREVRANGE', recoveryOrder, 0, limit - 1)));
    if (ids.length === 0) return [];
    const kept = await untilKnown(() => this.calls.call('HMGET', recoveries, ...ids));
    return z
      .array(textSchema)
      .parse(kept)
      .flatMap((text) => (text === null ? [] : (recoverySchema.safeParse(jsonOf(text)).data ?? [])));
  }

  /** What is known here for good, to be written where Redis no longer has it. */
  standing(): RingEntry[] {
    if (this.knownId === undefined) return [];
    return [{ kind: 'script', name: 'deskId', script: SET_FACT, args: ['deskId', this.knownId, '', ''] }];
  }

  private async kept(name: string, script: Script, args: readonly RedisArgument[]): Promise<void> {
    await this.write(script, args);
    this.ring.add({ kind: 'script', name, script, args });
  }

  private write(script: Script, args: readonly RedisArgument[]) {
    return untilKnown(() => this.tally.run(this.calls, script, args));
  }
}
