import type { JobError } from '../../lib/jobs/job-error.ts';

const GB = 1024 ** 3;

/** The numbers of a failure for want of memory, in GB, as far as they are known; empty where none is. */
export function memoryNumbers({ wanted, free, total }: NonNullable<JobError['memory']>): string {
  return [
    wanted === undefined ? '' : `wanted ${gb(wanted)} more`,
    free === undefined ? '' : `${gb(free)} free`,
    total === undefined ? '' : `${gb(total)} in all`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Sizes below a tenth of a GB keep two figures, so that none reads as nothing. */
function gb(bytes: number): string {
  const size = bytes / GB;
  return `${size >= 0.1 || size === 0 ? size.toFixed(1) : size.toPrecision(2)} GB`;
}
