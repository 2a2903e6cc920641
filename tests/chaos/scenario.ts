import type { LoadPlan } from './people.ts';
import type { World } from './world.ts';

export interface Scenario {
  name: string;
  /**
   * `sqlite`: one process. `redis`: two over one Redis. `either`: by the seed, even ones on SQLite. The control has
   * Redis always, with as many processes.
   */
  store: 'sqlite' | 'redis' | 'either';
  load?: Partial<LoadPlan>;
  proxied?: boolean;
  skewed?: boolean;
  /** Runs beside the load; when it resolves, every fault is over. */
  faults(world: World): Promise<void>;
}
