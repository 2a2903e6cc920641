/** Where a command writes to. `process` fits. */
export interface Terminal {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown };
}

/** An end that a person can mend; the message is the whole story. */
export class Refusal extends Error {}

/** What was typed is not a command. */
export class UsageError extends Error {}
