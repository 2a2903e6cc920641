import type { Job } from '../../../lib/jobs/job.ts';

type Loading = Pick<Job, 'models'>;

/** Model files that a pod has in memory, as far as that can be known: those of the job it was given last. */
export class LoadedModels {
  private names: readonly string[] = [];

  /** Whether it is known to have any. */
  get any(): boolean {
    return this.names.length > 0;
  }

  /** Whether it has all that the job loads; not said of a job that loads none. */
  holds({ models = [] }: Loading): boolean {
    return models.length > 0 && models.every((model) => this.names.includes(model));
  }

  given({ models }: Loading): void {
    if (models) this.names = models;
  }

  forget(): void {
    this.names = [];
  }
}
