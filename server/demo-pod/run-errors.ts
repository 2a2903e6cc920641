/** The prompt was interrupted; it ends as cancelled. */
export class InterruptedRun extends Error {}
/** The pod's process is gone; the run leaves no trace. */
export class LostRun extends Error {}
/** What a node raised, in Python's words. */
export class NodeFailure extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}
