/** Something that keeps the stack from running and that the reader can mend. Its message is printed as it is. */
export class StackError extends Error {
  override name = 'StackError';
}
